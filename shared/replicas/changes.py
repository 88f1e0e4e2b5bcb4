"""How a service changes a rule set that it owns: published and kept here at once, whole, from a moment on."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from shared.contracts.message import decode
from shared.contracts.platform import ConfigurationChanged
from shared.errors import NotAllowed
from shared.replicas import tables
from shared.replicas.region import apply_configuration
from shared.store.publication import journal_place
from shared.store.tables import journal
from shared.store.transaction import Transaction
from shared.vocabulary import Role


@dataclass(frozen=True)
class Version:
    """A rule set as somebody made it: from when it holds, when and by whom it was decided, and why."""

    since: datetime
    recorded_at: datetime
    changed_by: str
    reason: str


def change_configuration(
    tx: Transaction, kind: str, value: Any, *, since: datetime | None = None, reason: str = ""
) -> None:
    """Publish a rule set and apply it here at once. Raises NotAllowed for anybody but an administrator."""
    actor = tx.scope.actor
    # A history was changed by people whose roles of that day nobody knows.
    if tx.live and not actor.is_system and not actor.has(Role.ADMINISTRATOR):
        raise NotAllowed("Only an administrator of your authority changes its rules.")
    # The whole rule set each time: whoever missed one change is right again after the next.
    event = ConfigurationChanged(
        configuration_id=f"{tx.authority}/{kind}",
        kind=kind,
        value=json.dumps(value),
        effective_from=since or tx.now,
        changed_by=actor.id,
        reason=reason,
    )
    tx.publish(event)
    apply_configuration(tx, event)


def configuration_begins(tx: Transaction, kind: str) -> datetime | None:
    """When the latest version of a rule set begins, be it in the future; None when there is none."""
    table = tables.configuration
    query = select(func.max(table.c.effective_from)).where(
        table.c.authority == tx.authority, table.c.kind == kind
    )
    found: datetime | None = tx.db.execute(query).scalar_one_or_none()
    return found


def configuration_versions(tx: Transaction, kind: str) -> tuple[Version, ...]:
    """What this service changed of a rule set for the bound authority, newest first."""
    service = tx.tools.service
    query = select(journal.c.event_id, journal.c.body).where(
        journal.c.topic == f"heed.{service}.configuration", journal.c.key == f"{tx.authority}/{kind}"
    )
    with tx.journal():
        rows = tx.db.execute(query.order_by(journal.c.sequence.desc())).all()
    found = []
    for event_id, body in rows:
        envelope = decode(tx.open(journal_place(event_id), body))
        event = envelope.event()
        if isinstance(event, ConfigurationChanged):
            found.append(Version(event.effective_from, envelope.recorded_at, event.changed_by, event.reason))
    return tuple(found)
