"""The door of intake."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.intake.actions.advice import letter_left, letter_refused, letter_uncertain
from services.intake.actions.drafts import expire_drafts
from services.intake.actions.sessions import forget_old_sessions
from services.intake.commands.rehearsal import rehearse
from services.intake.consumers import subscriptions
from services.intake.gateways import open_identity
from services.intake.store import metadata
from shared import mail
from shared.service import Service
from shared.vitals import HEARD

if TYPE_CHECKING:
    import click
    from flask_smorest import Blueprint


# Loaded when a web process asks: a worker never imports Flask.
def _blueprints() -> Sequence["Blueprint"]:
    from services.intake.web import BLUEPRINTS

    return BLUEPRINTS


def _commands() -> Sequence["click.Command"]:
    from services.intake.commands.opening import COMMANDS

    return COMMANDS


SERVICE = Service(
    name="intake",
    metadata=metadata,
    subscriptions=subscriptions,
    blueprints=_blueprints,
    pumps=(mail.send_due(letter_left, letter_uncertain, letter_refused), expire_drafts, forget_old_sessions),
    commands=_commands,
    open_gateway=open_identity,
    rehearse=rehearse,
    late={HEARD: "Earlier concerns, and what became of cases, may be missing."},
)
