"""A benchmark's table: rows that are medians of rounds, each with what it is measured against, and the
machine they were measured on."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """What is asked of a run. `size` is the part of the full counts; `servers` are the settings of a region
    on Kafka and PostgreSQL, empty when it works on SQLite alone.
    """

    size: float = 1.0
    rounds: int = 3
    servers: Mapping[str, str] = field(default_factory=dict)

    def count(self, full: int, least: int = 1) -> int:
        """So many of the full count."""
        return max(least, int(full * self.size))


@dataclass(frozen=True)
class Row:
    """One line. `rounds` are figures of the wall's clock, `processor` of the processor's own time, which the
    load of other programs does not lengthen; empty where more than one process or a server works.

    `ratio` is to `baseline`, measured in the same run. A row without rounds says in its `note` why.
    """

    what: str
    unit: str
    rounds: Sequence[float]
    processor: Sequence[float] = ()
    least: float | None = None
    most: float | None = None
    baseline: str = ""
    ratio: float | None = None
    note: str = ""

    @property
    def figure(self) -> float | None:
        """The median; None when nothing was measured."""
        return statistics.median(self.rounds) if self.rounds else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached by the wall's clock; None without a goal or a figure."""
        return self._within(self.rounds)

    @property
    def reached_alone(self) -> bool | None:
        """Whether it is by the processor's own time, so that others kept this machine busy."""
        return self._within(self.processor)

    def _within(self, rounds: Sequence[float]) -> bool | None:
        if not rounds or (self.least is None and self.most is None):
            return None
        middle = statistics.median(rounds)
        return (self.least is None or middle >= self.least) and (self.most is None or middle <= self.most)


@dataclass(frozen=True)
class Spent:
    """The seconds that some work took, by the wall and by this process."""

    wall: float
    processor: float


def spent(work: Callable[[], object]) -> Spent:
    """Do it once."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - processor)


def p99(values: Sequence[float]) -> float:
    """The value that one of a hundred exceeds."""
    return statistics.quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0]


@dataclass
class Machine:
    """Where it was measured, and how busy others kept it meanwhile."""

    processor: str = ""
    cores: int = 0
    memory_gb: int = 0
    python: str = field(default_factory=platform.python_version)
    load: list[float] = field(default_factory=list)

    def look(self) -> None:
        """Note how busy it is now."""
        self.load.append(round(os.getloadavg()[0], 1))


def this_machine() -> Machine:
    """As Linux tells it."""
    told_by = (line.partition(":") for line in _lines("/proc/cpuinfo"))
    named = [value.strip() for name, _, value in told_by if name.startswith("model name")]
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo")), 0)
    return Machine(named[0] if named else platform.machine(), os.cpu_count() or 0, round(memory / 2**20))


def _lines(path: str) -> Iterator[str]:
    place = Path(path)
    yield from place.read_text(encoding="utf-8").splitlines() if place.exists() else ()


HEAD = f"{'':54} {'figure':>9} {'unit':12} {'processor':>9} {'goal':>9}  {'':5} ratio"


def told(row: Row) -> str:
    """As one line of text."""
    if row.figure is None:
        return f"{row.what:54} {'-':>9} {row.note}"
    goal = f"≥ {_short(row.least)}" if row.least is not None else f"≤ {_short(row.most)}" if row.most else ""
    mine = _short(statistics.median(row.processor)) if row.processor else ""
    against = f"{row.ratio:.2f} × {row.baseline}" if row.ratio is not None else ""
    said = " ".join(part for part in (against, row.note) if part)
    figures = f"{_short(row.figure):>9} {row.unit:12} {mine:>9} {goal:>9}"
    return f"{row.what:54} {figures}  {_verdict(row):5} {said}".rstrip()


def _verdict(row: Row) -> str:
    if row.reached is None:
        return ""
    return "yes" if row.reached else "busy" if row.reached_alone else "NO"


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
