"""Filling a read model anew from the owners' journals.

The owners put their journals on `heed.<owner>.rebuild` with origin `rebuild`; the service being rebuilt
applies them, in order and once, to shadow tables through its ordinary handlers, which publish nothing then.
One transaction swaps the shadow in. Its live worker rests meanwhile and afterwards goes on where the shadow
ended.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, Table, delete, select

from shared import replicas
from shared.clock import new_id
from shared.contracts.message import Origin, decode, encode
from shared.errors import Refused
from shared.messaging.consumer import Consumer
from shared.messaging.ports import Log, Message
from shared.runtime import Runtime
from shared.store import tables
from shared.store.database import Database
from shared.store.dialect import upsert
from shared.store.engine import WRITING, attach, open_engine
from shared.store.publication import journal_place

SHADOW = "shadow"
BATCH = 500
TERM = timedelta(hours=2)
_RESTING = "rebuild"

Progress = Callable[[int, int], None]


def topic_of(owner: str) -> str:
    """Where an owner republishes."""
    return f"heed.{owner}.rebuild"


def republish(owner: Runtime, log: Log) -> int:
    """Put an owner's whole journal on its rebuild topic. Returns how many facts."""
    log.ensure([topic_of(owner.name)])
    total = 0
    for batch in _journal(owner):
        log.append(batch)
        total += len(batch)
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
    """What a rebuild did."""

    facts: int
    rows: int


def rebuild(
    target: Runtime, owners: Sequence[Runtime], progress: Progress = lambda _done, _all: None
) -> Rebuilt:
    """Fill the target anew and swap it in. Raises Refused when a rebuild runs already or a record does not
    apply.
    """
    with _rest(target):
        # Over the bus, like everything else that one service learns of another.
        total = sum(republish(owner, target.log) for owner in owners)
        # Beside the live tables, so that pages answer from the old ones until the swap.
        shadow = _shadow(target)
        try:
            consumer = Consumer(target.service, shadow)
            _fill(target, consumer, [topic_of(owner.name) for owner in owners], total, progress)
            rows = _swap(target, shadow.engine)
        finally:
            _drop(target, shadow)
    return Rebuilt(total, rows)


def _fill(target: Runtime, consumer: Consumer, topics: Sequence[str], total: int, progress: Progress) -> None:
    reader = target.log.reader(f"{target.name}-rebuild-{new_id()}", topics, "rebuild")
    done = 0
    try:
        while done < total:
            records = reader.poll(5.0, BATCH)
            if not records:
                raise Refused("The journals did not arrive whole on the bus; start the rebuild again.")
            consumer.apply(records)
            reader.commit()
            done += len(records)
            progress(done, total)
    finally:
        reader.close()


@contextmanager
def _rest(target: Runtime) -> Iterator[None]:
    """Hold the lease that keeps the target's live worker from applying records."""
    holder, database = new_id(), target.database
    now = database.tools.clock()
    row = {"name": _RESTING, "holder": holder, "token": 1, "until": now + TERM}
    with database.plumbing() as db:
        statement = upsert(db, tables.lease, [row]).on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until": now + TERM},
            where=tables.lease.c.until < now,
        )
        if db.execute(statement.returning(tables.lease.c.holder)).first() is None:
            raise Refused("A rebuild of this service is running already; wait for its end.")
    try:
        yield
    finally:
        with database.plumbing() as db:
            db.execute(
                delete(tables.lease).where(tables.lease.c.name == _RESTING, tables.lease.c.holder == holder)
            )


def rests(database: Database) -> bool:
    """Whether live records must wait because a rebuild is running."""
    query = select(tables.lease.c.holder).where(
        tables.lease.c.name == _RESTING, tables.lease.c.until >= database.tools.clock()
    )
    with database.plumbing(writing=False) as db:
        return db.execute(query).first() is not None


def _shadow(target: Runtime) -> Database:
    engine = open_engine(target.settings.database_url(target.name))
    attach(engine, SHADOW)
    shadow = engine.execution_options(schema_translate_map={None: SHADOW})
    for metadata in (tables.metadata, replicas.metadata, target.service.metadata):
        # What a rebuild that died left behind must not be mixed into this one.
        metadata.drop_all(shadow)
        metadata.create_all(shadow)
    return Database(shadow, target.database.tools)


def swapped(own: MetaData) -> list[Table]:
    """What a rebuild replaces: the service's tables, its replicas, and how far it has heard. Not what it
    published, nor tables of its own decisions, marked `info={"rebuild": "kept"}`.
    """
    heard = [tables.sequence_in, tables.inbox, tables.deferred]
    derived = [table for table in own.sorted_tables if table.info.get("rebuild") != "kept"]
    return [*derived, *replicas.metadata.sorted_tables, *heard]


def _swap(target: Runtime, shadow: Engine) -> int:
    moved = 0
    with (
        target.database.gate.writing(),
        shadow.connect().execution_options(**{WRITING: True}) as db,
        db.begin(),
    ):
        preparer = db.dialect.identifier_preparer
        # Children before parents, or foreign keys refuse.
        for table in reversed(swapped(target.service.metadata)):
            db.exec_driver_sql(f"DELETE FROM {preparer.quote(table.name)}")  # noqa: S608  our own names
        for table in swapped(target.service.metadata):
            name = preparer.quote(table.name)
            columns = ", ".join(preparer.quote(column.name) for column in table.c)
            copy = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {SHADOW}.{name}"  # noqa: S608  our own names
            moved += db.exec_driver_sql(copy).rowcount
            _count_on(db, table)
    return moved


def _count_on(db: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from a sequence, which copied rows do not move."""
    column = table.autoincrement_column
    if db.dialect.name != "postgresql" or column is None or column.autoincrement is not True:
        return
    name, number = (db.dialect.identifier_preparer.quote(one) for one in (table.name, column.name))
    last = f"SELECT max({number}) FROM {name}"  # noqa: S608  our own names
    db.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', '{number}'), ({last}))")


def _drop(target: Runtime, shadow: Database) -> None:
    shadow.close()
    url = target.settings.database_url(target.name)
    if url.startswith("sqlite"):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.removeprefix('sqlite:///')}.{SHADOW}{suffix}").unlink(missing_ok=True)
