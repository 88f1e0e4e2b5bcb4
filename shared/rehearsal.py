"""The demo's invented history, played through the services' own actions while people already use the pages.

Each service plays its own part again and again until no part has anything left to do; between two turns the
facts travel over the bus as always. Acts are committed in batches: an act is a savepoint, a batch is a
transaction.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared import logs
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.contracts.message import Origin
from shared.region import Region
from shared.runtime import Runtime
from shared.store.transaction import Transaction

_log = logs.get("rehearsal")

CONTACTS = {"small": 1_200, "realistic": 100_000}
ACTS = 100


@dataclass
class Part:
    """One service's stage. Closing it commits what is open."""

    runtime: Runtime
    contacts: int
    open: ExitStack = field(default_factory=ExitStack)
    tx: Transaction[Any] | None = None
    acts: int = 0

    @property
    def now(self) -> datetime:
        """Where the history ends."""
        return self.runtime.clock()

    @contextmanager
    def transaction(self, authority: str, at: datetime, user: str = "") -> Iterator[Transaction[Any]]:
        """A savepoint in the batch that is open."""
        scope = Scope(authority, Actor(user or f"system:{self.runtime.name}"), new_id(), Origin.DEMO, at)
        tx = self._batch(scope)
        with tx.within(scope), tx.savepoint():
            yield tx
        self.acts += 1

    def _batch(self, scope: Scope) -> Transaction[Any]:
        if self.tx is None or self.acts >= ACTS:
            self.commit()
            self.tx = self.open.enter_context(self.runtime.database.transaction(scope))
        return self.tx

    def commit(self) -> None:
        """End the batch; others may write."""
        self.open.close()
        self.tx, self.acts = None, 0


class Rehearsal:
    """Plays in a thread of its own. `scale` None plays nothing but what every run needs (authorities,
    accounts).
    """

    def __init__(self, region: Region, scale: str | None) -> None:
        self._region = region
        self._contacts = CONTACTS[scale] if scale else 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play, name="rehearsal", daemon=True)

    def start(self) -> None:
        """The first turn is played at once, so that there is somebody to sign in."""
        self.turn()
        self._thread.start()

    def stop(self) -> None:
        """End after the act in hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def turn(self) -> int:
        """Each service plays what it can. Returns how many acts that were."""
        return sum(self._part(runtime) for runtime in self._region.runtimes.values())

    def _part(self, runtime: Runtime) -> int:
        if runtime.service.rehearse is None:
            return 0
        part = Part(runtime, self._contacts)
        with part.open:
            return runtime.service.rehearse(part)

    def _play(self) -> None:
        quiet = 0
        try:
            while quiet < 20 and not self._stop.is_set():
                quiet = 0 if self.turn() else quiet + 1
                self._stop.wait(0.5 if quiet else 0.02)
        except Exception as problem:  # noqa: BLE001  a demo that cannot go on must not take the pages with it
            _log.error("rehearsal_stopped", fault=logs.fault(problem))
            return
        _log.info("rehearsal_complete")
