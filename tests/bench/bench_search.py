"""Search at 100,000 people (or as many as the first argument says): indexing, one query through the live
code, and beside
it, in the same run, the plain word search that SQLite brings. Run `python -m tests.bench.bench_search
[PEOPLE]`."""

import gc
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from services.search.actions.opening import open_index
from services.search.commands.records import Entry
from services.search.commands.scratch import Scratch, open_scratch
from shared.contracts.people import Person
from tests.bench.populace import Populace
from tests.bench.words import WordSearch

PEOPLE, QUERIES = 100_000, 1_000
# The figure that yente's documentation gives for one request on one core.
YENTE_MS = 250.0


def timed(ask: Callable[[Person], list[str]], queries: Sequence[tuple[str, Person]]) -> dict[str, float]:
    """How often the right one is first and among five, and how long it takes in thousandths of a second."""
    walls, cpus, first, five = [], [], 0, 0
    # The invented people are the benchmark's own; a service holds none of them.
    gc.collect()
    gc.freeze()
    for truth, person in queries:
        wall, cpu = time.perf_counter(), time.process_time()
        found = ask(person)
        walls.append(1_000 * (time.perf_counter() - wall))
        cpus.append(1_000 * (time.process_time() - cpu))
        first += found[:1] == [truth]
        five += truth in found[:5]
    whole = len(queries)
    return {
        "recall@1": first / whole,
        "recall@5": five / whole,
        "p50": statistics.median(walls),
        "p99": _p99(walls),
        "cpu p50": statistics.median(cpus),
        "cpu p99": _p99(cpus),
    }


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _say(name: str, found: dict[str, float]) -> None:
    _tell(f"{name:12}" + "  ".join(f"{key} {value:8.3f}" for key, value in found.items()))


def _size(scratch: Scratch) -> float:
    """Megabytes of the database file."""
    path = Path(str(scratch.database.engine.url.database))
    return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*")) / 1e6


def _resident() -> float:
    """Megabytes of memory that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6


def main(count: int, url: str) -> None:
    """Index, ask, compare. Nobody is held in memory but those who are asked for."""
    populace, asked = Populace(7), list[Person]()
    with open_scratch(open_index(url)) as scratch:
        made, before = time.process_time(), time.perf_counter()
        for _ in Populace(7).people(count):
            pass
        made, before = time.process_time() - made, time.perf_counter() - before
        wall, cpu = time.perf_counter(), time.process_time()
        scratch.index(_entries(populace.people(count), max(1, count // QUERIES), asked))
        # Inventing them is the benchmark's own work.
        wall, cpu = time.perf_counter() - wall - before, time.process_time() - cpu - made
        _tell(
            f"{count:,} people indexed in {wall:.1f} s, {count / wall:,.0f} a second, "
            f"{count / cpu:,.0f} a second of the processor; {_size(scratch):,.0f} MB"
        )
        queries = [(one.id, populace.again(one)) for one in asked]
        mine = timed(lambda person: [hit.person_id for hit in scratch.ask(person).own[:5]], queries)
    _say("search", mine)
    _tell(f"{_resident():,.0f} MB resident at most")
    beside = timed(WordSearch(Populace(7).people(count)).ask, queries)
    _say("word search", beside)
    ratios = {"recall@1": mine["recall@1"] / beside["recall@1"], "p99": mine["p99"] / beside["p99"]}
    _say("ratios", {**ratios, "p99 to yente's": mine["p99"] / YENTE_MS})
    _tell(f"load {os.getloadavg()[0]:.1f}")


def _entries(people: Iterable[Person], step: int, asked: list[Person]) -> Iterator[Entry]:
    """All of them; every so many are noted to be asked for."""
    for number, one in enumerate(people):
        if number % step == 0:
            asked.append(one)
        yield Entry(one.id, "person", None, one)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE, sys.argv[2] if len(sys.argv) > 2 else "embedded://"
    )
