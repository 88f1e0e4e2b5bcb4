"""How sure a match must be to be told, and what judgements say about a threshold."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from services.search.domain import weights
from services.search.domain.judgement import State

LOWEST_OWN, LOWEST_OTHERS, HIGHEST = 5, 50, 99
_TWO_SIDED = 1.96


@dataclass(frozen=True)
class Thresholds:
    """In per cent: `own` within the authority, `others` before another authority is pointed at."""

    own: int
    others: int


def read(said: Any) -> Thresholds:
    """An authority's own thresholds, or the shipped ones."""
    if isinstance(said, Mapping):
        return Thresholds(int(said["own"]), int(said["others"]))
    told = weights.shipped().publish
    return Thresholds(round(100 * told["own"]), round(100 * told["others"]))


def percent(probability: float) -> int:
    """In whole per cent, never rounded up: what is shown as 90 is at least that."""
    return math.floor(probability * 100 + 1e-9)


class Alarms(NamedTuple):
    """Matches at or above a threshold by what was judged; `missed` are true ones below it."""

    same: int
    different: int
    undecided: int
    missed: int

    @property
    def told(self) -> int:
        """How many people would have had to look at."""
        return self.same + self.different + self.undecided

    @property
    def judged(self) -> int:
        """Those with an answer."""
        return self.same + self.different


def alarms(counts: Mapping[tuple[int, State], int], threshold: int) -> Alarms:
    """What a threshold would have told; `counts` are matches by per cent and state."""
    above: dict[State, int] = {}
    missed = 0
    for (sure, state), count in counts.items():
        if sure >= threshold:
            above[state] = above.get(state, 0) + count
        elif state is State.CONFIRMED:
            missed += count
    same, different = above.pop(State.CONFIRMED, 0), above.pop(State.REJECTED, 0)
    return Alarms(same, different, sum(above.values()), missed)


def interval(part: int, whole: int) -> tuple[int, int]:
    """Between which per cents a rate lies, 95 times in 100 (Wilson 1927); `whole` is at least 1."""
    share, square = part / whole, _TWO_SIDED**2
    middle = share + square / (2 * whole)
    spread = _TWO_SIDED * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    low, high = ((middle + sign * spread) / (1 + square / whole) for sign in (-1, 1))
    return round(100 * max(0.0, low)), round(100 * min(1.0, high))
