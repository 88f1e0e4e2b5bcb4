"""Signs in a row of searches that somebody tries out who is known elsewhere, or looks for themselves or a
colleague."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 30
# As many different values of one field, all else alike, are flagged, and more than that have to wait.
VARIED, MOST_VARIED = 3, 6


def must_wait(prints: Mapping[str, str], earlier: Sequence[Mapping[str, str]]) -> bool:
    """Whether this search of the region comes too soon; `earlier` are those within the window."""
    return len(earlier) >= MOST_IN_WINDOW or variations(prints, earlier) > MOST_VARIED


def variations(prints: Mapping[str, str], earlier: Sequence[Mapping[str, str]]) -> int:
    """How many values of one field this search and earlier ones try while everything else is alike."""
    return max((len(_tried(field, prints, earlier)) for field in prints), default=0)


def _tried(field: str, prints: Mapping[str, str], earlier: Sequence[Mapping[str, str]]) -> set[str]:
    return {prints[field], *(one[field] for one in earlier if _differ_only_in(field, prints, one))}


def _differ_only_in(field: str, mine: Mapping[str, str], other: Mapping[str, str]) -> bool:
    # With a single field every search would be a variation of the last.
    if set(mine) != set(other) or len(mine) < 2:
        return False
    return mine[field] != other[field] and all(mine[one] == other[one] for one in mine if one != field)


def about_oneself(asked: Sequence[tuple[str, ...]], own_name: tuple[str, ...]) -> str:
    """`own_name` or `same_surname` when the words of a name asked for are the searcher's; else empty."""
    if not own_name:
        return ""
    if any(set(name) == set(own_name) for name in asked):
        return "own_name"
    return "same_surname" if any(name and name[-1] == own_name[-1] for name in asked) else ""


def is_about_one_of(asked: Sequence[tuple[str, ...]], people: Iterable[tuple[str, ...]]) -> bool:
    """Whether a name asked for is the whole name of one of these people, in whatever order of words."""
    known = {frozenset(name) for name in people if len(name) > 1}
    return any(frozenset(name) in known for name in asked)
