"""Search at 100,000 people (or as many as the first argument says): indexing, one query through the live
code, and beside
it, in the same run, the plain word search that SQLite brings. Run `python -m tests.bench.bench_search
[PEOPLE]`."""

import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from services.search.actions.opening import open_index
from services.search.commands.records import Entry
from services.search.commands.scratch import Scratch, open_scratch
from services.search.domain.script import words
from shared.contracts.people import Person
from tests.bench.populace import Populace

PEOPLE, QUERIES = 100_000, 1_000
# The figure that yente's documentation gives for one request on one core.
YENTE_MS = 250.0


class WordSearch:
    """SQLite's full text index over every word of a person, ranked by bm25."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE VIRTUAL TABLE person USING fts5(id UNINDEXED, body)")
        self._db.executemany(
            "INSERT INTO person VALUES (?, ?)", ((one.id, " ".join(_words(one))) for one in people)
        )

    def ask(self, person: Person) -> list[str]:
        """The five best ids."""
        query = " OR ".join(f'"{word}"' for word in _words(person))
        found = self._db.execute("SELECT id FROM person WHERE person MATCH ? ORDER BY rank LIMIT 5", (query,))
        return [row[0] for row in found]


def _words(person: Person) -> list[str]:
    said = [f"{one.given} {one.middle} {one.surname}" for one in person.names]
    said += [
        person.born,
        *(f"{one.line1} {one.postcode}" for one in person.addresses),
        *person.phones,
        *person.emails,
    ]
    said += [one.value for one in person.identifiers] + [one.setting.name for one in person.work]
    return [word for text in said for word in words(text)]


def timed(ask: Callable[[Person], list[str]], queries: Sequence[tuple[str, Person]]) -> dict[str, float]:
    """How often the right one is first and among five, and how long it takes in thousandths of a second."""
    walls, cpus, first, five = [], [], 0, 0
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


def main(count: int, url: str) -> None:
    """Index, ask, compare."""
    populace = Populace(7)
    people = list(populace.people(count))
    queries = [(one.id, populace.again(one)) for one in people[:: max(1, count // QUERIES)]]
    with open_scratch(open_index(url)) as scratch:
        started = time.perf_counter()
        scratch.index([Entry(one.id, "person", None, one) for one in people])
        spent = time.perf_counter() - started
        _tell(
            f"{count:,} people indexed in {spent:.1f} s, {count / spent:,.0f} a second; "
            f"{_size(scratch):,.0f} MB"
        )
        mine = timed(lambda person: [hit.person_id for hit in scratch.ask(person).own[:5]], queries)
    _say("search", mine)
    beside = timed(WordSearch(people).ask, queries)
    _say("word search", beside)
    ratios = {"recall@1": mine["recall@1"] / beside["recall@1"], "p99": mine["p99"] / beside["p99"]}
    _say("ratios", {**ratios, "p99 to yente's": mine["p99"] / YENTE_MS})


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE, sys.argv[2] if len(sys.argv) > 2 else "embedded://"
    )
