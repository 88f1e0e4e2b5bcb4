"""The process beside the web: relay, consumer and pumps of one service. Crash-only: a fault ends it, its
supervisor starts it again, and nothing is lost by that at any point.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from shared import logs, replicas
from shared.clock import new_id
from shared.contracts import PUBLISHERS
from shared.errors import Unavailable
from shared.messaging.consumer import Consumer
from shared.messaging.deferred import Shelf
from shared.messaging.ports import Fenced, Reader, Record
from shared.messaging.rebuild import rests
from shared.messaging.relay import Relay
from shared.runtime import Runtime, Turn

_log = logs.get("worker")

POLL = 0.5
BATCH = 200
# A writer has a SQLite file to itself: short batches let people in between.
EMBEDDED_BATCH = 25
PUMP_EVERY = 1.0
TIDY_EVERY = 3600.0
_LONGEST_SESSION = timedelta(days=1)
ATTEMPTS = 6
STUCK_AFTER = 60.0
_LONGEST_PAUSE = 5.0


class Stuck(Exception):
    """Records wait, yet the position has not moved for a minute: the client has stalled, start anew."""


class Worker:
    """Runs until `stop()` or a fault; `run()` raises the fault."""

    def __init__(self, runtime: Runtime, member: str = "") -> None:
        self.runtime = runtime
        self.consumer = Consumer(runtime.service, runtime.database)
        self.relay = Relay(runtime.database, runtime.log)
        self._member = member or f"{runtime.name}-{new_id()}"
        self._stop = threading.Event()
        self._batch = EMBEDDED_BATCH if runtime.database.engine.dialect.name == "sqlite" else BATCH
        self._fault: BaseException | None = None
        self._tidied = float("-inf")
        self.heartbeat = runtime.settings.data / f"{runtime.name}.alive" if runtime.settings.data else None

    def run(self) -> None:
        """All three loops, each in its thread."""
        loops = (self._relay, self._consume, self._pump)
        threads = [
            threading.Thread(target=self._guarded, args=(loop,), name=f"{self.runtime.name}{loop.__name__}")
            for loop in loops
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._fault is not None:
            raise self._fault

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stop.set()
        self.runtime.database.published.notify()

    def _guarded(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        except BaseException as problem:  # noqa: BLE001  crash-only: whatever it is ends the process, and is raised by run()
            self._fault = self._fault or problem
            _log.error("worker_stopped", service=self.runtime.name, fault=logs.fault(problem))
            # One dead loop would go unnoticed beside two live ones; all end, and the supervisor starts anew.
            self.stop()

    def _relay(self) -> None:
        pause = 0.1
        while not self._stop.is_set():
            # Before the look: a fact committed between look and wait would else sleep a whole round.
            seen = self.runtime.database.published.count
            try:
                moved = self.relay.run_once()
                pause = 0.1
            except Unavailable:
                _log.warning("bus_unavailable", service=self.runtime.name)
                self._stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            if not moved:
                self.runtime.database.published.wait(seen, 0.25)

    def _consume(self) -> None:
        service = self.runtime.service
        topics = topics_of(self.runtime)
        # Joined inside the thread: a member belongs to the one thread that polls.
        reader = self.runtime.log.reader(service.name, topics, self._member)
        watch = Watchdog(lambda: sum(one.behind for one in self.runtime.log.standing(service.name, topics)))
        try:
            while not self._stop.is_set():
                self._consume_once(reader, watch)
        finally:
            _close(reader)

    def _consume_once(self, reader: Reader, watch: "Watchdog") -> None:
        if rests(self.runtime.database):
            self._stop.wait(0.5)
            return
        try:
            records = reader.poll(POLL, self._batch)
        except Unavailable:
            self._stop.wait(1.0)
            return
        watch.saw(len(records))
        # The position moves after the database has it: a crash in between means a repeat, never a loss.
        if records and self._apply(records):
            try:
                reader.commit()
            except (Fenced, Unavailable):
                # The work is in the database; whoever reads these records again finds them claimed.
                _log.info("commit_lost", service=self.runtime.name)

    def _apply(self, records: Sequence[Record]) -> bool:
        pause = 0.1
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self.consumer.apply(records)
                return True
            except Exception as problem:
                if attempt == ATTEMPTS:
                    raise
                _log.warning(
                    "batch_retried", service=self.runtime.name, fault=logs.fault(problem), attempt=attempt
                )
                if self._stop.wait(pause):
                    return False
                pause = min(pause * 2, _LONGEST_PAUSE)
        return False

    def _pump(self) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            self.pump_once()
            self._beat()
            self._stop.wait(max(0.05, PUMP_EVERY - (time.monotonic() - started)))

    def pump_once(self) -> int:
        """Each authority's turn of each pump, and the kernel's own due work. Returns how much was done."""
        done = self._tidy()
        for authority in self.runtime.authorities():
            turn = Turn(self.runtime, authority)
            for pump in self.runtime.service.pumps:
                done += pump(turn)
        return done

    def _tidy(self) -> int:
        now = time.monotonic()
        if now - self._tidied > TIDY_EVERY:
            self._tidied = now
            with self.runtime.database.transaction(self.runtime.system("")) as tx:
                replicas.forget_ended_sessions(tx, _LONGEST_SESSION)
        tools = self.runtime.database.tools
        with self.runtime.database.plumbing(writing=False) as db:
            if not Shelf(db, tools.vault, tools.service).has_overdue(tools.clock()):
                return 0
        with self.runtime.database.plumbing() as db:
            return Shelf(db, tools.vault, tools.service).give_up_waiting(tools.clock())

    def _beat(self) -> None:
        if self.heartbeat is not None:
            Path(self.heartbeat).touch()


class Watchdog:
    """Raises Stuck when records wait and none has come for a minute: a client can stall without an error."""

    def __init__(self, behind: Callable[[], int], now: Callable[[], float] = time.monotonic) -> None:
        self._behind, self._now = behind, now
        self._since = now()

    def saw(self, records: int) -> None:
        """Tell it how many came with the last poll."""
        if records:
            self._since = self._now()
        elif self._now() - self._since > STUCK_AFTER:
            if self._behind() > 0:
                raise Stuck
            self._since = self._now()


def topics_of(runtime: Runtime) -> frozenset[str]:
    """The topics a service listens to; one with `{service}` stands for those of all publishers."""
    return frozenset(
        topic.replace("{service}", name)
        for topic in runtime.service.subscriptions.topics
        for name in PUBLISHERS
    )


def _close(reader: Reader) -> None:
    try:
        reader.close()
    except (Unavailable, OSError):
        _log.info("reader_left_without_goodbye")
