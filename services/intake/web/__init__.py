"""Intake's pages and API: the public form, the front door, the officers' inbox, administration."""

from services.intake.web import contact, decision, returning, sending
from services.intake.web.administration import administration
from services.intake.web.api import api
from services.intake.web.front import door, front
from services.intake.web.inbox import inbox
from services.intake.web.report import report

__all__ = ["BLUEPRINTS", "contact", "decision", "returning", "sending"]

BLUEPRINTS = (front, report, door, inbox, administration, api)
