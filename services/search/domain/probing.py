"""Signs that somebody tries out who is known elsewhere, or looks for themselves, in a row of searches."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 30
VARIED = 3


def is_too_many(earlier: Sequence[Mapping[str, str]]) -> bool:
    """Whether another search of the region has to wait; `earlier` are those within the window."""
    return len(earlier) >= MOST_IN_WINDOW


def varies_one_field(prints: Mapping[str, str], earlier: Sequence[Mapping[str, str]]) -> bool:
    """Whether this and at least two earlier searches are alike but for the value of one and the same
    field."""
    for field in prints:
        values = {prints[field]}
        values.update(one[field] for one in earlier if _differ_only_in(field, prints, one))
        if len(values) >= VARIED:
            return True
    return False


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
