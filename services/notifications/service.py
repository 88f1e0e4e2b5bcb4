"""The door of notifications."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.notifications.actions.disclosing import remind_holder, warn_silent
from services.notifications.actions.overdue import warn_overdue
from services.notifications.actions.sending import letter_left, letter_refused, letter_uncertain
from services.notifications.commands.rehearsal import rehearse
from services.notifications.consumers import subscriptions
from services.notifications.domain.letter import Stationery
from services.notifications.store.tables import metadata
from shared.mail import send_due
from shared.service import Service
from shared.vitals import HEARD

if TYPE_CHECKING:
    from flask_smorest import Blueprint

    from shared.settings import Settings


def _blueprints() -> "Sequence[Blueprint]":
    from services.notifications.web import acts, api, configured, directory, disclosures, pages  # noqa: F401  their views hang on the blueprint
    from services.notifications.web.blueprint import blueprint
    from services.notifications.web.disclosure_api import blueprint as disclosed

    return blueprint, api.blueprint, disclosed, configured.blueprint


def _stationery(settings: "Settings") -> Stationery:
    return Stationery(settings.demo)


SERVICE = Service(
    name="notifications",
    metadata=metadata,
    subscriptions=subscriptions,
    blueprints=_blueprints,
    pumps=(send_due(letter_left, letter_uncertain, letter_refused), warn_overdue, remind_holder, warn_silent),
    open_gateway=_stationery,
    rehearse=rehearse,
    late={HEARD: "New duties, and what has changed in cases, may be missing."},
)
