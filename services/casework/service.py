"""The door of casework."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.casework.actions import timing
from services.casework.commands.rehearsal import rehearse
from services.casework.consumers import subscriptions
from services.casework.store.tables import metadata
from shared.service import Office, Service
from shared.vitals import HEARD

if TYPE_CHECKING:
    from flask import Blueprint


def _blueprints() -> "Sequence[Blueprint]":
    # Workers never load this: the import waits until somebody asks for pages.
    from services.casework.web import api, configured, pages

    return (pages.blueprint, api.blueprint, configured.blueprint)


def keep_clocks(office: Office) -> int:
    """Clocks follow the calendar, then those that have run out are marked: a batch in each transaction."""
    with office.transaction() as tx:
        # What the calendar moves is not late.
        return timing.recount_clocks(tx) or timing.mark_overdue(tx)


SERVICE = Service(
    name="casework",
    metadata=metadata,
    subscriptions=subscriptions,
    blueprints=_blueprints,
    pumps=(keep_clocks,),
    rehearse=rehearse,
    late={HEARD: "New contacts, earlier concerns and who was told may be missing."},
)
