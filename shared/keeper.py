"""Keeps a worker at its post while its database is away.

A process that ended for that would be started again by its cluster, which waits longer each time: minutes
after the database is back it would still not work.
"""

import threading

from shared.errors import Unavailable
from shared.fitness import check
from shared.messaging.worker import Worker
from shared.runtime import Runtime
from shared.store.engine import AWAY

_PAUSE = 1.0


class Keeper:
    """Runs one service's worker, and a new one when the last ended for want of its database. Every other
    fault ends the process: what is wrong in it nobody knows.
    """

    def __init__(self, runtime: Runtime, member: str) -> None:
        self._runtime, self._member = runtime, member
        self._stopping = threading.Event()
        self._worker: Worker | None = None

    def run(self) -> None:
        """Until `stop()` or a fault, which it raises."""
        while not self._stopping.is_set():
            try:
                check(self._runtime)
                self._work()
            except (Unavailable, *AWAY):
                # The database itself has said so.
                self._wait()

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.stop()

    def _work(self) -> None:
        worker = self._worker = Worker(self._runtime, self._member)
        # Told to stop after the loop looked: the worker it would have told was not there yet.
        if self._stopping.is_set():
            worker.stop()
        worker.run()

    def _wait(self) -> None:
        # It lives: a cluster that saw no sign of it would end it.
        Worker(self._runtime, self._member).beat()
        self._stopping.wait(_PAUSE)
