"""The processes of a simulated region: the kernel's own parts, each with its memory and way to the bus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

from shared.crypto import Vault
from shared.messaging.consumer import Consumer
from shared.messaging.deferred import Shelf
from shared.messaging.ports import Message, Record
from shared.messaging.relay import LEFT, Relay
from shared.messaging.worker import Watchdog, Worker
from shared.runtime import Runtime, Turn
from shared.settings import Settings, from_environment
from shared.store.database import Database
from tests.faults.simulated_log import SimulatedLog
from tests.faults.simulated_services import LISTENER, TOPICS

VAULT = Vault((b"k" * 32,))


def _settings() -> Settings:
    with TemporaryDirectory() as folder:
        return from_environment({"HEED_DATA": folder})


SETTINGS = _settings()


class Clock:
    """The region's only clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        """Time passes, or jumps back."""
        self.now += by


class Hand(Worker):
    """A worker without threads: one batch, one round of letters. A fault ends it at once."""

    def __init__(self, runtime: Runtime, member: str) -> None:
        super().__init__(runtime, member)
        self.reader = runtime.log.reader(LISTENER, TOPICS, member)
        self.watch = Watchdog(lambda: 0, lambda: 0.0)
        # Its pauses end at once.
        self.stop()

    def consume(self) -> None:
        """One batch."""
        self._consume_once(self.reader, self.watch)

    def _apply(self, records: Sequence[Record]) -> bool:
        # One attempt: what a worker would try again, its successor does.
        self.consumer.apply(records)
        return True

    def post(self, authority: str) -> None:
        """One round of letters."""
        for pump in self.runtime.service.pumps:
            pump(Turn(self.runtime, authority))

    def tidy(self) -> None:
        """What was parked too long is refused."""
        with self.runtime.database.plumbing() as db:
            Shelf(db, VAULT, LISTENER).give_up_waiting(self.runtime.clock())


@dataclass(frozen=True)
class Kernel:
    """The parts of the kernel that a planted bug may replace."""

    database: type[Database] = Database
    relay: type[Relay] = Relay
    consumer: type[Consumer] = Consumer
    hand: type[Hand] = Hand

    def hand_of(self, runtime: Runtime, member: str) -> Hand:
        """A worker that is made of these parts."""
        hand = self.hand(runtime, member)
        hand.consumer = self.consumer(runtime.service, runtime.database)
        hand.relay = self.relay(runtime.database, runtime.log)
        return hand


SOUND = Kernel()


class Sending:
    """Who is sending from one outbox since when: two within what a relay must have left are two too many."""

    def __init__(self, clock: Clock, notice: Callable[[str], None]) -> None:
        self._clock, self._notice = clock, notice
        self._since: dict[int, datetime] = {}

    def begin(self, sender: object) -> None:
        """One begins."""
        if any(self._clock() < since + LEFT for since in self._since.values()):
            self._notice("Two relays send from one outbox at once.")
        self._since[id(sender)] = self._clock()

    def end(self, sender: object) -> None:
        """It has ended, or its process has."""
        del self._since[id(sender)]


class RelayedLog(SimulatedLog):
    """The bus as relays of one outbox see it."""

    sending: Sending

    def append(self, messages: Sequence[Message]) -> None:
        """Noted while it lasts."""
        self.sending.begin(self)
        try:
            super().append(messages)
        finally:
            self.sending.end(self)
