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


class Shelf(Protocol):
    """Where an adapter reads its lists. No mention is on two shelves."""

    def weighed(self, finding: Worths, adding: Worths, most: int) -> Mapping[int, float]:
        """The mentions under any key of `finding` by number, each with the worth of these keys; the best
        `most` of them also with that of the keys of `adding`. Further ones may be left out."""


def gather(shelves: Sequence[Shelf], query: Query, counts: Mapping[int, int]) -> list[Candidate]:
    """The best candidates of all shelves; `counts` says how many mentions are under each key."""
    ranked = sorted(counts, key=lambda k: (counts[k], k))
    worths = {k: math.log2(1 + query.people / max(1, counts[k])) for k in ranked}
    # Rare keys first: a list of every Smith is read only when little else was found.
    finding = _within([k for k in ranked if counts[k] <= LONGEST_LIST], counts)
    found = _weighed(shelves, finding, ranked[len(finding) :], worths, query.most)
    if len(found) < ENOUGH:
        finding += _within(ranked[len(finding) :], counts)
        found = _weighed(shelves, finding, ranked[len(finding) :], worths, query.most)
    return [Candidate(number, bits) for number, bits in best(found, query.most)]


def best(found: Mapping[int, float], most: int) -> list[tuple[int, float]]:
    """Numbers and bits, ranked; ties go to the older mention, so that two engines agree."""
    ranked = nlargest(most + 50, found.items(), key=itemgetter(1))
    # Sums in another order differ in the last digits; a few more are cut so that ties are whole.
    rounded = sorted((-round(bits, 3), number) for number, bits in ranked)
    return [(number, -bits) for bits, number in rounded[:most]]


def _weighed(
    shelves: Sequence[Shelf], finding: Sequence[int], adding: Sequence[int], worths: Worths, most: int
) -> dict[int, float]:
    found: dict[int, float] = {}
    if finding:
        for shelf in shelves:
            found |= shelf.weighed(
                {k: worths[k] for k in finding}, {k: worths[k] for k in adding}, most + SPARE
            )
    return found


def _within(ranked: Sequence[int], counts: Mapping[int, int]) -> list[int]:
    """As many of the shortest lists as can be read whole."""
    taken, rows = [], 0
    for k in ranked:
        rows += counts[k]
        if rows > _MOST_ROWS:
            break
        taken.append(k)
    return taken
