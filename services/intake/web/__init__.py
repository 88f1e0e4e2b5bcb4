"""Intake's pages and API: the public form, the front door, the officers' inbox, administration."""

from services.intake.web import contact, decision, entry, erasing, returning, righting, sending
from services.intake.web.administration import administration
from services.intake.web.api import api
from services.intake.web.configured import blueprint as configured
from services.intake.web.front import door, front
from services.intake.web.inbox import inbox
from services.intake.web.provider import provider
from services.intake.web.report import report

__all__ = ["BLUEPRINTS", "contact", "decision", "entry", "erasing", "returning", "righting", "sending"]

BLUEPRINTS = (front, report, door, provider, inbox, administration, api, configured)
