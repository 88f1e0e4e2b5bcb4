"""The demo's invented history, played through the services' own actions while people already use the pages.

Each service plays its own part again and again until no part has anything left to do; between two turns the
facts travel over the bus as always. Acts are committed in batches: an act is a savepoint, a batch is a
transaction.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared import logs
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.contracts.message import Origin
from shared.messaging.relay import Relay
from shared.messaging.worker import topics_of
from shared.region import Region
from shared.runtime import Runtime
from shared.store.transaction import Transaction

_log = logs.get("rehearsal")

CONTACTS = {"small": 1_200, "realistic": 100_000}
ACTS = 8
# While more facts than this are on their way the play pauses: what people do must not queue behind it.
BACKLOG = 150


class Interrupted(Exception):
    """The process ends; the history is taken up again at the next start."""


@dataclass
class Part:
    """One service's stage. `between` is called after each batch, when nothing is held."""

    runtime: Runtime
    contacts: int
    between: Callable[[], None] = lambda: None
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
        # An act that is refused half-way must not leave its first half in the batch.
        with tx.within(scope), tx.savepoint():
            yield tx
        self.acts += 1

    def _batch(self, scope: Scope) -> Transaction[Any]:
        if self.tx is None or self.acts >= ACTS:
            self.commit()
            self.between()
            self.tx = self.open.enter_context(self.runtime.database.transaction(scope))
        return self.tx

    def commit(self) -> None:
        """End the batch; others may write."""
        self.open.close()
        self.tx, self.acts = None, 0


class Rehearsal:
    """Plays in a thread of its own. `scale` None plays only what every run needs: authorities, accounts."""

    def __init__(self, region: Region, scale: str | None) -> None:
        self._region = region
        self._contacts = CONTACTS[scale] if scale else 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play, name="rehearsal", daemon=True)
        self._relays = [Relay(one.database, region.log) for one in region.runtimes.values()]

    def start(self) -> None:
        """The authorities and accounts are there when this returns; the history follows."""
        # In this thread: the first page needs authorities and accounts to show.
        self.turn(contacts=0)
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    @property
    def playing(self) -> bool:
        """Whether the history is still being filled in."""
        return self._thread.is_alive()

    def turn(self, contacts: int | None = None, between: Callable[[], None] = lambda: None) -> int:
        """Each service plays what it can. Returns how many acts that were."""
        wanted = self._contacts if contacts is None else contacts
        parts = [Part(one, wanted, between) for one in self._region.runtimes.values()]
        return sum(_act(part) for part in parts)

    def play(self, waiting: Callable[[], None] = lambda: None) -> None:
        """The whole history, in this thread. `waiting` is called while facts of earlier turns travel; what it
        raises ends the play.
        """
        quiet = 0
        # Facts travel between two turns, so one quiet turn does not mean that nothing comes any more.
        while quiet < 20:
            quiet = 0 if self.turn(between=lambda: self._let_others(waiting)) else quiet + 1
            self._stop.wait(0.5)

    def _play(self) -> None:
        try:
            self.play()
        except Interrupted:
            return
        except Exception as problem:  # noqa: BLE001  a demo that cannot go on must not take the pages with it
            _log.error("rehearsal_stopped", fault=logs.fault(problem))
            return
        _log.info("rehearsal_complete")

    def _let_others(self, waiting: Callable[[], None]) -> None:
        # What people do travels behind what the play has published, so the play never gets far ahead.
        self._stop.wait(0.03)
        while not self._stop.is_set() and self.backlog() > BACKLOG:
            waiting()
            self._stop.wait(0.2)
        if self._stop.is_set():
            raise Interrupted

    def backlog(self) -> int:
        """How many facts are on their way: not sent yet, or not heard by everybody."""
        unsent = sum(relay.waiting()[0] for relay in self._relays)
        unheard = sum(
            one.behind
            for runtime in self._region.runtimes.values()
            for one in self._region.log.standing(runtime.name, topics_of(runtime))
        )
        return unsent + unheard


def _act(part: Part) -> int:
    if part.runtime.service.rehearse is None:
        return 0
    with part.open:
        return part.runtime.service.rehearse(part)
