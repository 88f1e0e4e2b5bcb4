"""What a fact costs in all five services together: a history is played, and only what relays and consumers do
with it is measured, each service's in a process of its own. Search knows a region's people before it begins.
"""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Event
from typing import TypeAlias

import services
from services.search.actions.indexing import index_mentions
from services.search.store.mentions import Said
from shared.actor import Actor, Scope
from shared.clock import new_id, wall_clock
from shared.contracts.message import Origin
from shared.parent import keep_loaded
from shared.region import Stepper, open_region
from shared.settings import Settings, from_environment
from tests.bench import region
from tests.bench.places import folder
from tests.bench.populace import Populace
from tests.bench.table import Plan, Row
from tests.faults.ledger import facts_so_far
from tests.platform import Letterbox, Platform, SetClock

PEOPLE, CONTACTS, GOAL = 100_000, 200, 1_000
_AT_ONCE = 1_000
_PAUSE = 0.005
_PATIENCE = 600.0
# Filed as a rebuild would: nobody is told of a match.
_FILING = Scope("dorset", Actor("system:search"), new_id(), Origin.REBUILD)
# What a process says of itself: when it last had moved something, when it last began to look and then found
# nothing, and for how many seconds its processor worked.
_MOVED, _LOOKED, _WORKED = range(3)
Marks: TypeAlias = "SynchronizedArray[float]"


class Hand:
    """Relay and consumer of one service in a process of their own, which work only while they are let."""

    def __init__(self, settings: Settings, name: str, now: datetime, may: Event) -> None:
        apart = multiprocessing.get_context("spawn")
        self.name = name
        self.marks: Marks = apart.Array("d", 3)
        self._process = apart.Process(target=_work, args=(settings, name, now, may, self.marks), daemon=True)
        self._process.start()

    def __getitem__(self, mark: int) -> float:
        if not self._process.is_alive():
            raise RuntimeError(f"The process of {self.name} has ended.")
        return float(self.marks[mark])

    def end(self) -> None:
        """Whatever it is doing."""
        self._process.terminate()
        self._process.join()


class Timed(Platform):
    """Counts the seconds that relays and consumers take; acts and pumps are for nothing."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        super().__init__(settings, clock)
        self._may = multiprocessing.get_context("spawn").Event()
        self.hands = [Hand(settings, name, clock(), self._may) for name in services.NAMES]
        self.taken = 0.0

    def settle(self, *, pumps: bool = True) -> None:
        """As always."""
        moved = 1
        while moved:
            self.taken += self._hands_work()
            moved = sum(worker.pump_once() for worker in self.stepper.workers.values()) if pumps else 0

    def worked(self) -> dict[str, float]:
        """Seconds of the processor so far, by service."""
        return {one.name: one[_WORKED] for one in self.hands}

    def close(self) -> None:
        """Give everything back."""
        for one in self.hands:
            one.end()
        super().close()

    def _hands_work(self) -> float:
        """Until nobody moves anything any more; the seconds until then."""
        began = last = time.monotonic()
        self._may.set()
        try:
            while min(one[_LOOKED] for one in self.hands) <= last:
                if time.monotonic() - began > _PATIENCE:
                    raise RuntimeError("The region does not come to rest.")
                time.sleep(_PAUSE)
                last = max(last, *(one[_MOVED] for one in self.hands))
        finally:
            self._may.clear()
        return last - began


def rows(plan: Plan) -> Iterator[Row]:
    """Each round plays as many concerns more."""
    people, contacts = plan.count(PEOPLE, 50), plan.count(CONTACTS, 24)
    with folder() as place:
        platform = Timed(from_environment({"HEED_DATA": str(place)}), SetClock(wall_clock()))
        file(platform, people)
        # The first makes statements, authorities and accounts.
        _round(platform, contacts)
        found = [_round(platform, contacts * number) for number in range(2, plan.rounds + 2)]
        platform.close()
    facts, _, each = found[-1]
    costs = ", ".join(f"{name} {1_000 * seconds / facts:.2f}" for name, seconds in each.items())
    yield Row(
        f"five: relays and consumers, {people:,} people known, SQLite", "facts/s",
        [count / wall for count, wall, _ in found], least=GOAL,
        note=f"a process each; {facts / contacts:.1f} facts a concern; ms of the processor a fact: {costs}",
    )  # fmt: skip


def _round(platform: Timed, contacts: int) -> tuple[int, float, dict[str, float]]:
    before, worked = facts_so_far(platform.region), platform.worked()
    platform.taken = 0.0
    region.play(platform, contacts)
    each = {name: seconds - worked[name] for name, seconds in platform.worked().items()}
    return facts_so_far(platform.region) - before, platform.taken, each


def file(platform: Platform, people: int) -> None:
    """Into search's index, as that many earlier concerns would have."""
    waiting, database = Populace(7).people(people), platform["search"].database
    while batch := list(islice(waiting, _AT_ONCE)):
        with database.transaction(_FILING) as tx:
            index_mentions(tx, [Said(one.id, one, tx.now) for one in batch])


def _work(settings: Settings, name: str, now: datetime, may: Event, marks: Marks) -> None:
    with closing(open_region(settings, [services.load(name)], Letterbox(), SetClock(now))) as opened:
        stepper = Stepper(opened)
        # As the parent of each worker does before it forks.
        keep_loaded()
        while True:
            may.wait()
            began, worked = time.monotonic(), time.process_time()
            if stepper.move(name):
                marks[_MOVED] = time.monotonic()
                marks[_WORKED] += time.process_time() - worked
            else:
                marks[_LOOKED] = began
                time.sleep(_PAUSE)
