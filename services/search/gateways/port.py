"""What search asks of an index of match keys."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from shared.store.transaction import Transaction

MOST_CANDIDATES = 150
LONGEST_LIST = 1_500
ENOUGH = 50


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
    add weight
    to candidates found otherwise, and candidates of their own only when fewer than 50 were found.
    """

    def put(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """File mentions (number, keys); repeating it changes nothing."""

    def remove(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Take mentions out from under these keys."""

    def candidates(self, tx: Transaction[Any], query: Query) -> list[Candidate]:
        """The best first, at most `query.most`. Raises Unavailable."""


def rarity(people: int, count: int) -> float:
    """What one shared key is worth in bits."""
    return math.log2(1 + people / max(1, count))
