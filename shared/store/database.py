"""One service's database: the only place where its transactions begin."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine

from shared.actor import Scope
from shared.contracts.message import Origin
from shared.store import engine as engines
from shared.store.roles import Role
from shared.store.transaction import Tools, Transaction


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


class Database:
    """Opens transactions for a scope; tells the relay when facts were committed."""

    def __init__(self, engine: Engine, tools: Tools, role: Role = Role.APPLICATION) -> None:
        self.engine = engine
        self.role = role
        self.tools = tools
        self.published = Signal()
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
            engines.begin(self.engine, scope.authority, writing=True, role=role or self.role) as db,
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
        with engines.begin(self.engine, scope.authority, writing=False, role=self.role) as db:
            tx: Transaction[Any] = Transaction(db, self.tools, scope)
            yield tx
            if tx.pending:
                raise RuntimeError("A fact was published in a transaction that only reads.")

    @contextmanager
    def plumbing(self, *, writing: bool = True) -> Iterator[Connection]:
        """The kernel's own tables, for all authorities: relay, deferred records, leases. No tenant table
        opens here.
        """
        gate = self.gate.writing(urgent=False) if writing else nullcontext()
        with gate, engines.begin(self.engine, "", writing=writing, role=Role.WORKER) as db:
            yield db

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
