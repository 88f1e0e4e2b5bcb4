"""All services of a region in one process: the embedded run, the demo and the tests."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared import logs
from shared.clock import Clock, wall_clock
from shared.contracts import all_topics
from shared.fitness import check
from shared.messaging.open import open_log
from shared.messaging.ports import Log, Reader
from shared.messaging.worker import BATCH, Worker, topics_of
from shared.runtime import Carrier, Runtime, assemble
from shared.service import Service
from shared.settings import Settings
from shared.store.migrate import migrate
from shared.vitals import HEARD

_log = logs.get("region")
_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_LONG_ENOUGH = 60.0


@dataclass(frozen=True)
class Region:
    """Five runtimes on one bus."""

    settings: Settings
    log: Log
    runtimes: dict[str, Runtime]

    def __getitem__(self, service: str) -> Runtime:
        return self.runtimes[service]

    def close(self) -> None:
        """Give everything back."""
        for runtime in self.runtimes.values():
            runtime.database.close()
        self.log.close()


def open_region(
    settings: Settings, services: Sequence[Service], carrier: Carrier, clock: Clock = wall_clock
) -> Region:
    """Topics ensured, embedded databases made or brought up, nothing running yet."""
    log = open_log(settings)
    log.ensure(all_topics())
    embedded = settings.database.startswith("sqlite")
    for one in services if embedded else ():
        migrate(one, settings)
    region = Region(
        settings, log, {one.name: assemble(one, settings, log, carrier, clock) for one in services}
    )
    for runtime in region.runtimes.values() if not embedded else ():
        # On a server the tables are brought up by the job that owns them, never by who works with them.
        check(runtime)
    return region


class Stepper:
    """Moves a region by hand, without threads: tests see every consequence, and nothing happens unseen."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.workers = {name: Worker(runtime) for name, runtime in region.runtimes.items()}
        self._readers: dict[str, Reader] = {}

    def settle(self, *, pumps: bool = True, rounds: int = 200) -> None:
        """Relay, consume and pump until nothing moves any more."""
        for _ in range(rounds):
            moved = sum(self.move(name) for name in self.workers)
            if not moved and pumps:
                moved = sum(worker.pump_once() for worker in self.workers.values())
            if not moved:
                return
        raise RuntimeError("The region does not come to rest.")

    def move(self, name: str) -> int:
        """One service's turn: everything in its outbox, then a batch of what it hears."""
        worker = self.workers[name]
        moved = worker.relay.run_once()
        reader = self._reader(name)
        records = reader.poll(0.0, BATCH)
        if records:
            worker.consumer.apply(records)
            reader.commit()
        if len(records) < BATCH:
            worker.vitals.note(HEARD, worker.runtime.clock())
        return moved + len(records)

    def close(self) -> None:
        """Leave the groups."""
        for reader in self._readers.values():
            reader.close()

    def _reader(self, name: str) -> Reader:
        if name not in self._readers:
            topics = topics_of(self.region[name])
            self._readers[name] = self.region.log.reader(name, topics, f"{name}-stepper")
        return self._readers[name]


class Supervisor:
    """Keeps the workers of a region running in threads; one that stops for a fault is started again."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._stopping = threading.Event()
        self._running: dict[str, Worker] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start them all."""
        for name in self._region.runtimes:
            # Daemon: a batch that hangs must not keep the process from ending; nothing is lost by it.
            thread = threading.Thread(target=self._keep, args=(name,), name=f"keep-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Let each finish its batch, and wait for that."""
        self._stopping.set()
        for worker in list(self._running.values()):
            worker.stop()
        for thread in self._threads:
            thread.join(timeout=10)

    def _keep(self, name: str) -> None:
        pause = _PAUSE
        while not self._stopping.is_set():
            # The same member name each time: it takes its old partitions back without waiting for a lease.
            worker = self._running[name] = Worker(self._region[name], member=f"{name}-0")
            began = time.monotonic()
            try:
                worker.run()
            except Exception as problem:  # noqa: BLE001  the worker has logged its fault; starting it again is the answer
                _log.warning("worker_restarted", service=name, fault=logs.fault(problem))
            # What went well for a while is not what goes wrong again and again.
            pause = _PAUSE if time.monotonic() - began > _LONG_ENOUGH else pause
            self._stopping.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def state(region: Region) -> dict[str, Any]:
    """Where each service stands, for doctor and the operator's page: outbox and waiting records."""
    from shared.messaging.deferred import Shelf
    from shared.messaging.relay import Relay

    found: dict[str, Any] = {}
    for name, runtime in region.runtimes.items():
        waiting, age = Relay(runtime.database, region.log).waiting()
        with runtime.database.plumbing(writing=False) as db:
            shelf = Shelf(db, runtime.database.tools.vault, name)
            found[name] = {"outbox": waiting, "outbox_age": age, **shelf.counts()}
    return found
