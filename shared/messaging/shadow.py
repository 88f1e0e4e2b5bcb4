"""A second set of a service's tables beside the live ones: filled by a rebuild, then swapped in."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, func, inspect, select
from sqlalchemy.schema import CreateTable

from shared import replicas
from shared.runtime import Runtime
from shared.store import tables, walls
from shared.store.database import Database
from shared.store.engine import attach, begin, bind, open_engine
from shared.store.roles import Role

SHADOW = "shadow"
_STAY = ("kept", "known")
# What a shadow was begun with; one that was begun otherwise cannot go on.
_BEGUN = Table("begun_with", MetaData(), Column("mark", String(64), primary_key=True))


class Shadow:
    """The tables of one rebuild; `before` is how many facts an earlier one had applied to them."""

    def __init__(self, target: Runtime, engine: Engine, before: int) -> None:
        self.target, self.before = target, before
        self.database = Database(engine, target.database.tools, Role.WORKER)

    def swap(self) -> int:
        """Its rows instead of the live ones, in one transaction. Returns how many."""
        return _swap(self.target, self.database.engine)

    def close(self) -> None:
        """Give its connections back; it stays where it is."""
        self.database.close()

    def remove(self) -> None:
        """It is of no more use."""
        url = self.target.settings.database_url(self.target.name)
        if url.startswith("sqlite"):
            for suffix in ("", "-wal", "-shm"):
                Path(f"{url.removeprefix('sqlite:///')}.{SHADOW}{suffix}").unlink(missing_ok=True)
            return
        with _making(self.target, self.database.engine) as db:
            _BEGUN.drop(db, checkfirst=True)


def cast(target: Runtime) -> Shadow:
    """The shadow that a rebuild left when it died, if it began with what there is now; else a new one."""
    engine = open_engine(target.settings.database_url(target.name))
    attach(engine, SHADOW)
    engine = engine.execution_options(schema_translate_map={None: SHADOW})
    mark = _mark(target)
    with _making(target, engine) as db:
        goes_on = _begun_with(db) == mark
        if not goes_on:
            # What was begun otherwise must not be mixed into this one.
            _BEGUN.drop(db, checkfirst=True)
            for metadata in _shadowed(target):
                metadata.drop_all(db)
                metadata.create_all(db)
    if not goes_on:
        _copy_known(target, engine)
        with _making(target, engine) as db:
            _BEGUN.create(db)
            # Last, so that one which died on the way here is no beginning.
            db.execute(_BEGUN.insert().values(mark=mark))
    return Shadow(target, engine, _applied(engine) if goes_on else 0)


def _begun_with(db: Connection) -> str | None:
    if not inspect(db).has_table(_BEGUN.name, schema=SHADOW):
        return None
    found: str | None = db.execute(select(_BEGUN.c.mark)).scalar_one_or_none()
    return found


def _applied(engine: Engine) -> int:
    with begin(engine, "", writing=False, role=Role.WORKER) as db:
        return int(db.execute(select(func.coalesce(func.sum(tables.sequence_in.c.last), 0))).scalar_one())


def _mark(target: Runtime) -> str:
    """Of how the tables are made and of what is known, which handlers decide by."""
    engine = target.database.engine
    found = hashlib.sha256()
    for metadata in _shadowed(target):
        for table in metadata.sorted_tables:
            found.update(str(CreateTable(table).compile(dialect=engine.dialect)).encode())
    known = _known(target)
    if known:
        with begin(engine, "", writing=False, role=Role.WORKER) as db:
            codes = db.exec_driver_sql("SELECT code FROM authority ORDER BY code").scalars().all()
            # Behind its wall each authority is seen alone.
            for code in codes if db.dialect.name == "postgresql" else [""]:
                bind(db, code)
                for row in _rows(db, known):
                    found.update(row)
    return found.hexdigest()


def _rows(db: Connection, known: Sequence[Table]) -> Iterator[bytes]:
    for table in known:
        order = ", ".join(db.dialect.identifier_preparer.quote(one.name) for one in table.primary_key)
        name = db.dialect.identifier_preparer.quote(table.name)
        for row in db.exec_driver_sql(f"SELECT * FROM {name} ORDER BY {order}"):  # noqa: S608  our own names
            yield repr(tuple(row)).encode()


def _known(target: Runtime) -> list[Table]:
    return [one for one in target.service.metadata.sorted_tables if one.info.get("rebuild") == "known"]


def _copy_known(target: Runtime, shadow: Engine) -> None:
    """Give the shadow what its handlers read and do not make again: tables marked `{"rebuild": "known"}`."""
    known = _known(target)
    if not known:
        return
    with begin(shadow, "", writing=True, role=Role.WORKER) as db:
        # Behind its wall each authority is seen alone.
        for code in _authorities(db) if db.dialect.name == "postgresql" else [""]:
            bind(db, code)
            for table in known:
                _copy(db, table, f"{SHADOW}.{db.dialect.identifier_preparer.quote(table.name)}", "")


def _shadowed(target: Runtime) -> tuple[MetaData, ...]:
    return tables.metadata, replicas.metadata, target.service.metadata


@contextmanager
def _making(target: Runtime, shadow: Engine) -> Iterator[Connection]:
    """Where tables may be made: on a server as their owner, who puts up walls and gives rights."""
    if shadow.dialect.name == "sqlite":
        with shadow.begin() as db:
            yield db
        return
    # A worker, which asks here whether a rebuild goes on, has no use for Alembic.
    from shared.store.owner import owning, roles_of

    with owning(target.settings.migrate_url(target.name)) as db:
        db.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SHADOW}")
        yield db.execution_options(schema_translate_map={None: SHADOW})
        roles = roles_of(db, target.settings.database_url(target.name), target.name)
        walls.put_up(db, _shadowed(target), roles, SHADOW)


def swapped(own: MetaData) -> list[Table]:
    """What a rebuild replaces: the service's tables, its replicas, and how far it has heard. Not what it
    published, nor tables of its own decisions, marked `info={"rebuild": "kept"}`, or `known` when its
    handlers read them.
    """
    heard = [tables.sequence_in, tables.inbox, tables.deferred]
    derived = [table for table in own.sorted_tables if table.info.get("rebuild") not in _STAY]
    return [*derived, *replicas.metadata.sorted_tables, *heard]


def _swap(target: Runtime, shadow: Engine) -> int:
    every = swapped(target.service.metadata)
    walled = [table for table in every if walls.walled(table)]
    with target.database.gate.writing(), begin(shadow, "", writing=True, role=Role.WORKER) as db:
        if db.dialect.name != "postgresql":
            return _replace(db, every)
        # Bounded by the lease and not by the limit for pages.
        db.exec_driver_sql("SET LOCAL statement_timeout = 0")
        codes = _authorities(db)
        moved = _replace(db, [table for table in every if table not in walled])
        for code in codes:
            # Nobody sees behind the walls of all authorities at once, so they are swapped one by one.
            bind(db, code)
            moved += _replace(db, walled)
        return moved


def _authorities(db: Connection) -> list[str]:
    """All that the live tables or the shadow know of."""
    every = f"SELECT code FROM authority UNION SELECT code FROM {SHADOW}.authority ORDER BY code"  # noqa: S608  our own names
    return list(db.exec_driver_sql(every).scalars())


def _replace(db: Connection, every: Sequence[Table]) -> int:
    """Rows of the shadow instead of the live ones, as far as this connection sees them."""
    moved, preparer = 0, db.dialect.identifier_preparer
    # Children before parents, or foreign keys refuse.
    for table in reversed(every):
        db.exec_driver_sql(f"DELETE FROM {preparer.quote(table.name)}")  # noqa: S608  our own names
    for table in every:
        moved += _copy(db, table, preparer.quote(table.name), f"{SHADOW}.")
        _count_on(db, table)
    return moved


def _copy(db: Connection, table: Table, target: str, source: str) -> int:
    preparer = db.dialect.identifier_preparer
    columns = ", ".join(preparer.quote(column.name) for column in table.c)
    every = f"SELECT {columns} FROM {source}{preparer.quote(table.name)}"  # noqa: S608  our own names
    return db.exec_driver_sql(f"INSERT INTO {target} ({columns}) {every}").rowcount


def _count_on(db: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from a sequence, which copied rows do not move."""
    column = table.autoincrement_column
    if db.dialect.name != "postgresql" or column is None or column.autoincrement is not True:
        return
    name, number = (db.dialect.identifier_preparer.quote(one) for one in (table.name, column.name))
    counter = f"pg_get_serial_sequence('{name}', '{number}')::regclass"
    # Only forward: the rows seen may be one authority's, and another's may have higher numbers.
    db.exec_driver_sql(
        f"SELECT setval({counter}, last) FROM (SELECT max({number}) AS last FROM {name}) AS found"  # noqa: S608  our own names
        f" WHERE last > coalesce(pg_sequence_last_value({counter}), 0)"
    )
