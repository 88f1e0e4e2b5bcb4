"""The pages' own blueprint, and who may read figures."""

import flask

from shared.vocabulary import Role

pages = flask.Blueprint("reporting_pages", __name__, template_folder="templates")

READERS = (Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.ANALYST)
REGION_READERS = (Role.ANALYST, Role.MANAGER)
RECORD_READERS = (Role.OFFICER, Role.MANAGER, Role.AUDITOR)
