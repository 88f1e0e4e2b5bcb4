"""How a record takes effect: once, in order per (topic, key), in the transaction that claims it.

A batch is one transaction; when any record in it does not simply succeed, the batch is undone and worked one
by one, so that each record gets its own outcome: done, refused, not yet, or a fault that the worker retries
and then stops for.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import insert, select, tuple_

from shared.actor import Actor, Scope, consequence_of
from shared.clock import new_id
from shared.contracts.message import Envelope, Undecodable, decode
from shared.errors import HeedError, NotYet, Refused, Unavailable
from shared.messaging.deferred import PARKED, REFUSED, Key, Shelf
from shared.messaging.ports import Record
from shared.service import Service
from shared.store.database import Database
from shared.store.dialect import upsert
from shared.store.tables import inbox, sequence_in
from shared.store.transaction import Transaction

Attempt = Callable[["Order", Envelope], bool]


class Order:
    """What this service has applied, per key: read once for a batch, written once at its end."""

    def __init__(self, tx: Transaction[Any], envelopes: Sequence[Envelope]) -> None:
        self.tx = tx
        self.shelf = Shelf(tx.db, tx.tools.vault, tx.tools.service)
        keys = sorted({(one.topic, one.key) for one in envelopes})
        self.last = self._last(keys)
        self.waiting = self.shelf.waiting_keys(keys)
        self.waited_for = self.shelf.waited_for()
        self._claimed = self._claims([one.id for one in envelopes])
        self._new: list[str] = []

    def _last(self, keys: Sequence[Key]) -> dict[Key, int]:
        query = select(sequence_in).where(tuple_(sequence_in.c.topic, sequence_in.c.key).in_(keys))
        return {(row.topic, row.key): row.last for row in self.tx.db.execute(query)}

    def _claims(self, ids: Sequence[str]) -> set[str]:
        return set(self.tx.db.execute(select(inbox.c.event_id).where(inbox.c.event_id.in_(ids))).scalars())

    def is_repeat(self, envelope: Envelope) -> bool:
        """Whether it has taken effect already."""
        return envelope.id in self._claimed or envelope.sequence <= self.applied(envelope)

    def must_wait(self, envelope: Envelope) -> bool:
        """Whether another record of its key comes first."""
        return (
            self.waiting.get((envelope.topic, envelope.key), False)
            or envelope.sequence > self.applied(envelope) + 1
        )

    def applied(self, envelope: Envelope) -> int:
        """The last sequence applied for its key."""
        key = envelope.topic, envelope.key
        if key not in self.last:
            self.last.update(self._last([key]))
        return self.last.setdefault(key, 0)

    def advance(self, envelope: Envelope, *, claim: bool) -> None:
        """It has taken effect (or needed none)."""
        self.last[envelope.topic, envelope.key] = envelope.sequence
        if claim:
            self._claimed.add(envelope.id)
            self._new.append(envelope.id)

    def hold(self, envelope: Envelope) -> None:
        """Keep it until its turn."""
        self.shelf.hold(envelope, self.tx.recorded_at)
        self.waiting.setdefault((envelope.topic, envelope.key), False)

    def defer(self, envelope: Envelope, state: str, reason: str, waits_for: str = "") -> None:
        """Keep it with its reason; its key waits for it."""
        self.shelf.put(envelope, state, self.tx.recorded_at, reason=reason, waits_for=waits_for)
        self.waiting[envelope.topic, envelope.key] = True
        self.waited_for |= {waits_for} - {""}

    def let_go(self, envelope: Envelope) -> None:
        """It waits no longer."""
        self.shelf.drop(envelope.id)
        key = envelope.topic, envelope.key
        # Asked anew: another record of the key may still block it.
        self.waiting.pop(key, None)
        self.waiting.update(self.shelf.waiting_keys([key]))

    def next_held(self, key: Key) -> Any | None:
        """The held record of that key whose turn has come."""
        if key not in self.waiting or self.waiting[key]:
            return None
        return self.shelf.next_held(key, self.last[key] + 1)

    def write(self) -> None:
        """Claims and sequences; a claim that another member made meanwhile raises, which undoes the whole
        transaction.
        """
        if self._new:
            rows = [{"event_id": one, "claimed_at": self.tx.recorded_at} for one in self._new]
            self.tx.db.execute(insert(inbox), rows)
        rows_in = [
            {"topic": topic, "key": key, "last": last}
            for (topic, key), last in sorted(self.last.items())
            if last
        ]
        # In parts: SQLite limits how many values one statement may bind.
        for start in range(0, len(rows_in), 200):
            statement = upsert(self.tx.db, sequence_in, rows_in[start : start + 200])
            self.tx.db.execute(
                statement.on_conflict_do_update(
                    index_elements=["topic", "key"], set_={"last": statement.excluded.last}
                )
            )


class Consumer:
    """Applies records to one service."""

    def __init__(self, service: Service, database: Database) -> None:
        self._service, self._database = service, database
        self._scope = Scope("", Actor(f"system:{service.name}"), new_id())

    def apply(self, records: Sequence[Record]) -> None:
        """All of them, durably. Raises what was no outcome of a record: a fault of ours or of the machine."""
        try:
            self._together(records)
        except (HeedError, Undecodable) as problem:
            # Not the record's fault: it must be tried again, and never end as a dead letter.
            if isinstance(problem, Unavailable):
                raise
            for record in records:
                self._alone(record)

    def _together(self, records: Sequence[Record]) -> None:
        envelopes = [decode(record.value) for record in records]
        with self._database.transaction(self._scope) as tx:
            order = Order(tx, envelopes)
            for envelope in envelopes:
                self._take(order, envelope, self._effect)
            order.write()

    def _alone(self, record: Record) -> None:
        with self._database.transaction(self._scope) as tx:
            try:
                envelope = decode(record.value)
            except Undecodable as problem:
                Shelf(tx.db, tx.tools.vault, tx.tools.service).put_unreadable(
                    record, str(problem), tx.recorded_at
                )
                return
            order = Order(tx, [envelope])
            self._take(order, envelope, self._attempt)
            order.write()

    def _take(self, order: Order, envelope: Envelope, attempt: Attempt) -> None:
        if order.is_repeat(envelope):
            return
        if order.must_wait(envelope):
            order.hold(envelope)
        elif attempt(order, envelope):
            self._release(order, envelope)

    def _effect(self, order: Order, envelope: Envelope) -> bool:
        handlers = self._service.subscriptions.handlers(envelope.type)
        # Facts nobody listens to are counted on without being decoded, let alone claimed.
        event = envelope.event() if handlers else None
        if event is not None:
            order.tx.rescope(consequence_of(envelope, self._service.name))
            order.tx.cause = envelope
            for handler in handlers:
                handler(order.tx, event)
        order.advance(envelope, claim=event is not None)
        return True

    def _attempt(self, order: Order, envelope: Envelope) -> bool:
        try:
            # The refusal itself has to be kept, so only the handler's own work is undone.
            with order.tx.savepoint():
                return self._effect(order, envelope)
        except NotYet as problem:
            order.defer(envelope, PARKED, str(problem), problem.waits_for)
        except Unavailable:
            raise
        except (HeedError, Undecodable) as problem:
            order.defer(envelope, REFUSED, str(problem))
        return False

    def _release(self, order: Order, envelope: Envelope) -> None:
        """Let those go that waited for it: the next of its key, and what was parked for its aggregate."""
        key = envelope.topic, envelope.key
        while (row := order.next_held(key)) is not None:
            if not self._try_again(order, row):
                return
        if envelope.key in order.waited_for:
            order.waited_for.discard(envelope.key)
            for parked in order.shelf.parked_for(envelope.key):
                if self._try_again(order, parked):
                    self._release(order, order.shelf.envelope(parked))

    def _try_again(self, order: Order, row: Any) -> bool:
        envelope = order.shelf.envelope(row)
        done = order.is_repeat(envelope) or (
            envelope.sequence == order.applied(envelope) + 1 and self._attempt(order, envelope)
        )
        if done:
            order.let_go(envelope)
        return done

    def replay(self, position: int) -> bool:
        """Take a waiting record up again after its cause was mended; whether it went through. What it held
        back follows.

        Raises Refused when the bytes cannot be read at all.
        """
        with self._database.transaction(self._scope) as tx:
            shelf = Shelf(tx.db, tx.tools.vault, tx.tools.service)
            row = shelf.one(position)
            envelope = _readable(shelf, row)
            order = Order(tx, [envelope])
            done = self._try_again(order, row)
            if done:
                self._release(order, envelope)
            order.write()
        return done

    def skip(self, position: int) -> None:
        """Go on without a waiting record: a person decided that it shall have no effect here."""
        with self._database.transaction(self._scope) as tx:
            shelf = Shelf(tx.db, tx.tools.vault, tx.tools.service)
            row = shelf.one(position)
            if not row.type:
                shelf.drop(row.event_id)
                return
            envelope = shelf.envelope(row)
            order = Order(tx, [envelope])
            # Skipping out of turn would let later records pass the earlier one that is still refused.
            if envelope.sequence != order.applied(envelope) + 1:
                raise Refused("An earlier record of the same thing waits too; deal with that one first.")
            order.advance(envelope, claim=True)
            order.let_go(envelope)
            self._release(order, envelope)
            order.write()


def _readable(shelf: Shelf, row: Any) -> Envelope:
    try:
        return shelf.envelope(row)
    except Undecodable:
        raise Refused(
            "These bytes are no record of Heed and cannot be replayed; skip it with a reason."
        ) from None
