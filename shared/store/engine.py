"""Engines that behave alike: SQLite in WAL with FULL (a power cut loses nothing), PostgreSQL with an
authority setting.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from shared.store import guard

WRITING = "heed.writing"


def open_engine(url: str) -> Engine:
    """Connects to nothing yet. `sqlite:///path` or `postgresql+psycopg://…`; parameters never reach a log."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": 15, "check_same_thread": False}
        )
        _prepare_sqlite(engine)
    else:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=8, max_overflow=8)
    guard.watch(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver would begin transactions itself, deferred and only before writes; we begin them below.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        # A deferred writer that read first fails at once when another wrote since; waiting does not help it.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def attach(engine: Engine, name: str) -> None:
    """A second set of tables beside the first, as a schema; on SQLite a file next to the database."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
        return
    path = f"{engine.url.database}.{name}"

    @event.listens_for(engine, "connect")
    def _attach(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"ATTACH DATABASE ? AS {name}", (path,))
        connection.execute(f"PRAGMA {name}.journal_mode=WAL")


class Gate:
    """Lets one writer of this process at a time into a SQLite file, people before background work.

    SQLite's own busy handler waits unfairly (up to 100 ms a try), and a thread that writes one batch after
    the other would keep a page waiting for seconds. For PostgreSQL the gate stands open.
    """

    def __init__(self, engine: Engine) -> None:
        self._needed = engine.dialect.name == "sqlite"
        self._turn = threading.Condition()
        self._busy = False
        self._people = 0

    @contextmanager
    def writing(self, *, urgent: bool = True) -> Iterator[None]:
        """Hold the gate for one transaction."""
        if not self._needed:
            yield
            return
        self._enter(urgent)
        try:
            yield
        finally:
            with self._turn:
                self._busy = False
                # All of them: who is woken must judge anew whether a person goes first.
                self._turn.notify_all()

    def _enter(self, urgent: bool) -> None:
        with self._turn:
            self._people += urgent
            self._turn.wait_for(lambda: not self._busy and (urgent or not self._people))
            self._people -= urgent
            self._busy = True


@contextmanager
def begin(engine: Engine, authority: str, *, writing: bool) -> Iterator[Connection]:
    """One database transaction with the authority bound; commits at the end, rolls back on any error."""
    with engine.connect().execution_options(**{WRITING: writing}) as connection, connection.begin():
        bind(connection, authority)
        try:
            yield connection
        finally:
            # The pool hands this connection to somebody else next.
            connection.info.pop(guard.BOUND, None)


def bind(connection: Connection, authority: str) -> None:
    """Name the authority whose rows may be touched from here on ('' for none)."""
    connection.info[guard.BOUND] = authority
    if connection.dialect.name == "postgresql":
        # Local to the transaction (`true`), so a pooled connection cannot carry it into the next.
        connection.exec_driver_sql("SELECT set_config('heed.authority', %s, true)", (authority,))
