"""Filling a read model anew from the owners' journals.

The owners put their journals on `heed.<owner>.rebuild` with origin `rebuild`; the service being rebuilt
applies them, in order and once, to shadow tables through its ordinary handlers, which publish nothing then.
One transaction swaps the shadow in. Its live worker rests meanwhile and afterwards goes on where the shadow
ended.

A rebuild that died goes on where it was: its shadow knows what it has applied, and passes over it when the
journals come again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, true, update

from shared.clock import new_id
from shared.contracts.message import Origin, decode, encode
from shared.errors import Refused
from shared.messaging.consumer import Consumer
from shared.messaging.ports import Log, Message, Reader
from shared.messaging.shadow import Shadow, cast
from shared.runtime import Runtime
from shared.store import tables
from shared.store.database import Database
from shared.store.dialect import upsert
from shared.store.publication import journal_place

BATCH = 500
# How long the live worker rests for a rebuild that died, so that it can be taken up again.
TERM = timedelta(hours=2)
# How long one that died keeps others out, and one that does its last step may be silent.
PULSE, LAST_STEP = timedelta(minutes=1), timedelta(minutes=15)
_RESTING, _ALIVE = "rebuild", "rebuilding"

_RESTS = select(tables.lease.c.holder).where(
    tables.lease.c.name == _RESTING, tables.lease.c.until >= bindparam("now")
)

Progress = Callable[[int, int], None]


def topic_of(owner: str) -> str:
    """Where an owner republishes."""
    return f"heed.{owner}.rebuild"


def republish(owner: Runtime, log: Log, pulse: Callable[[], None] = lambda: None) -> int:
    """Put an owner's whole journal on its rebuild topic; `pulse` is called now and then. Returns how many
    facts.
    """
    log.ensure([topic_of(owner.name)])
    total = 0
    for batch in _journal(owner):
        log.append(batch)
        total += len(batch)
        pulse()
    return total


def _journal(owner: Runtime) -> Iterator[list[Message]]:
    tools, after = owner.database.tools, 0
    while True:
        query = select(tables.journal).where(tables.journal.c.position > after)
        with owner.database.plumbing(writing=False) as db:
            rows = db.execute(query.order_by(tables.journal.c.position).limit(BATCH)).all()
        if not rows:
            return
        after = rows[-1].position
        bodies = [(row, f"{tools.service}/{journal_place(row.event_id)}") for row in rows]
        yield [
            Message(
                topic_of(owner.name), row.key, _as_rebuild(tools.vault.open(row.authority, place, row.body))
            )
            for row, place in bodies
        ]


def _as_rebuild(value: bytes) -> bytes:
    return encode(replace(decode(value), origin=Origin.REBUILD))


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
    with _turn(target) as turn:
        # Beside the live tables, so that pages answer from the old ones until the swap.
        with closing(cast(target)) as shadow, _journals(target, owners, turn) as (reader, total):
            _fill(reader, shadow, total, turn, progress)
            turn.keep(LAST_STEP)
            rows = shadow.swap()
        shadow.remove()
    return Rebuilt(total, rows, shadow.before)


@contextmanager
def _journals(target: Runtime, owners: Sequence[Runtime], turn: "_Turn") -> Iterator[tuple[Reader, int]]:
    """The owners' journals on the bus, like everything else that one service learns of another, and how many
    facts they hold.
    """
    group, topics = f"{target.name}-rebuild-{new_id()}", [topic_of(owner.name) for owner in owners]
    target.log.ensure(topics)
    with closing(target.log.reader(group, topics, "rebuild")) as reader:
        # What an earlier rebuild left may have been erased since, and would be counted in the place of what
        # comes now.
        while any(one.behind for one in target.log.standing(group, topics)):
            reader.poll(5.0, BATCH)
            reader.commit()
            turn.keep(PULSE)
        yield reader, sum(republish(owner, target.log, lambda: turn.keep(PULSE)) for owner in owners)


def _fill(reader: Reader, shadow: Shadow, total: int, turn: "_Turn", progress: Progress) -> None:
    consumer, done = Consumer(shadow.target.service, shadow.database), 0
    while done < total:
        records = reader.poll(5.0, BATCH)
        if not records:
            raise Refused("The journals did not arrive whole on the bus; start the rebuild again.")
        consumer.apply(records)
        reader.commit()
        turn.keep(PULSE)
        done += len(records)
        progress(done, total)


class _Turn:
    """Held by the one rebuild of a service, which says again and again that it is alive."""

    def __init__(self, database: Database) -> None:
        self._database, self._holder = database, new_id()

    def take(self) -> bool:
        """False when another has it. The live worker rests from here on."""
        lease = tables.lease
        return self._write(_ALIVE, PULSE, lease.c.until < self._now) and self._write(_RESTING, TERM, true())

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


def rests(database: Database) -> bool:
    """Whether live records must wait because a rebuild is running."""
    with database.plumbing(writing=False) as db:
        return db.execute(_RESTS, {"now": database.tools.clock()}).first() is not None
