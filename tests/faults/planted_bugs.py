"""Ten bugs that a kernel like ours could have, each a variant of one of its parts, to try the checks on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from shared.actor import Scope
from shared.contracts.message import Envelope, Undecodable
from shared.errors import HeedError, NotYet, Unavailable
from shared.messaging.consumer import Attempt, Consumer
from shared.messaging.deferred import PARKED, REFUSED
from shared.messaging.order import Order
from shared.messaging.ports import Reader
from shared.messaging.relay import Relay
from shared.messaging.worker import POLL, Watchdog
from shared.store.database import Database
from shared.store.roles import Role
from shared.store.tables import audit_head, inbox, outbox
from shared.store.transaction import Transaction
from tests.faults.simulated_processes import Hand, Kernel


class DeletesUpTo(Relay):
    """Deletes all pointers up to the last it published, as if numbers were committed in order."""

    def run_once(self) -> int:
        """One batch."""
        with self._database.plumbing() as db:
            batch = self._batch(db) if self._take_lease(db) else []
        if batch:
            self._log.append([message for _, message in batch])
            with self._database.plumbing() as db:
                db.execute(delete(outbox).where(outbox.c.position <= batch[-1][0]))
        return len(batch)


class MarksBeforeSending(Relay):
    """Deletes the pointers first and publishes then."""

    def run_once(self) -> int:
        """One batch."""
        with self._database.plumbing() as db:
            batch = self._batch(db) if self._take_lease(db) else []
            db.execute(delete(outbox).where(outbox.c.position.in_([position for position, _ in batch])))
        if batch:
            self._log.append([message for _, message in batch])
        return len(batch)


class KnowsNoLease(Relay):
    """Publishes whoever else does."""

    def _take_lease(self, _db: Any) -> bool:
        return True


class NoInbox(Consumer):
    """Does not ask whether a record has taken effect already, and claims none."""

    def _take(self, order: Order, envelope: Envelope, attempt: Attempt) -> None:
        if order.must_wait(envelope):
            order.hold(envelope)
        elif attempt(order, envelope):
            order._new.clear()
            self._release(order, envelope)


class InboxOnly(Consumer):
    """Trusts the inbox alone and forgets its claims after two seconds, sooner than the bus its records."""

    def apply(self, records: Any) -> None:
        """Tidy first."""
        with self._database.plumbing() as db:
            old = self._database.tools.clock() - timedelta(seconds=2)
            db.execute(delete(inbox).where(inbox.c.claimed_at < old))
        super().apply(records)

    def _take(self, order: Order, envelope: Envelope, attempt: Attempt) -> None:
        if envelope.id in order._claimed:
            return
        if order.must_wait(envelope):
            order.hold(envelope)
        elif attempt(order, envelope):
            self._release(order, envelope)


class NoOrder(Consumer):
    """Applies records as they come: no look at their numbers, nothing held back."""

    def _take(self, order: Order, envelope: Envelope, attempt: Attempt) -> None:
        if envelope.id not in order._claimed:
            attempt(order, envelope)


class PassesDeadLetter(Consumer):
    """Puts a refused record aside and goes on with the later ones of its key."""

    def _take(self, order: Order, envelope: Envelope, attempt: Attempt) -> None:
        if order.is_repeat(envelope):
            return
        if envelope.sequence > order.applied(envelope) + 1:
            order.hold(envelope)
        elif attempt(order, envelope):
            self._release(order, envelope)
        else:
            order.last[envelope.topic, envelope.key] = envelope.sequence


class NoSavepoint(Consumer):
    """Keeps a refusal together with the half of the work that was done before it."""

    def _attempt(self, order: Order, envelope: Envelope, again: int = 0) -> bool:  # noqa: ARG002
        try:
            return self._effect(order, envelope)
        except NotYet as problem:
            order.defer(envelope, PARKED, str(problem), problem.waits_for)
        except Unavailable:
            raise
        except (HeedError, Undecodable) as problem:
            order.defer(envelope, REFUSED, str(problem))
        return False


class OffsetFirst(Hand):
    """Moves its position on the bus before the database has the work."""

    def _consume_once(self, reader: Reader, _watch: Watchdog) -> None:
        records = reader.poll(POLL, self._portions.size)
        if records:
            reader.commit()
            self._apply(records)


class RemembersHead(Database):
    """Reads a chain's head once per process and goes on from memory, without the lock on its row."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._heads: dict[str, Any] = {}

    @contextmanager
    def transaction(self, scope: Scope, role: Role | None = None) -> Iterator[Transaction[Any]]:
        """As always, but for the head that its facts are chained to."""
        with super().transaction(scope, role) as tx:
            yield tx
            head = audit_head.c.authority == tx.authority
            if tx.pending and tx.authority in self._heads:
                tx.db.execute(update(audit_head).where(head).values(**self._heads[tx.authority]))
            pending, authority = tx.pending, tx.authority
            tx.flush()
            if pending:
                row = tx.db.execute(select(audit_head).where(head)).mappings().one()
                remembered = {"number": row["number"], "digest": row["digest"]}
        if pending:
            self._heads[authority] = remembered


@dataclass(frozen=True)
class Bug:
    """A bug in plain words, and the kernel that has it."""

    says: str
    kernel: Kernel


BUGS = {
    "deletes_up_to": Bug("The relay deletes all pointers up to the last it sent", Kernel(relay=DeletesUpTo)),
    "no_inbox": Bug("No inbox: a repeat takes effect again", Kernel(consumer=NoInbox)),
    "offset_first": Bug("The offset is committed before the database", Kernel(hand=OffsetFirst)),
    "no_order": Bug("No check of sequences, nothing held back", Kernel(consumer=NoOrder)),
    "marks_before_sending": Bug("The relay marks before it sends", Kernel(relay=MarksBeforeSending)),
    "no_lease": Bug("Two relays are active without fencing", Kernel(relay=KnowsNoLease)),
    "dead_letter_passes": Bug(
        "A dead letter lets later records of its key pass", Kernel(consumer=PassesDeadLetter)
    ),
    "inbox_purged": Bug("The inbox is purged before the bus forgets", Kernel(consumer=InboxOnly)),
    "head_not_locked": Bug("The audit chain's head is not locked", Kernel(database=RemembersHead)),
    "no_savepoint": Bug("A refused record's half work and facts stay", Kernel(consumer=NoSavepoint)),
}
