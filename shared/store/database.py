"""One service's database: the only place where its transactions begin."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine

from shared import logs
from shared.actor import Scope
from shared.contracts.message import Origin
from shared.store import engine as engines
from shared.store.roles import Role
from shared.store.transaction import Tools, Transaction

_log = logs.get("store")


class Signal:
    """Wakes who waits for new rows. A wait that misses it ends by its time-out, so it is a hint and never a
    promise.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    def notify(self) -> None:
        """Say that something is there."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    @property
    def count(self) -> int:
        """How often it was said; hand it to `wait` to miss nothing in between."""
        return self._count

    def wait(self, seen: int, timeout: float) -> None:
        """Until somebody says so after `seen`, or `timeout` seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._count != seen, timeout)


class Outage:
    """Says once that the database is away and once that it is back, however many ask meanwhile."""

    def __init__(self, service: str) -> None:
        self._service, self._lock = service, threading.Lock()
        self._since: float | None = None

    def met(self, problem: Exception) -> None:
        """Somebody could not reach it, or was not answered."""
        with self._lock:
            if self._since is None:
                self._since = time.monotonic()
                _log.error("database_unavailable", service=self._service, fault=logs.fault(problem))

    def over(self) -> None:
        """Somebody was served."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
        if since is not None:
            seconds = round(time.monotonic() - since, 1)
            _log.warning("database_available", service=self._service, seconds=seconds)


class Database:
    """Opens transactions for a scope; tells the relay when facts were committed."""

    def __init__(self, engine: Engine, tools: Tools, role: Role = Role.APPLICATION) -> None:
        self.engine = engine
        self.role = role
        self.tools = tools
        self.published = Signal()
        self.outage = Outage(tools.service)
        self.gate = engines.Gate(engine)

    @contextmanager
    def transaction(self, scope: Scope, role: Role | None = None) -> Iterator[Transaction[Any]]:
        """State, audit, journal and outbox commit together at the end of the block, or none of it. In the
        role of this process unless told otherwise.
        """
        # Somebody waits for this page; a history or a pump can wait its turn.
        urgent = scope.origin is Origin.LIVE and not scope.actor.is_system
        with (
            self.gate.writing(urgent=urgent),
            self._begun(scope.authority, role or self.role, writing=True) as db,
        ):
            tx: Transaction[Any] = Transaction(db, self.tools, scope)
            yield tx
            # Last, so that nothing can be read or written after its facts were numbered under their locks.
            published = tx.flush()
        if published:
            # Only after the commit: a relay woken earlier would find nothing and go back to sleep.
            self.published.notify()

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Transaction[Any]]:
        """A consistent view without a write lock. A fact published here is a fault: it would be lost."""
        with self._begun(scope.authority, self.role, writing=False) as db:
            tx: Transaction[Any] = Transaction(db, self.tools, scope)
            yield tx
            if tx.pending:
                raise RuntimeError("A fact was published in a transaction that only reads.")

    @contextmanager
    def plumbing(self, *, writing: bool = True, lasting: bool = True) -> Iterator[Connection]:
        """The kernel's own tables, for all authorities: relay, deferred records, leases. No tenant table
        opens here. What is not `lasting` may be forgotten by a power cut.
        """
        gate = self.gate.writing(urgent=False) if writing else nullcontext()
        with gate, self._begun("", Role.WORKER, writing=writing, lasting=lasting) as db:
            yield db

    @contextmanager
    def _begun(
        self, authority: str, role: Role, *, writing: bool, lasting: bool = True
    ) -> Iterator[Connection]:
        try:
            with engines.begin(self.engine, authority, writing=writing, role=role, lasting=lasting) as db:
                yield db
        except engines.AWAY as problem:
            self.outage.met(problem)
            raise
        self.outage.over()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
