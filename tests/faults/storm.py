"""The faults of a kill run: which, in what order, and each as it is made."""

import random
import threading
import time
from collections.abc import Callable, Sequence

from tests.faults.crew import Crew, Post
from tests.faults.lab import Lab
from tests.faults.recovery import Fault

LONGEST_PAUSE = 12.0
_LOOK = 0.1
# Every pump has had its turn meanwhile.
_STILL = 3.0


def order_of(faults: int, chance: random.Random, *, servers: bool) -> list[str]:
    """So many faults, shuffled: above all killed workers, which hold consumer and relay."""
    kinds = ["pause"] * (faults * 18 // 100) + ["kill web"] * (faults * 12 // 100)
    kinds += ["container"] * (faults * 5 // 100)
    if servers:
        kinds += ["broker"] * max(1, faults // 60) + ["database"] * max(1, faults // 50)
        kinds += ["cut"] * (faults * 8 // 100)
    kinds = kinds[: max(0, faults - 1)]
    kinds += ["kill worker"] * (faults - len(kinds))
    chance.shuffle(kinds)
    return kinds


class Storm(threading.Thread):
    """Makes one fault after the other, evenly over its time."""

    def __init__(
        self, crew: Crew, kinds: Sequence[str], seconds: float, chance: random.Random, lab: Lab | None = None
    ) -> None:
        super().__init__(name="storm", daemon=True)
        self.faults: list[Fault] = []
        self.calm = threading.Event()
        self._crew, self._kinds, self._seconds, self._chance, self._lab = crew, kinds, seconds, chance, lab
        self._server = threading.Lock()
        self._crashes: list[threading.Thread] = []

    def run(self) -> None:
        """All of them; ends early when told that it is over."""
        began = time.monotonic()
        for number, kind in enumerate(self._kinds):
            if self.calm.wait(max(0.0, began + number * self._seconds / len(self._kinds) - time.monotonic())):
                break
            self._strike(kind)
        for one in self._crashes:
            one.join()

    def _strike(self, kind: str) -> None:
        if kind in {"broker", "database"}:
            # Beside the others: while a server is away, processes are killed too.
            crash = threading.Thread(target=self._crash, args=(kind,), name=kind)
            self._crashes.append(crash)
            crash.start()
        elif kind == "cut" and self._lab is not None:
            one = self._one("worker")
            self._lab.cut(one.service)
            self._note("cut", one.name)
        elif kind == "pause":
            one, seconds = self._one("worker", "web"), self._chance.uniform(1, LONGEST_PAUSE)
            self._crew.freeze(one, seconds)
            self._note("pause", one.name, seconds)
        elif kind == "container":
            one = self._one("worker", "web", "together")
            gone = self._crew.take_away(one)
            self.faults.append(Fault(kind, one.name, gone, gone))
        else:
            self._kill(kind.partition(" ")[2])

    def _kill(self, kind: str) -> None:
        one = self._one(kind)
        while (struck := self._crew.kill(one)) is None and not self.calm.wait(_LOOK):
            one = self._one(kind)
        if struck is not None:
            self.faults.append(Fault("kill", one.name, struck, struck))

    def _one(self, *kinds: str) -> Post:
        awake = [one for one in self._crew.posts if one.kind in kinds and not one.frozen_until]
        return self._chance.choice(awake or [one for one in self._crew.posts if one.kind in kinds])

    def _crash(self, kind: str) -> None:
        if self._lab is None:
            return
        with self._server:
            at = time.time()
            self._lab.crash({"broker": "kafka", "database": "postgres"}[kind])
            self.faults.append(Fault(kind, kind, at, time.time()))

    def _note(self, kind: str, target: str, seconds: float = 0.0) -> None:
        now = time.time()
        self.faults.append(Fault(kind, target, now, now + seconds))


def wait_until(state: Callable[[], bool], seconds: float) -> bool:
    """Whether it came about in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if state():
            return True
        time.sleep(0.5)
    return False


def still_since(state: Callable[[], bool], done: Callable[[], int], seconds: float) -> float | None:
    """Since when it is so and no more is done (monotonic): a pump may come between one look and the next.
    None when it did not come about in time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        since, before = time.monotonic(), done()
        if state():
            time.sleep(_STILL)
            if state() and done() == before:
                return since
        time.sleep(0.5)
    return None
