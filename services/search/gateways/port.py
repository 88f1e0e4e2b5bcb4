"""What search asks of an index of match keys, and the ranking that every adapter shares."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from shared.store.transaction import Transaction

MOST_CANDIDATES = 150
LONGEST_LIST = 1_500
ENOUGH = 50
_MOST_ROWS = 6_000

Rows = Sequence[tuple[int, int]]


class Candidate(NamedTuple):
    """A mention worth scoring: its number, how rare the keys in common are (bits), and the kinds of these
    keys."""

    number: int
    rarity: float
    found_by: frozenset[str]


@dataclass(frozen=True)
class Query:
    """Each key with its kind; `people` is how many mentions the region has."""

    keys: Mapping[int, str]
    people: int
    most: int = MOST_CANDIDATES


class Index(Protocol):
    """Finds mentions by keys in common.

    Ranked by the sum over shared keys of log2(1 + people / mentions under the key). Lists longer than 1,500
    add weight to candidates found otherwise, and candidates of their own only when fewer than 50 were found.
    A change is seen by the next query of the same transaction, and by nobody when the transaction fails.
    """

    def put(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """File new mentions (number, keys), each once."""

    def change(self, tx: Transaction[Any], number: int, before: Sequence[int], after: Sequence[int]) -> None:
        """File a mention under other keys."""

    def remove(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Take mentions out; their keys are given again."""

    def candidates(self, tx: Transaction[Any], query: Query) -> list[Candidate]:
        """The best first, at most `query.most`. Raises Unavailable."""

    def outgoing(self, tx: Transaction[Any]) -> Any:
        """What waits to be sent to a server; None when nothing does."""

    def send(self, waiting: Any) -> None:
        """Send it, outside of any transaction. Raises Unavailable."""

    def sent(self, tx: Transaction[Any], waiting: Any) -> int:
        """It was sent: forget it, unless it changed meanwhile. Returns how many mentions that were."""

    def discard(self, tx: Transaction[Any]) -> None:
        """Give up what a server holds for this database."""


class Shelves(Protocol):
    """Where an adapter reads its lists."""

    def filed(self, keys: Collection[int]) -> Rows:
        """The (key, number) pairs under these keys."""

    def among(self, keys: Collection[int], numbers: Collection[int]) -> Rows:
        """The pairs of these keys and numbers."""


class Tally:
    """Candidates gathered so far. No pair of key and number is added twice."""

    def __init__(self, query: Query, counts: Mapping[int, int]) -> None:
        self._kinds = query.keys
        self._worth = {k: math.log2(1 + query.people / max(1, count)) for k, count in counts.items()}
        self._bits: dict[int, float] = defaultdict(float)
        self._rows: list[Rows] = []

    def __len__(self) -> int:
        return len(self._bits)

    def add(self, rows: Rows) -> None:
        """More shared keys."""
        worth, bits = self._worth, self._bits
        for k, number in rows:
            bits[number] += worth[k]
        self._rows.append(rows)

    def best(self, most: int) -> list[tuple[int, float]]:
        """Numbers and bits, ranked; ties go to the older mention, so that two engines agree."""
        ranked = sorted(self._bits.items(), key=itemgetter(1), reverse=True)
        # Sums in another order differ in the last digits; a few more are cut so that ties are whole.
        rounded = sorted((-round(bits, 6), number) for number, bits in ranked[: most + 50])
        return [(number, -bits) for bits, number in rounded[:most]]

    def candidates(self, most: int) -> list[Candidate]:
        """The best, with the kinds of keys that found them."""
        best = self.best(most)
        found_by: dict[int, set[str]] = {number: set() for number, _ in best}
        for rows in self._rows:
            for k, number in rows:
                if number in found_by:
                    found_by[number].add(self._kinds[k])
        return [Candidate(number, bits, frozenset(found_by[number])) for number, bits in best]


def gather(shelves: Sequence[Shelves], query: Query, counts: Mapping[int, int]) -> list[Candidate]:
    """The best candidates of all shelves; `counts` says how many mentions are under each key."""
    tally = Tally(query, counts)
    ranked = sorted(counts, key=lambda k: (counts[k], k))
    # Rare keys first: a list of every Smith is read only when little else was found.
    short = _within([k for k in ranked if counts[k] <= LONGEST_LIST], counts)
    long = [k for k in ranked if k not in set(short)]
    for shelf in shelves:
        tally.add(shelf.filed(short))
    if len(tally) < ENOUGH:
        more = _within(long, counts)
        long = long[len(more) :]
        for shelf in shelves:
            tally.add(shelf.filed(more))
    if long:
        best = [number for number, _ in tally.best(query.most * 2)]
        for shelf in shelves:
            tally.add(shelf.among(long, best))
    return tally.candidates(query.most)


def _within(ranked: Sequence[int], counts: Mapping[int, int]) -> list[int]:
    """As many of the shortest lists as can be read whole."""
    taken, rows = [], 0
    for k in ranked:
        rows += counts[k]
        if rows > _MOST_ROWS:
            break
        taken.append(k)
    return taken
