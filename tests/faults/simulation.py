"""The kernel under simulated faults, seed by seed: `python -m tests.faults.simulation --seeds 10000`.

A seed replays alone with `--seeds 1 --start SEED`. `run` is for other programs.
"""

import argparse
import itertools
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial

import structlog

from tests.faults.planted_bugs import BUGS
from tests.faults.simulated_checks import come_to_rest, violations
from tests.faults.simulated_faults import KINDS, Chance
from tests.faults.simulated_processes import SOUND, Kernel
from tests.faults.simulated_region import SimulatedRegion
from tests.faults.simulated_services import Stores

_CHUNK = 50


@dataclass
class Report:
    """What came of some seeds: `broken` holds the broken promises of each seed that failed."""

    seeds: int = 0
    facts: int = 0
    points: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    broken: dict[int, Sequence[str]] = field(default_factory=dict)

    def add(self, other: "Report") -> None:
        """Both as one; time is not added, because they may have run side by side."""
        self.seeds += other.seeds
        self.facts += other.facts
        self.points += other.points
        self.faults += other.faults
        self.broken |= other.broken

    def lines(self) -> Iterator[str]:
        """For people."""
        drawn = ", ".join(f"{kind} {count}" for kind, count in self.faults.most_common())
        yield f"{self.seeds} runs, {self.facts} facts, {self.points} points in {self.seconds:.1f} s"
        yield f"faults: {drawn}"
        for seed, found in sorted(self.broken.items()):
            yield f"seed {seed}: {' '.join(found)}"
        yield f"{len(self.broken)} of {self.seeds} broke a promise."


@cache
def _stores() -> Stores:
    return Stores()


def one(seed: int, kernel: Kernel = SOUND) -> Report:
    """One seed from its first turn to the checks."""
    chance = Chance(seed)
    region = SimulatedRegion(_stores(), chance, kernel)
    return _played(region, chance, seed, region.live)


def _played(region: SimulatedRegion, chance: Chance, name: int, play: Callable[[], None]) -> Report:
    play()
    come_to_rest(region)
    found = violations(region)
    facts = sum(said.facts for said in region.said)
    return Report(1, facts, chance.points, 0.0, chance.faults, {name: found} if found else {})


def run(seeds: int, start: int = 0, processes: int = 1, kernel: Kernel = SOUND) -> Report:
    """Simulate the seeds from `start` on, in so many processes. Deterministic: a seed that fails here fails
    alone too.
    """
    began, report = time.monotonic(), Report()
    chunks = [
        range(first, min(first + _CHUNK, start + seeds)) for first in range(start, start + seeds, _CHUNK)
    ]
    if processes == 1:
        for chunk in chunks:
            report.add(_chunk(kernel, chunk))
    else:
        with ProcessPoolExecutor(processes) as pool:
            for part in pool.map(partial(_chunk, kernel), chunks):
                report.add(part)
    report.seconds = time.monotonic() - began
    return report


def _chunk(kernel: Kernel, seeds: Sequence[int]) -> Report:
    report = Report()
    for seed in seeds:
        report.add(one(seed, kernel))
    return report


def crash_everywhere(kernel: Kernel = SOUND) -> tuple[Report, Counter[str]]:
    """The same smooth walk again and again, ended at its first numbered point, its second, and so on to its
    last. Returns also how often it ended at each kind of point.
    """
    began, report, places = time.monotonic(), Report(), Counter[str]()
    for at in itertools.count(1):
        chance = Chance(seed=0, crash_at=at)
        region = SimulatedRegion(_stores(), chance, kernel)
        report.add(_played(region, chance, at, region.walk))
        if not chance.crashed_at:
            break
        places[chance.crashed_at] += 1
    report.seconds = time.monotonic() - began
    return report, places


def caught_after(kernel: Kernel, most: int, start: int = 0) -> tuple[int, Sequence[str]] | None:
    """How many seeds it took until a kernel broke a promise, and which; None when it kept them all."""
    for seed in range(start, start + most):
        broken = one(seed, kernel).broken
        if broken:
            return seed - start + 1, broken[seed]
    return None


def main() -> int:
    """The command line. Exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.simulation")
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--bug", choices=sorted(BUGS), help="simulate a kernel with this bug planted")
    parser.add_argument("--crash-everywhere", action="store_true", help="end one run at each of its points")
    given = parser.parse_args()
    quiet()
    kernel = BUGS[given.bug].kernel if given.bug else SOUND
    if given.crash_everywhere:
        report, places = crash_everywhere(kernel)
        report_lines = [*report.lines(), *(f"{places[kind]:5} {kind}" for kind in sorted(KINDS))]
    else:
        report = run(given.seeds, given.start, given.processes, kernel)
        report_lines = [*report.lines()]
    sys.stdout.write("\n".join(report_lines) + "\n")
    return int(bool(report.broken))


def quiet() -> None:
    """A simulation meets more faults than a log should hold."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


if __name__ == "__main__":
    sys.exit(main())
