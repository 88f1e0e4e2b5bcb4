"""Engines that behave alike: SQLite in WAL with FULL (a power cut loses nothing), PostgreSQL with an
authority setting.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from shared.store import guard, roles
from shared.store.roles import Role

WRITING, LASTING, _FLUSHES = "heed.writing", "heed.lasting", "heed.flushes"
# What a statement raises while the database is away, is starting, or lets nobody in any more.
AWAY = (OperationalError, InterfaceError, TimeoutError)
# Seconds for one statement: nobody waits longer for a page, a batch may take its time.
_STATEMENT = {Role.APPLICATION: 20, Role.WORKER: 60, Role.CROSSING: 20}
# The server says itself that it took too long; whoever hears nothing for so much longer gives it up.
_MARGIN = 5
# As patient as SQLite with a lock.
_LIMITS = (("lock_timeout", "15s"), ("idle_in_transaction_session_timeout", "60s"))


def open_engine(url: str) -> Engine:
    """Connects to nothing yet. `sqlite:///path` or `postgresql+psycopg://…`; parameters never reach a log."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": 15, "check_same_thread": False}
        )
        _prepare_sqlite(engine)
    else:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=8,
        )
        # The driver is loaded only where it is needed.
        from shared.store import patience

        patience.watch(engine)
        roles.watch(engine)
    guard.watch(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver would begin transactions itself, deferred and only before writes; we begin them below.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    # No listener, for the reason that the guard is none.
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[assignment,method-assign]


def _begin_sqlite(connection: PoolProxiedConnection) -> None:
    info, driver = connection.info, cast("sqlite3.Connection", connection.driver_connection)
    writing, lasting = info.pop(WRITING, False), info.pop(LASTING, True)
    if lasting is not info.get(_FLUSHES, True):
        info[_FLUSHES] = lasting
        driver.execute(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
    # A deferred writer that read first fails at once when another wrote since; waiting does not help it.
    driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")


def attach(engine: Engine, name: str) -> None:
    """A second set of tables beside the first: on SQLite a file next to the database, on PostgreSQL a schema
    that its owner makes.
    """
    if engine.dialect.name != "sqlite":
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
def begin(
    engine: Engine, authority: str, *, writing: bool, role: Role = Role.APPLICATION, lasting: bool = True
) -> Iterator[Connection]:
    """One database transaction with the authority bound; commits at the end, rolls back on any error. One
    that is not `lasting` is as whole as every other, but a crash of the server or a power cut may undo it.
    """
    with engine.connect() as connection:
        connection.info[WRITING], connection.info[LASTING] = writing, lasting
        with connection.begin():
            _begin(connection, authority, role, lasting=lasting)
            try:
                yield connection
            finally:
                # The pool hands this connection to somebody else next; one that broke goes to nobody, and
                # asking it would hide why it broke.
                if not connection.invalidated:
                    connection.info.pop(guard.BOUND, None)


def _begin(connection: Connection, authority: str, role: Role, *, lasting: bool) -> None:
    connection.info[guard.BOUND], connection.info[roles.WORN] = authority, role
    if connection.dialect.name == "postgresql":
        # One round trip, and local to the transaction: nothing is left for who gets the connection next,
        # from our pool or from a pooler in between.
        chosen = [
            ("heed.authority", authority),
            ("role", roles.chosen(connection, role)),
            ("statement_timeout", f"{_STATEMENT[role]}s"),
            *_LIMITS,
            *([] if lasting else [("synchronous_commit", "off")]),
        ]
        driver: Any = connection.connection.driver_connection
        driver.longest = _STATEMENT[role] + _MARGIN
        calls = ", ".join("set_config(%s, %s, true)" for _ in chosen)
        connection.exec_driver_sql(f"SELECT {calls}", tuple(part for pair in chosen for part in pair))


def bind(connection: Connection, authority: str) -> None:
    """Name the authority whose rows may be touched from here on ('' for none)."""
    connection.info[guard.BOUND] = authority
    if connection.dialect.name == "postgresql":
        # Local to the transaction (`true`), so a pooled connection cannot carry it into the next.
        connection.exec_driver_sql("SELECT set_config('heed.authority', %s, true)", (authority,))
