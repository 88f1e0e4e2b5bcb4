"""The door of notifications."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.notifications.actions.overdue import warn_overdue
from services.notifications.actions.sending import letter_left, letter_refused, letter_uncertain
from services.notifications.commands.rehearsal import rehearse
from services.notifications.consumers import subscriptions
from services.notifications.domain.letter import Stationery
from services.notifications.store.tables import metadata
from shared.mail import send_due
from shared.service import Service

if TYPE_CHECKING:
    from flask_smorest import Blueprint

    from shared.settings import Settings


def _blueprints() -> "Sequence[Blueprint]":
    from services.notifications.web import acts, api, directory, pages  # noqa: F401  their views hang on the blueprint
    from services.notifications.web.blueprint import blueprint

    return blueprint, api.blueprint


def _stationery(settings: "Settings") -> Stationery:
    return Stationery(settings.demo)


SERVICE = Service(
    name="notifications",
    metadata=metadata,
    subscriptions=subscriptions,
    blueprints=_blueprints,
    pumps=(send_due(letter_left, letter_uncertain, letter_refused), warn_overdue),
    open_gateway=_stationery,
    rehearse=rehearse,
)
