"""Where the bars of a chart stand. The template draws them as SVG with attributes only, so a strict policy
holds; widths are shares of the page's own, so that labels keep their size on a telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

# The Analysis Function's palette; 3:1 or more against white, and values are printed beside the bars.
COLOURS = ("#12436D", "#F46A25", "#801650", "#28A197")
_NUMBERS = count(1)
_LINE, _THICK, _GAP = 22, 24, 10
_LONGEST = 80


@dataclass(frozen=True)
class Bar:
    """One bar: its place from the top in pixels, its share of the width in percent, the value printed after
    it."""

    y: int
    share: float
    value: float
    colour: str

    @property
    def foot(self) -> int:
        """The line its value stands on."""
        return self.y + _THICK - 8


@dataclass(frozen=True)
class Group:
    """A label with its bars below it, one per series."""

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Drawing:
    """A chart ready to draw. `key` makes its ids differ from those of the other charts of the page."""

    key: str
    groups: tuple[Group, ...]
    series: tuple[tuple[str, str], ...]
    height: int
    thick: int = _THICK - 2


def bars(rows: Sequence[tuple[str, float | Sequence[float]]], series: Sequence[str] = ()) -> Drawing:
    """Lay out horizontal bars from zero; a row is `(label, value)` or `(label, values)` with as many `series`
    names."""
    table = [(label, (found,) if isinstance(found, int | float) else tuple(found)) for label, found in rows]
    longest = max((value for _, values in table for value in values), default=0) or 1
    groups, y = [], 0
    for label, values in table:
        groups.append(_group(label, values, y, longest))
        y += _LINE + _THICK * len(values) + _GAP
    return Drawing(f"chart-{next(_NUMBERS)}", tuple(groups), tuple(zip(series, COLOURS, strict=False)), y)


def _group(label: str, values: Sequence[float], y: int, longest: float) -> Group:
    drawn = [
        Bar(y + _LINE + place * _THICK, round(max(value, 0) / longest * _LONGEST, 1), value, colour)
        for place, (value, colour) in enumerate(zip(values, COLOURS, strict=False))
    ]
    return Group(label, y + _LINE - 6, tuple(drawn))
