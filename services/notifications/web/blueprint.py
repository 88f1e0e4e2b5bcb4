"""The one set of pages, and who may do what on them."""

import flask

from shared.vocabulary import Role

blueprint = flask.Blueprint("notifications_pages", __name__, template_folder="templates")

READERS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER, Role.AUDITOR)
CLERKS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER)
DECIDERS = (Role.OFFICER, Role.MANAGER)
APPROVERS = (Role.MANAGER,)
KEEPERS = (Role.MANAGER, Role.ADMINISTRATOR)
