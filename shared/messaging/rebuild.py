"""Filling a read model anew from the owners' journals.

The owners say their journals again (`republish`). The service being rebuilt applies what it hears, in order
and once, to shadow tables through its ordinary handlers, which publish nothing then. One transaction swaps
the shadow in. Its live worker rests meanwhile and afterwards goes on where the shadow ended.

A rebuild that died goes on where it was: its shadow knows what it has applied, and passes over it when the
journals are said again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import ColumnElement, and_, delete, true, update

from shared.clock import new_id
from shared.errors import Refused
from shared.garbage import sought_seldom
from shared.messaging.consumer import Consumer
from shared.messaging.republish import Republished, republished
from shared.messaging.resting import RESTING
from shared.messaging.shadow import Shadow, cast
from shared.runtime import Runtime
from shared.store import tables
from shared.store.database import Database
from shared.store.dialect import upsert

# Facts in a transaction: a figure that many of them count in, and a page that many keys stand on, is written
# once for all.
BATCH = 5_000
# How long the live worker rests for a rebuild that died, so that it can be taken up again.
TERM = timedelta(hours=2)
# How long one that died keeps others out, and one that does its last step may be silent.
PULSE, LAST_STEP = timedelta(minutes=1), timedelta(minutes=15)
_ALIVE = "rebuilding"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did; `before` is how many of the facts one that died had applied already."""

    facts: int
    rows: int
    before: int = 0


def rebuild(
    target: Runtime, owners: Sequence[Runtime], progress: Progress = lambda _done, _all: None
) -> Rebuilt:
    """Fill the target anew and swap it in. Raises Refused when a rebuild runs already or a record does not
    apply.
    """
    with _turn(target) as turn, sought_seldom():
        # Beside the live tables, so that pages answer from the old ones until the swap.
        with closing(cast(target)) as shadow, republished(owners, target.name, target.log) as journals:
            done = _fill(shadow, journals, turn, progress)
            turn.keep(LAST_STEP)
            rows = shadow.swap()
        shadow.remove()
    return Rebuilt(done, rows, shadow.before)


def _fill(shadow: Shadow, journals: Republished, turn: "_Turn", progress: Progress) -> int:
    consumer, done = Consumer(shadow.target.service, shadow.database), 0
    for batch in journals.batches(BATCH):
        # One authority after the other: each that is bound costs a server a question.
        consumer.repeat(sorted(batch, key=attrgetter("authority")))
        turn.keep(PULSE)
        done += len(batch)
        progress(done, journals.facts)
    return done


class _Turn:
    """Held by the one rebuild of a service, which says again and again that it is alive."""

    def __init__(self, database: Database) -> None:
        self._database, self._holder = database, new_id()

    def take(self) -> bool:
        """False when another has it. The live worker rests from here on."""
        lease = tables.lease
        return self._write(_ALIVE, PULSE, lease.c.until < self._now) and self._write(RESTING, TERM, true())

    def keep(self, term: timedelta) -> None:
        """Still alive, and for so long if nothing more is heard. Raises Refused when another took over."""
        lease = tables.lease
        mine = and_(lease.c.name == _ALIVE, lease.c.holder == self._holder)
        with self._database.plumbing() as db:
            if not db.execute(update(lease).where(mine).values(until=self._now + term)).rowcount:
                raise Refused("Another rebuild of this service has begun; wait for its end.")

    def give_back(self) -> None:
        """The live worker goes on."""
        with self._database.plumbing() as db:
            db.execute(delete(tables.lease).where(tables.lease.c.holder == self._holder))

    @property
    def _now(self) -> datetime:
        return self._database.tools.clock()

    def _write(self, name: str, term: timedelta, may: ColumnElement[bool]) -> bool:
        row = {"name": name, "holder": self._holder, "token": 1, "until": self._now + term}
        with self._database.plumbing() as db:
            statement = upsert(db, tables.lease, [row]).on_conflict_do_update(
                index_elements=["name"], set_={"holder": self._holder, "until": row["until"]}, where=may
            )
            return db.execute(statement.returning(tables.lease.c.holder)).first() is not None


@contextmanager
def _turn(target: Runtime) -> Iterator[_Turn]:
    turn = _Turn(target.database)
    if not turn.take():
        raise Refused("A rebuild of this service is running already; wait for its end.")
    try:
        yield turn
    finally:
        turn.give_back()
