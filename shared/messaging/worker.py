"""The process beside the web: relay, consumer and pumps of one service. Crash-only: a fault ends it, its
supervisor starts it again, and nothing is lost by that at any point.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from shared import logs, replicas
from shared.clock import new_id
from shared.errors import Misconfigured, Unavailable
from shared.messaging.consumer import Consumer
from shared.messaging.deferred import Shelf
from shared.messaging.hearing import Hearing
from shared.messaging.portions import Portions
from shared.messaging.ports import Fenced, Reader, Record, Stuck, Use
from shared.messaging.relay import Relay
from shared.messaging.resting import Resting, rests
from shared.messaging.uses import use_of
from shared.runtime import Runtime, Turn
from shared.service import Pump
from shared.vitals import HEARD, OUTSIDE, SENT, Vitals

_log = logs.get("worker")

POLL = 0.5
# A fact of this process wakes the relay. One that another process wrote is found by looking: often while some
# come, seldom at rest.
LOOKS, RESTS, SLOWER = 0.02, 0.25, 1.5
BATCH = 200
# A writer has a SQLite file to itself: short batches let people in between.
EMBEDDED_BATCH = 25
# Every authority's turn of every pump is a transaction, also when nothing is due.
PUMP_EVERY = 2.0
TIDY_EVERY = 3600.0
RETRY_EVERY = timedelta(seconds=30)
_LONGEST_SESSION = timedelta(days=1)
ATTEMPTS = 6
STUCK_AFTER = 60.0
_LONGEST_PAUSE = 5.0
_LONGEST_WAIT = 1.0


class Worker:
    """Runs until `stop()` or a fault; `run()` raises the fault."""

    def __init__(self, runtime: Runtime, member: str = "") -> None:
        self.runtime = runtime
        self.consumer = Consumer(runtime.service, runtime.database)
        self._member = member or f"{runtime.name}-{new_id()}"
        self.relay = Relay(runtime.database, runtime.log, self._member)
        self.vitals = Vitals(runtime.clock)
        self._hearing = Hearing(self._behind)
        self._stop = threading.Event()
        embedded = runtime.database.engine.dialect.name == "sqlite"
        self._portions = Portions(EMBEDDED_BATCH if embedded else BATCH)
        self._fault: BaseException | None = None
        self._tidied = float("-inf")
        self._retried = runtime.clock()
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
        # Left behind only by a worker that crashed or hangs, so that the doctor can tell.
        if self.heartbeat is not None:
            self.heartbeat.unlink(missing_ok=True)

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
        pause, look = 0.1, RESTS
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
            if moved:
                look = LOOKS
                continue
            self.runtime.database.published.wait(seen, look)
            look = min(look * SLOWER, RESTS)

    def _consume(self) -> None:
        use = use_of(self.runtime.service)
        # Joined inside the thread: a member belongs to the one thread that polls.
        reader = self._join(use)
        if reader is None:
            return
        watch = Watchdog(self._behind)
        try:
            while not self._stop.is_set():
                self._consume_once(reader, watch)
        finally:
            _close(reader)

    def _join(self, use: Use) -> Reader | None:
        """None when stopped before the bus could be reached; the relay and the pumps go on meanwhile."""
        while not self._stop.is_set():
            try:
                return self.runtime.log.reader(use.group, use.reads, self._member)
            except Unavailable:
                _log.warning("bus_unavailable", service=self.runtime.name)
                self._stop.wait(1.0)
        return None

    def _consume_once(self, reader: Reader, watch: "Watchdog") -> None:
        began = self.runtime.clock()
        try:
            records = reader.poll(POLL, self._portions.size)
        except (Fenced, Unavailable):
            watch.rest()
            self._stop.wait(1.0)
            return
        # The position moves after the database has it: a crash in between means a repeat, never a loss.
        if records and self._apply(records):
            try:
                reader.commit()
            except (Fenced, Unavailable):
                # The work is in the database; whoever reads these records again finds them claimed.
                _log.info("commit_lost", service=self.runtime.name)
        # Only now: while a rebuild lets them wait nothing can come.
        watch.saw(len(records))
        self._note_hearing(len(records), began)

    def _note_hearing(self, records: int, began: datetime) -> None:
        try:
            if self._hearing.keeps_up(records):
                self.vitals.note(HEARD, began)
        except Unavailable:
            _log.warning("bus_unavailable", service=self.runtime.name)

    def _behind(self) -> int:
        use = use_of(self.runtime.service)
        return sum(one.behind for one in self.runtime.log.standing(use.group, use.reads))

    def _apply(self, records: Sequence[Record]) -> bool:
        pause, faults = 0.1, 0
        while True:
            started = self.runtime.clock()
            try:
                self.consumer.apply(records)
                self._portions.took(len(records), (self.runtime.clock() - started).total_seconds())
                return True
            except Resting:
                pause = 0.5
            except Exception as problem:
                # What is away comes back, and records wait for it; a lasting fault needs a fresh start.
                faults += not isinstance(problem, Unavailable)
                if faults == ATTEMPTS:
                    raise
                _log.warning("batch_retried", service=self.runtime.name, fault=logs.fault(problem))
            if self._stop.wait(pause):
                return False
            pause = min(pause * 2, _LONGEST_WAIT)

    def _pump(self) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            self.pump_once()
            self.beat()
            self._stop.wait(max(0.05, PUMP_EVERY - (time.monotonic() - started)))

    def pump_once(self) -> int:
        """Each authority's turn of each pump, and the kernel's own due work. Returns how much was done."""
        done = self._tidy() + self._retry_parked()
        for authority in self.runtime.authorities():
            turn = Turn(self.runtime, authority)
            for pump in self.runtime.service.pumps:
                done += self._turn_of(pump, turn)
        if self.vitals.is_due():
            self._take_stock()
        return done

    def _take_stock(self) -> None:
        """Note for the pages what of this service's surroundings is well."""
        now = self.runtime.clock()
        self.vitals.note(SENT, self.relay.unsent_since() or now)
        try:
            if OUTSIDE in self.runtime.service.late:
                self.runtime.database.tools.gateway.check()
                self.vitals.note(OUTSIDE, now)
        except (Unavailable, Misconfigured) as problem:
            _log.warning("part_unavailable", service=self.runtime.name, fault=logs.fault(problem))
        self.vitals.keep(self.runtime.database)

    def _turn_of(self, pump: Pump, turn: Turn) -> int:
        try:
            return pump(turn)
        except Unavailable as problem:
            # One part that is away keeps neither the other pumps nor relay and consumer from their work.
            _log.warning("part_unavailable", service=self.runtime.name, fault=logs.fault(problem))
            return 0

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

    def _retry_parked(self) -> int:
        now = self.runtime.clock()
        # A clock that was set back counts as long enough.
        if abs(now - self._retried) < RETRY_EVERY:
            return 0
        self._retried = now
        with self.runtime.database.plumbing(writing=False) as db:
            if rests(db, now):
                return 0
        try:
            return self.consumer.retry_parked()
        except Unavailable as problem:
            _log.warning("part_unavailable", service=self.runtime.name, fault=logs.fault(problem))
            return 0

    def beat(self) -> None:
        """Leave a sign of life."""
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

    def rest(self) -> None:
        """Nothing can come now, so nothing says that the client has stalled."""
        self._since = self._now()


def topics_of(runtime: Runtime) -> frozenset[str]:
    """The topics a service listens to."""
    return use_of(runtime.service).reads


def _close(reader: Reader) -> None:
    try:
        reader.close()
    except (Unavailable, OSError):
        _log.info("reader_left_without_goodbye")
