"""The same facts alone and in one batch: what a service keeps and says of them must be alike."""

import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Table, select

import services
from shared import replicas
from shared.contracts.message import Event, decode
from shared.crypto import Vault
from shared.messaging.consumer import Consumer
from shared.messaging.ports import Record
from shared.runtime import with_kernel
from shared.settings import from_environment
from shared.store.database import Database
from shared.store.tables import deferred, journal
from tests.platform import SetClock, alone
from tests.records import record_of, topic_of

# Made anew each time; ids that a service computes stay as they are.
_MADE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# What people call a pattern is the end of its id.
_CALLED = re.compile(r"PT-[0-9A-F]{8}")
_ROUNDS = 3


@dataclass(frozen=True)
class Fact:
    """Somebody told an authority."""

    event: Event
    authority: str = "dorset"


Group = Sequence[Fact]
Row = dict[str, Any]
# The rows of each table, and what of them must be alike.
Tables = dict[str, list[Row]]
Seen = Callable[[Tables], Iterable[object]]


class Glass(Vault):
    """Hides nothing, so that what is kept can be compared."""

    def seal(self, _authority: str, _context: str, plain: bytes) -> bytes:
        """As it is."""
        return plain

    def open(self, _authority: str, _context: str, sealed: bytes) -> bytes:
        """As it was."""
        return sealed


class Listener:
    """One service without a bus."""

    def __init__(self, name: str, database: Database) -> None:
        self.service, self.database = with_kernel(services.load(name)), database
        self._sequences: Counter[tuple[str, str]] = Counter()

    def hear(self, *facts: Fact) -> None:
        """All in one batch."""
        Consumer(self.service, self.database).apply([self._record(one) for one in facts])

    def _record(self, fact: Fact) -> Record:
        place = topic_of(fact.event), fact.event.key
        self._sequences[place] += 1
        now = self.database.tools.clock()
        return record_of(fact.event, self._sequences[place], now, authority=fact.authority)

    def kept(self, seen: Seen | None = None) -> Counter[str]:
        """Every row of the service and every fact it said, or only what is `seen` of the rows; for each id
        that it made, where that stands.
        """
        every = (*self.service.metadata.sorted_tables, *replicas.metadata.sorted_tables, deferred)
        tables = {table.name: self._of(table) for table in every}
        return Counter(_named([str(one) for one in (seen(tables) if seen else self._all(tables))]))

    def _all(self, tables: Tables) -> Iterator[object]:
        for name, rows in tables.items():
            yield from ((name, row) for row in rows)
        yield from self._said()

    def _said(self) -> Iterator[str]:
        for row in self._of(journal):
            envelope = decode(row["body"])
            place = envelope.topic, envelope.key, envelope.sequence, envelope.authority
            yield f"{place} {envelope.event()}"

    def _of(self, table: Table) -> list[dict[str, Any]]:
        # Past the guard, which lets nobody see all authorities.
        with self.database.engine.connect() as db:
            query = str(select(table).compile(self.database.engine))
            rows = db.exec_driver_sql(query).mappings()
            return [{name: row[name] for name in row if name not in _CHANCE} for row in rows]

    def close(self) -> None:
        """Give the file back."""
        self.database.close()


# Of a record that waits; its body is told by the others.
_CHANCE = {"position", "event_id", "attempts"}


def _named(rows: Sequence[str]) -> list[str]:
    """The rows with each id of this run replaced by the company it is in."""
    called: dict[str, str] = {}
    for _ in range(_ROUNDS):
        seen: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            for one in set(_MADE.findall(row)):
                seen[one].append(_spoken(row.replace(one, "this"), called))
        called = {one: sha256(repr(sorted(of)).encode()).hexdigest()[:12] for one, of in seen.items()}
    return [_spoken(row, called) for row in rows]


def _spoken(row: str, called: dict[str, str]) -> str:
    return _CALLED.sub("PT", _MADE.sub(lambda found: called.get(found[0], "?"), row))


class Twins:
    """A service that was told something before, twice over."""

    def __init__(
        self,
        name: str,
        clock: SetClock,
        told: Callable[[Listener], Sequence[Group]],
        seen: Seen | None = None,
    ) -> None:
        self._name, self._clock, self._seen = name, clock, seen
        self._folder = TemporaryDirectory(prefix="heed-twins-")
        first = self._on_file("first")
        # What may be told from here on, by what it is about.
        self._groups = tuple(told(first))
        self._sequences = first._sequences
        first.close()

    def batches(self) -> st.SearchStrategy[list[list[Fact]]]:
        """Mostly about a few things, so that facts follow from each other."""

        def within(groups: list[Group]) -> st.SearchStrategy[list[list[Fact]]]:
            facts = st.sampled_from([fact for group in groups for fact in group])
            return st.lists(st.lists(facts, min_size=2, max_size=12), min_size=1, max_size=2)

        return st.lists(st.sampled_from(self._groups), min_size=1, max_size=3).flatmap(within)

    def differ(self, batches: Sequence[Sequence[Fact]]) -> tuple[Counter[str], Counter[str]]:
        """What is kept and said only when each fact comes alone, and only when each batch comes at once."""
        alone = self._told([[one] for batch in batches for one in batch])
        together = self._told(batches)
        return alone - together, together - alone

    def _told(self, batches: Sequence[Sequence[Fact]]) -> Counter[str]:
        shutil.copytree(self._at("first"), self._at("next"))
        try:
            listener = self._on_file("next")
            listener._sequences = self._sequences.copy()
            for batch in batches:
                listener.hear(*batch)
            found = listener.kept(self._seen)
            listener.close()
        finally:
            shutil.rmtree(self._at("next"))
        return found

    def _on_file(self, name: str) -> Listener:
        given = from_environment({"HEED_DATA": str(self._at(name))})
        made = alone(services.load(self._name), given, self._clock)
        tools = replace(made.tools, vault=Glass(given.secret_keys))
        return Listener(self._name, Database(made.engine, tools))

    def _at(self, name: str) -> Path:
        return Path(self._folder.name) / name

    def close(self) -> None:
        """Nothing is left."""
        self._folder.cleanup()
