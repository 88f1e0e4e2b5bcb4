"""Records that could not be applied yet, in one table with a state.

`held`: earlier than its turn, or its key waits. `parked`: speaks of something not heard of. `refused`: the
dead letter; a rule or the data say no, and its key waits until a person replays or skips it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Integer,
    Row,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from shared.contracts.message import Envelope, decode, encode
from shared.crypto import Vault
from shared.errors import NotFound
from shared.messaging.ports import Record
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_pair_of
from shared.store.tables import deferred

HELD, PARKED, REFUSED = "held", "parked", "refused"
PATIENCE = timedelta(minutes=10)

Key = tuple[str, str]


@dataclass(frozen=True)
class Deferred:
    """One waiting record, without its content."""

    position: int
    event_id: str
    topic: str
    key: str
    sequence: int
    authority: str
    type: str
    state: str
    waits_for: str
    reason: str
    attempts: int
    since: datetime


_COLUMNS = [deferred.c[one.name] for one in fields(Deferred)]
_ITS_KEY = (deferred.c.topic == bindparam("topic"), deferred.c.key == bindparam("key"))
_WAITING_KEYS = (
    select(deferred.c.topic, deferred.c.key, func.max(case((deferred.c.state != HELD, 1), else_=0)))
    .where(one_pair_of(deferred.c.topic, deferred.c.key, "keys"))
    .group_by(deferred.c.topic, deferred.c.key)
)
_WAITED_FOR = select(deferred.c.waits_for).where(deferred.c.state == PARKED).distinct()
_NEXT_HELD = select(deferred).where(
    *_ITS_KEY, deferred.c.sequence == bindparam("sequence"), deferred.c.state == HELD
)
_PARKED_FOR = (
    select(deferred)
    .where(deferred.c.state == PARKED, deferred.c.waits_for == bindparam("aggregate"))
    .order_by(deferred.c.position)
)
_ONE = select(deferred).where(deferred.c.position == bindparam("position"))
_LISTED = (
    select(*_COLUMNS)
    .where(deferred.c.position > bindparam("after"))
    .order_by(deferred.c.position)
    .limit(bindparam("most", type_=Integer))
)
_LISTED_IN = _LISTED.where(deferred.c.state == bindparam("state"))
_DROP = delete(deferred).where(deferred.c.event_id == bindparam("event_id"))


@spelled
def _keeping(make: Insert) -> Executable:
    new = make(deferred)
    changed: dict[str, Any] = {name: new.excluded[name] for name in ("state", "reason", "waits_for")}
    changed["attempts"] = deferred.c.attempts + 1
    return new.on_conflict_do_update(index_elements=["event_id"], set_=changed)


@spelled
def _holding(make: Insert) -> Executable:
    # A refused record that comes again must stay refused, so a hold never overwrites.
    return make(deferred).on_conflict_do_nothing(index_elements=["event_id"])


class Shelf:
    """The deferred records of one service's database."""

    def __init__(self, db: Connection, vault: Vault, service: str) -> None:
        self._db, self._vault, self._service = db, vault, service

    def put(
        self, envelope: Envelope, state: str, now: datetime, *, reason: str = "", waits_for: str = ""
    ) -> None:
        """Keep a record with its reason; the same record again only changes its state."""
        row = self._row(envelope, state, now) | {"reason": reason, "waits_for": waits_for}
        self._db.execute(_keeping(self._db), row)

    def hold(self, envelope: Envelope, now: datetime) -> None:
        """Keep a record until its turn; one that is here already stays as it is."""
        self._db.execute(_holding(self._db), self._row(envelope, HELD, now))

    def _row(self, envelope: Envelope, state: str, now: datetime) -> dict[str, object]:
        return {
            "event_id": envelope.id,
            "topic": envelope.topic,
            "key": envelope.key,
            "sequence": envelope.sequence,
            "authority": envelope.authority,
            "type": envelope.type,
            "state": state,
            "reason": "",
            "waits_for": "",
            "attempts": 1,
            "since": now,
            "body": self._seal(envelope.authority, envelope.id, encode(envelope)),
        }

    def put_unreadable(self, record: Record, reason: str, now: datetime) -> None:
        """Keep bytes that are no envelope, under the place they were read from."""
        place = f"{record.topic}/{record.partition}/{record.offset}"
        row = {
            # There is no id in bytes that cannot be read; the place makes a second reading the same row.
            "event_id": place[-64:],
            "topic": record.topic,
            "key": record.key,
            "sequence": 0,
            "authority": "",
            "type": "",
            "state": REFUSED,
            "reason": reason,
            "waits_for": "",
            "attempts": 1,
            "since": now,
            "body": self._seal("", place[-64:], record.value),
        }
        self._db.execute(_keeping(self._db), row)

    def _seal(self, authority: str, event_id: str, value: bytes) -> bytes:
        return self._vault.seal(authority, f"{self._service}/deferred/{event_id}", value)

    def envelope(self, row: Row[tuple[object, ...]]) -> Envelope:
        """The record itself. Raises Undecodable for what never was one."""
        place = f"{self._service}/deferred/{row.event_id}"
        return decode(self._vault.open(row.authority, place, row.body))

    def waiting_keys(self, keys: Sequence[Key]) -> dict[Key, bool]:
        """Which of these keys have records here; True where one of them blocks the key."""
        rows = self._db.execute(_WAITING_KEYS, {"keys": keys})
        return {(topic, key): bool(blocks) for topic, key, blocks in rows}

    def waited_for(self) -> set[str]:
        """The aggregates that parked records wait for."""
        return set(self._db.execute(_WAITED_FOR).scalars().all())

    def next_held(self, key: Key, sequence: int) -> Row[tuple[object, ...]] | None:
        """The held record whose turn it is."""
        place = {"topic": key[0], "key": key[1], "sequence": sequence}
        return self._db.execute(_NEXT_HELD, place).first()

    def parked_for(self, aggregate: str) -> Sequence[Row[tuple[object, ...]]]:
        """Parked records that wait for it, oldest first."""
        return self._db.execute(_PARKED_FOR, {"aggregate": aggregate}).all()

    def one(self, position: int) -> Row[tuple[object, ...]]:
        """A waiting record by its number. Raises NotFound."""
        row = self._db.execute(_ONE, {"position": position}).first()
        if row is None:
            raise NotFound("There is no waiting record with that number; list them again.")
        return row

    def drop(self, event_id: str) -> None:
        """It was dealt with."""
        self._db.execute(_DROP, {"event_id": event_id})

    def has_overdue(self, now: datetime) -> bool:
        """Whether something has been parked for too long."""
        query = select(deferred.c.position).where(
            deferred.c.state == PARKED, deferred.c.since < now - PATIENCE
        )
        return self._db.execute(query.limit(1)).first() is not None

    def give_up_waiting(self, now: datetime) -> int:
        """Parked for too long becomes refused. Returns how many."""
        overdue = update(deferred).where(deferred.c.state == PARKED, deferred.c.since < now - PATIENCE)
        reason = "It speaks of something that did not arrive within ten minutes."
        return self._db.execute(overdue.values(state=REFUSED, reason=reason)).rowcount

    def listed(self, state: str = "", limit: int = 50, after: int = 0) -> Sequence[Deferred]:
        """Waiting records, oldest first."""
        asked = {"after": after, "most": limit, "state": state}
        return [Deferred(*row) for row in self._db.execute(_LISTED_IN if state else _LISTED, asked).all()]

    def counts(self) -> dict[str, int]:
        """How many are in each state."""
        query = select(deferred.c.state, func.count()).group_by(deferred.c.state)
        return {row[0]: row[1] for row in self._db.execute(query).all()}
