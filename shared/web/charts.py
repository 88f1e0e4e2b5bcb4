"""Where the bars of a chart stand. The template draws them as SVG with attributes only, so a strict policy
holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

# The Analysis Function's palette; 3:1 or more against white, and values are printed beside the bars.
COLOURS = ("#12436D", "#F46A25", "#801650", "#28A197")
_NUMBERS = count(1)
_LABEL, _BAR, _WIDTH = 220, 340, 640
_THICK, _GAP, _TOP = 22, 12, 8


@dataclass(frozen=True)
class Bar:
    """One bar: its corner and size in the units of the drawing, the value printed after it."""

    y: int
    width: float
    value: float
    colour: str

    @property
    def middle(self) -> int:
        """The line its text stands on."""
        return self.y + _THICK - 6


@dataclass(frozen=True)
class Group:
    """A label with its bars, one per series."""

    label: str
    bars: tuple[Bar, ...]

    @property
    def middle(self) -> int:
        """The line its label stands on."""
        return self.bars[0].middle


@dataclass(frozen=True)
class Drawing:
    """A chart ready to draw. `key` makes its ids differ from those of the other charts of the page."""

    key: str
    groups: tuple[Group, ...]
    series: tuple[tuple[str, str], ...]
    height: int
    left: int = _LABEL
    thick: int = _THICK
    wide: int = _WIDTH


def bars(rows: Sequence[tuple[str, float | Sequence[float]]], series: Sequence[str] = ()) -> Drawing:
    """Lay out horizontal bars from zero; a row is `(label, value)` or `(label, values)` with as many
    `series` names."""
    table = [
        (label, (values,) if isinstance(values, int | float) else tuple(values)) for label, values in rows
    ]
    longest = max((value for _, values in table for value in values), default=0) or 1
    groups, y = [], _TOP
    for label, values in table:
        group = []
        for value, colour in zip(values, COLOURS, strict=False):
            group.append(Bar(y, round(max(value, 0) / longest * _BAR, 1), value, colour))
            y += _THICK
        groups.append(Group(label, tuple(group)))
        y += _GAP
    return Drawing(f"chart-{next(_NUMBERS)}", tuple(groups), tuple(zip(series, COLOURS, strict=False)), y)
