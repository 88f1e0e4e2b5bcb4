"""Holding back small numbers, and as many others as it takes that no total gives them away.

A number from 1 to the limit could point to somebody. When one number of a column is held back and the
column's total is shown, subtraction would give it back: so the next smallest goes too, or the total itself
when nothing else is left.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

DEFAULT_LIMIT = 5


@dataclass(frozen=True)
class Column:
    """A column of counts as it may be shown; None is a number that is held back."""

    cells: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> frozenset[str]:
        """The cells that are held back."""
        return frozenset(code for code, count in self.cells.items() if count is None)


def is_small(count: int, limit: int) -> bool:
    """Whether a count is held back by itself. Nought says nothing about anybody."""
    return 0 < count <= limit


def suppress(
    cells: Mapping[str, int],
    limit: int = DEFAULT_LIMIT,
    *,
    total: int | None = None,
    also: Collection[str] = (),
) -> Column:
    """The column as it may be shown. Limit 0 shows everything.

    `total` is given when the cells overlap and so do not add up to it; it cannot be used to work back then.
    `also` names cells that another column gives away.
    """
    # Where parts overlap, their sum is not the total, so that subtraction gives nothing back.
    overlapping = total is not None
    whole = sum(cells.values()) if total is None else total
    hidden = {code for code, count in cells.items() if is_small(count, limit)} | set(also)
    keeps_total = not is_small(whole, limit)
    if keeps_total and not overlapping:
        keeps_total = _cover(cells, hidden)
    shown = {code: None if code in hidden else count for code, count in cells.items()}
    return Column(shown, whole if keeps_total else None)


def _cover(cells: Mapping[str, int], hidden: set[str]) -> bool:
    """Add to `hidden` until the total does not give it away; False when only hiding the total helps."""
    # The smallest of the rest goes first: it costs the reader least. Nought hides nothing.
    others = sorted(
        (code for code in cells if code not in hidden and cells[code]), key=lambda code: (cells[code], code)
    )
    while hidden and _gives_away(cells, hidden):
        if not others:
            return False
        hidden.add(others.pop(0))
    return True


def _gives_away(cells: Mapping[str, int], hidden: Collection[str]) -> bool:
    """One unknown is found by subtraction; several that are all 1 are found because none can be less."""
    return len(hidden) == 1 or sum(cells[code] for code in hidden) <= len(hidden)
