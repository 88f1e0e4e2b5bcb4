"""How a record takes effect: once, in order per (topic, key), in the transaction that claims it.

A batch is one transaction; when any record in it does not simply succeed, the batch is undone and worked
again with a savepoint for each, so that each record gets its own outcome: done, refused, not yet, or a fault
that the worker retries and then stops for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from shared.actor import Actor, Scope, consequence_of
from shared.clock import new_id
from shared.contracts.message import Envelope, Undecodable, decode
from shared.errors import Conflict, HeedError, NotFound, NotYet, Refused, Unavailable
from shared.messaging.deferred import PARKED, REFUSED, Shelf
from shared.messaging.order import Order
from shared.messaging.ports import Record
from shared.messaging.resting import Resting, rests
from shared.service import Service
from shared.store.database import Database
from shared.store.roles import Role
from shared.store.transaction import Transaction

Attempt = Callable[[Order, Envelope], bool]
Reading = Callable[[Transaction[Any]], Iterable[Envelope]]


class Consumer:
    """Applies records to one service."""

    def __init__(self, service: Service, database: Database) -> None:
        self._service, self._database = service, database
        self._scope = Scope("", Actor(f"system:{service.name}"), new_id())

    def apply(self, records: Sequence[Record]) -> None:
        """All of them, durably. Raises what was no outcome of a record: Resting while the service is rebuilt,
        a fault of ours or of the machine.
        """
        self._apply(partial(_read, records))

    def repeat(self, envelopes: Sequence[Envelope]) -> None:
        """The same for records that were read already."""
        self._apply(lambda _: envelopes)

    def _apply(self, read: Reading) -> None:
        try:
            self._work(read, self._effect, ahead=True)
        except (HeedError, Undecodable) as problem:
            # Not the record's fault: it must be tried again, and never end as a dead letter.
            if isinstance(problem, Unavailable):
                raise
            self._work(read, self._attempt, ahead=False)

    def _work(self, read: Reading, attempt: Attempt, *, ahead: bool) -> None:
        with self._database.transaction(self._scope, Role.WORKER) as tx:
            envelopes = [*read(tx)]
            order = Order(tx, envelopes)
            if ahead:
                self._look_ahead(order, envelopes)
            for envelope in envelopes:
                self._take(order, envelope, attempt)
            order.write()

    def _look_ahead(self, order: Order, envelopes: Sequence[Envelope]) -> None:
        """Read all before the first takes effect, so that handlers may ask for what all of them need at
        once.
        """
        for one in envelopes:
            listened = self._service.subscriptions.handlers(one.type) and not order.is_repeat(one)
            event = one.event() if listened else None
            if event is not None:
                order.events[one.id] = event
                order.tx.coming.setdefault(one.authority, []).append(event)

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
        event = (order.events.get(envelope.id) or envelope.event()) if handlers else None
        if event is not None:
            order.tx.rescope(consequence_of(envelope, self._service.name))
            order.tx.cause = envelope
            for handler in handlers:
                handler(order.tx, event)
        order.advance(envelope, claim=event is not None)
        return True

    def _attempt(self, order: Order, envelope: Envelope, again: int = 2) -> bool:
        try:
            # The refusal itself has to be kept, so only the handler's own work is undone.
            with order.tx.savepoint():
                return self._effect(order, envelope)
        except NotYet as problem:
            order.defer(envelope, PARKED, str(problem), problem.waits_for)
        except Unavailable:
            raise
        except (HeedError, Undecodable) as problem:
            # Somebody was faster: what they left is read this time.
            if isinstance(problem, Conflict) and again:
                return self._attempt(order, envelope, again - 1)
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
        with self._database.transaction(self._scope, Role.WORKER) as tx:
            shelf = Shelf(tx.db, tx.tools.vault, tx.tools.service)
            row = shelf.one(position)
            envelope = _readable(shelf, row)
            order = Order(tx, [envelope])
            done = self._try_again(order, row)
            if done:
                self._release(order, envelope)
            order.write()
        return done

    def retry_parked(self) -> int:
        """Take the oldest parked records up again; how many went through.

        What one waits for may be committed at the moment it is parked: then neither transaction sees the
        other, and nobody else would wake it.
        """
        with self._database.plumbing(writing=False) as db:
            tools = self._database.tools
            parked = Shelf(db, tools.vault, tools.service).listed(PARKED)
        return sum(self._retry(one.position) for one in parked)

    def _retry(self, position: int) -> bool:
        try:
            return self.replay(position)
        except NotFound:
            # It went through meanwhile.
            return False

    def skip(self, position: int) -> None:
        """Go on without a waiting record: a person decided that it shall have no effect here."""
        with self._database.transaction(self._scope, Role.WORKER) as tx:
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


def _read(records: Sequence[Record], tx: Transaction[Any]) -> Iterator[Envelope]:
    """The envelopes of these records; bytes that are none are put aside."""
    # Asked after they were read: a rebuild that begins later finds them in the journals.
    if rests(tx.db, tx.recorded_at):
        raise Resting("This service is being rebuilt; its records wait for the end of that.")
    for record in records:
        try:
            yield decode(record.value)
        except Undecodable as problem:
            shelf = Shelf(tx.db, tx.tools.vault, tx.tools.service)
            shelf.put_unreadable(record, str(problem), tx.recorded_at)


def _readable(shelf: Shelf, row: Any) -> Envelope:
    try:
        return shelf.envelope(row)
    except Undecodable:
        raise Refused(
            "These bytes are no record of Heed and cannot be replayed; skip it with a reason."
        ) from None
