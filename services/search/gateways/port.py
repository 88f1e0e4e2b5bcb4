"""What search asks of an index of match keys, and the ranking that every adapter shares."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from shared.store.transaction import Transaction

MOST_CANDIDATES = 150
LONGEST_LIST = 1_500
ENOUGH = 50
# So many more than are wanted are weighed whole: what is read last may move them up.
SPARE = 150
_MOST_ROWS = 6_000

# What agreement in each key is worth, in bits.
Worths = Mapping[int, float]


class Candidate(NamedTuple):
    """A mention worth scoring: its number, and how rare the keys in common are (bits)."""

    number: int
    rarity: float


@dataclass(frozen=True)
class Query:
    """The keys asked for; `people` is how many mentions the region has."""

    keys: Collection[int]
    people: int
    most: int = MOST_CANDIDATES


class Index(Protocol):
    """Finds mentions by keys in common.

    Ranked by the sum over shared keys of log2(1 + people / mentions under the key). Lists longer than 1,500
    add weight to candidates found otherwise, and candidates of their own only when fewer than 50 were found.
    A change is seen by the next query of the same transaction, and by nobody when the transaction fails.
    """

    def check(self) -> str:
        """That it answers, in words. Raises Unavailable, or Misconfigured when it lets nobody in."""

    def put(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """File new mentions (number, keys), each once."""

    def change(self, tx: Transaction[Any], number: int, before: Sequence[int], after: Sequence[int]) -> None:
        """File a mention under other keys."""

    def remove(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Take mentions out; their keys are given again."""

    def candidates(self, tx: Transaction[Any], queries: Sequence[Query]) -> list[list[Candidate]]:
        """Of each query the best first, at most `query.most`; all are asked together. Raises Unavailable."""

    def outgoing(self, tx: Transaction[Any]) -> Any:
        """What waits to be sent to a server; None when nothing does."""

    def send(self, waiting: Any) -> None:
        """Send it, outside of any transaction. Raises Unavailable."""

    def sent(self, tx: Transaction[Any], waiting: Any) -> int:
        """It was sent: forget it, unless it changed meanwhile. Returns how many mentions that were."""

    def discard(self, tx: Transaction[Any]) -> None:
        """Give up what a server holds for this database."""


class Wanted(NamedTuple):
    """Lists to find by, the shortest first, and others that only add to what was found."""

    finding: Worths
    adding: Worths
    most: int


class Shelf(Protocol):
    """Where an adapter reads its lists. No mention is on two shelves."""

    def weighed(self, asked: Sequence[Wanted]) -> Sequence[Mapping[int, float]]:
        """For each the mentions under any key of `finding` by number, each with the worth of these keys; the
        best `most` of them also with that of the keys of `adding`. Further ones may be left out."""


def gather(
    shelves: Sequence[Shelf], queries: Sequence[Query], counts: Mapping[int, int]
) -> list[list[Candidate]]:
    """The best candidates of all shelves, for each query; `counts` says how many mentions are under each
    key."""
    asked = [_wanted(one, counts) for one in queries]
    found = _weighed(shelves, asked)
    # Rare keys first: a list of every Smith is read only when little else was found.
    wider = {
        n: _widened(asked[n], counts) for n, of in enumerate(found) if len(of) < ENOUGH and asked[n].adding
    }
    for n, of in zip(wider, _weighed(shelves, list(wider.values())), strict=True):
        found[n] = of
    return [
        [Candidate(number, bits) for number, bits in best(of, one.most)]
        for one, of in zip(queries, found, strict=True)
    ]


def _wanted(query: Query, counts: Mapping[int, int]) -> Wanted:
    ranked = sorted((k for k in query.keys if k in counts), key=lambda k: (counts[k], k))
    worths = {k: math.log2(1 + query.people / max(1, counts[k])) for k in ranked}
    return _parted(
        worths, _within([k for k in ranked if counts[k] <= LONGEST_LIST], counts), query.most + SPARE
    )


def _widened(one: Wanted, counts: Mapping[int, int]) -> Wanted:
    more = _within(list(one.adding), counts)
    return _parted({**one.finding, **one.adding}, [*one.finding, *more], one.most)


def _parted(worths: Worths, finding: Collection[int], most: int) -> Wanted:
    return Wanted(
        {k: worths[k] for k in finding}, {k: worth for k, worth in worths.items() if k not in finding}, most
    )


def _weighed(shelves: Sequence[Shelf], asked: Sequence[Wanted]) -> list[dict[int, float]]:
    found: list[dict[int, float]] = [{} for _ in asked]
    some = [n for n, one in enumerate(asked) if one.finding]
    for shelf in shelves if some else ():
        for n, of in zip(some, shelf.weighed([asked[n] for n in some]), strict=True):
            found[n] |= of
    return found


def best(found: Mapping[int, float], most: int) -> list[tuple[int, float]]:
    """Numbers and bits, ranked; ties go to the older mention, so that two engines agree."""
    ranked = nlargest(most + 50, found.items(), key=itemgetter(1))
    # Sums in another order differ in the last digits; a few more are cut so that ties are whole.
    rounded = sorted((-round(bits, 3), number) for number, bits in ranked)
    return [(number, -bits) for bits, number in rounded[:most]]


def _within(ranked: Sequence[int], counts: Mapping[int, int]) -> list[int]:
    """As many of the shortest lists as can be read whole."""
    taken, rows = [], 0
    for k in ranked:
        rows += counts[k]
        if rows > _MOST_ROWS:
            break
        taken.append(k)
    return taken
