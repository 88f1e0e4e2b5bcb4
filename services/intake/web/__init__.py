"""Intake's pages and API: the public form, the front door, the officers' inbox, administration."""

from services.intake.web import returning, sending
from services.intake.web.report import report

__all__ = ["BLUEPRINTS", "returning", "sending"]

BLUEPRINTS = (report,)
