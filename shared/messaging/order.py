"""What a service has applied, per key, while it works a batch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, select

from shared.contracts.message import Envelope, Event
from shared.messaging.deferred import Key, Shelf
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of, one_pair_of
from shared.store.rows import Rows
from shared.store.tables import inbox, sequence_in
from shared.store.transaction import Transaction

_LAST = (
    select(sequence_in)
    .where(one_pair_of(sequence_in.c.topic, sequence_in.c.key, "keys"))
    # In one order, so that two members do not wait for each other.
    .order_by(sequence_in.c.topic, sequence_in.c.key)
    .with_for_update()
)
_CLAIMED = select(inbox.c.event_id).where(one_of(inbox.c.event_id, "ids"))
_CLAIMING = Rows(inbox, "event_id", "claimed_at")
_ADVANCING = Rows(
    sequence_in, "topic", "key", "last", settled="(topic, key) DO UPDATE SET last = excluded.last"
)


@spelled
def _starting(make: Insert) -> Executable:
    new = make(sequence_in)
    # A no-op update, because only a written row is both locked and returned by both databases.
    return new.on_conflict_do_update(
        index_elements=["topic", "key"], set_={"topic": new.excluded.topic}
    ).returning(sequence_in.c.topic, sequence_in.c.key, sequence_in.c.last)


class Order:
    """What this service has applied, per key: read once for a batch, written once at its end.

    The keys are locked until the commit. Two can meet at one: a member that lost its partition and does not
    know it yet, a person who replays; each must see what the other held back or applied.
    """

    def __init__(self, tx: Transaction[Any], envelopes: Sequence[Envelope]) -> None:
        self.tx = tx
        self.shelf = Shelf(tx.db, tx.tools.vault, tx.tools.service)
        keys = sorted({(one.topic, one.key) for one in envelopes})
        self._found: dict[Key, int] = {}
        self.last = self._last(keys)
        self.waiting = self.shelf.waiting_keys(keys)
        self.waited_for = self.shelf.waited_for()
        self._claimed = self._claims([one.id for one in envelopes])
        self._new: list[str] = []
        # What was read ahead, by the id of its record.
        self.events: dict[str, Event] = {}

    def _last(self, keys: Sequence[Key]) -> dict[Key, int]:
        db = self.tx.db
        found = {(topic, key): last for topic, key, last in db.execute(_LAST, {"keys": keys}).all()}
        new = [{"topic": topic, "key": key, "last": 0} for topic, key in keys if (topic, key) not in found]
        if new:
            found |= {(topic, key): last for topic, key, last in db.execute(_starting(db), new).all()}
        self._found |= found
        return found

    def _claims(self, ids: Sequence[str]) -> set[str]:
        return set(self.tx.db.execute(_CLAIMED, {"ids": ids}).scalars())

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
            self.last |= self._last([key])
        return self.last[key]

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
        _CLAIMING.add(self.tx.db, [(one, self.tx.recorded_at) for one in self._new])
        moved = [(*key, last) for key, last in sorted(self.last.items()) if last != self._found[key]]
        _ADVANCING.add(self.tx.db, moved)
