"""The index in the service's own database: a key table, ranked here."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from services.search.gateways.port import ENOUGH, LONGEST_LIST, Candidate, Query, rarity
from shared.store.transaction import Transaction

_MOST_ROWS = 6_000


class Keys(Protocol):
    """The rows it stands on."""

    def add(self, db: Any, rows: Iterable[tuple[int, int]]) -> None:
        """File (key, number) pairs."""

    def drop(self, db: Any, rows: Iterable[tuple[int, int]]) -> None:
        """Remove (key, number) pairs."""

    def counts(self, db: Any, keys: Collection[int]) -> dict[int, int]:
        """Mentions per key."""

    def filed(self, db: Any, keys: Collection[int]) -> Sequence[tuple[int, int]]:
        """All pairs of these keys."""

    def among(self, db: Any, keys: Collection[int], numbers: Collection[int]) -> Sequence[tuple[int, int]]:
        """The pairs of these keys and numbers."""


class Tally:
    """Candidates gathered so far."""

    def __init__(self, kinds: Mapping[int, str], worth: Mapping[int, float]) -> None:
        self._kinds, self._worth = kinds, worth
        self.bits: dict[int, float] = defaultdict(float)
        self._found_by: dict[int, set[str]] = defaultdict(set)

    def add(self, rows: Iterable[tuple[int, int]]) -> None:
        """More shared keys."""
        for k, number in rows:
            self.bits[number] += self._worth[k]
            self._found_by[number].add(self._kinds[k])

    def best(self, most: int) -> list[Candidate]:
        """Ranked; ties go to the older mention, so that two engines agree."""
        top = heapq.nsmallest(most, self.bits, key=lambda number: (-self.bits[number], number))
        return [Candidate(number, self.bits[number], frozenset(self._found_by[number])) for number in top]


class EmbeddedIndex:
    """Needs nothing but the database of the transaction; a change is seen by the next query of the same
    transaction."""

    def __init__(self, table: Keys) -> None:
        self._table = table

    def put(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """File mentions."""
        self._table.add(tx.db, ((k, number) for number, keys in filed for k in keys))

    def remove(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Take mentions out."""
        self._table.drop(tx.db, ((k, number) for number, keys in filed for k in keys))

    def candidates(self, tx: Transaction[Any], query: Query) -> list[Candidate]:
        """The best first."""
        counts = self._table.counts(tx.db, query.keys)
        tally = Tally(query.keys, {k: rarity(query.people, count) for k, count in counts.items()})
        short, long = _parted(counts)
        tally.add(self._table.filed(tx.db, short))
        if len(tally.bits) < ENOUGH:
            rest = _within(long, counts, _MOST_ROWS)
            tally.add(self._table.filed(tx.db, rest))
            long = [k for k in long if k not in rest]
        tally.add(
            self._table.among(
                tx.db, long, heapq.nlargest(query.most * 2, tally.bits, key=tally.bits.__getitem__)
            )
        )
        return tally.best(query.most)


def _parted(counts: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """The keys whose lists are read whole, rarest first while they stay affordable, and the others."""
    ranked = sorted(counts, key=lambda k: (counts[k], k))
    short = _within([k for k in ranked if counts[k] <= LONGEST_LIST], counts, _MOST_ROWS)
    kept = set(short)
    return short, [k for k in ranked if k not in kept]


def _within(ranked: Sequence[int], counts: Mapping[int, int], rows: int) -> list[int]:
    taken, total = [], 0
    for k in ranked:
        total += counts[k]
        if total > rows:
            break
        taken.append(k)
    return taken
