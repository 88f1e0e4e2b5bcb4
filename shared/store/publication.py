"""How facts leave a transaction: numbered per key, chained into the audit, kept in the journal, queued for
the bus.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Executable, and_, insert, select, update

from shared import audit
from shared.actor import Scope
from shared.clock import new_id
from shared.contracts.message import Envelope, Event, decode, encode, encode_data
from shared.store.dialect import Insert, spelled
from shared.store.tables import journal, outbox, sequence_out

if TYPE_CHECKING:
    from shared.store.transaction import Tools


_JOURNAL, _OUTBOX = insert(journal), insert(outbox)


@spelled
def _reserving(make: Insert) -> Executable:
    new = make(sequence_out)
    return new.on_conflict_do_update(
        index_elements=["topic", "key"], set_={"last": sequence_out.c.last + new.excluded.last}
    ).returning(sequence_out.c.topic, sequence_out.c.key, sequence_out.c.last)


@dataclass(frozen=True)
class Fact:
    """An event with the scope it was published in."""

    event: Event
    scope: Scope
    occurred_at: datetime
    recorded_at: datetime

    def overwritten(self, gone: Event, authority: str) -> "Fact":
        """With that event in place of its own, if it is of the same key."""
        mine = self.scope.authority, self.event.topic, self.event.key
        return replace(self, event=gone) if mine == (authority, gone.topic, gone.key) else self


def write(db: Connection, tools: "Tools", facts: Sequence[Fact]) -> None:
    """Everything about these facts, in a fixed number of statements per authority however many they are."""
    if not facts:
        return
    envelopes = _number(db, tools.service, facts)
    audit.extend(db, tools.vault, envelopes)
    db.execute(_JOURNAL, [_journal_row(tools, envelope) for envelope in envelopes])
    # Pointers only: the content stays in the journal, sealed once.
    db.execute(_OUTBOX, [{"event_id": one.id, "since": one.recorded_at} for one in envelopes])


def overwrite(db: Connection, tools: "Tools", authority: str, gone: Event) -> None:
    """Put a fact in the place of all that was published of its key; their numbers and moments stay."""
    here = and_(
        journal.c.authority == authority,
        journal.c.topic == topic_of(gone, tools.service),
        journal.c.key == gone.key,
    )
    for row in db.execute(select(journal.c.event_id, journal.c.body).where(here)).all():
        place = f"{tools.service}/{journal_place(row.event_id)}"
        said = decode(tools.vault.open(authority, place, row.body))
        blank = replace(said, type=gone.name, version=gone.version, data=msgspec.Raw(encode_data(gone)))
        values = {"type": gone.name, "body": tools.vault.seal(authority, place, encode(blank))}
        db.execute(update(journal).where(here, journal.c.event_id == row.event_id).values(values))


def topic_of(event: Event, service: str) -> str:
    """The topic of a fact as this service publishes it."""
    return event.topic.replace("{service}", service)


def journal_place(event_id: str) -> str:
    """Where a journal body is sealed to."""
    return f"journal/{event_id}"


def _number(db: Connection, service: str, facts: Sequence[Fact]) -> list[Envelope]:
    by_key: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[topic_of(fact.event, service), fact.event.key].append(fact)
    last = _reserve(db, {key: len(found) for key, found in by_key.items()})
    # One statement reserved the whole run of numbers; they are handed out from its beginning.
    upcoming = {key: last[key] - len(found) for key, found in by_key.items()}
    envelopes = []
    for fact in facts:
        key = topic_of(fact.event, service), fact.event.key
        upcoming[key] += 1
        envelopes.append(_envelope(fact, key, upcoming[key]))
    return envelopes


def _reserve(db: Connection, wanted: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    # Sorted, so that two transactions take the rows' locks in the same order.
    rows = [{"topic": topic, "key": key, "last": count} for (topic, key), count in sorted(wanted.items())]
    return {(topic, key): number for topic, key, number in db.execute(_reserving(db), rows).all()}


def _envelope(fact: Fact, key: tuple[str, str], sequence: int) -> Envelope:
    return Envelope(
        id=new_id(),
        type=fact.event.name,
        version=fact.event.version,
        topic=key[0],
        key=key[1],
        sequence=sequence,
        authority=fact.scope.authority,
        actor=fact.scope.actor.id,
        correlation_id=fact.scope.correlation_id,
        origin=fact.scope.origin,
        occurred_at=fact.occurred_at,
        recorded_at=fact.recorded_at,
        data=msgspec.Raw(encode_data(fact.event)),
    )


def _journal_row(tools: "Tools", envelope: Envelope) -> dict[str, object]:
    place = f"{tools.service}/{journal_place(envelope.id)}"
    return {
        "event_id": envelope.id,
        "type": envelope.type,
        "topic": envelope.topic,
        "key": envelope.key,
        "sequence": envelope.sequence,
        "authority": envelope.authority,
        "origin": envelope.origin.value,
        "recorded_at": envelope.recorded_at,
        "body": tools.vault.seal(envelope.authority, place, encode(envelope)),
    }
