"""A table of figures as it may be shown: counts, shares, conversion and the comparison with the period
before.

Built from plain counts by functions alone, so that page, chart, CSV and JSON are one and the same table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.reporting.domain.rules import Rules
from services.reporting.domain.suppression import Column, is_small, suppress

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Material:
    """What a table is made of. `whole` and `whole_before` were counted by themselves, not added up here.

    `converted` are the contacts of each row that became referrals; empty where referrals make no sense.
    """

    now: Counts
    whole: int
    before: Counts
    whole_before: int
    referrals: Counts
    referrals_whole: int
    converted: Counts
    converted_whole: int


@dataclass(frozen=True)
class Row:
    """One line; None or '' where a number is held back or has no base."""

    code: str
    label: str
    count: int | None
    share: str
    before: int | None
    change: str
    referrals: int | None = None
    conversion: str = ""


@dataclass(frozen=True)
class Table:
    """The lines, their total, and `missing`: how many the parts fall short of the whole (0 is right)."""

    rows: Sequence[Row]
    total: Row
    with_referrals: bool
    missing: int

    @property
    def holds_back(self) -> bool:
        """Whether any count is held back."""
        return any(row.count is None or row.before is None for row in (*self.rows, self.total))


@dataclass(frozen=True)
class Shape:
    """How the lines stand: `codes` in their natural order (months), or empty for the largest first.

    Where codes overlap, a thing may count under several, so that the parts do not add up to the whole and are
    not checked against it.
    """

    name: Callable[[str], str]
    codes: tuple[str, ...] = ()
    overlapping: bool = False


def build(material: Material, shape: Shape, rules: Rules) -> Table:
    """The table as it may be shown."""
    codes = shape.codes or _present(material)
    now = _column(material.now, codes, material.whole, rules, shape)
    before = _column(material.before, codes, material.whole_before, rules, shape)
    referrals = _column(material.referrals, codes, material.referrals_whole, rules, shape)
    # Conversion last: a share of a number that is shown would give away one that is held back.
    conversions = _conversions(material, codes, (now, referrals), rules, shape)
    rows = [
        Row(
            code,
            shape.name(code),
            now.cells[code],
            rules.percent(now.cells[code], now.total),
            before.cells[code],
            rules.change(now.cells[code], before.cells[code]),
            referrals.cells[code],
            conversions[code],
        )
        for code in codes
    ]
    return Table(
        rows if shape.codes else _largest_first(rows),
        _total((now, before, referrals), material, rules),
        bool(material.referrals or material.converted),
        0 if shape.overlapping else material.whole - sum(material.now.values()),
    )


def _present(material: Material) -> tuple[str, ...]:
    counted = (material.now, material.before, material.referrals, material.converted)
    return tuple(sorted({code for counts in counted for code, count in counts.items() if count}))


def _largest_first(rows: Sequence[Row]) -> list[Row]:
    # What is held back stands last and by name: its place must not tell its size.
    return sorted(rows, key=lambda row: (row.count is None, -(row.count or 0), row.label))


def _total(columns: tuple[Column, Column, Column], material: Material, rules: Rules) -> Row:
    now, before, referrals = (column.total for column in columns)
    conversion = rules.rate(material.converted_whole, material.whole)
    return Row(
        "all", "Total", now, rules.percent(now, now), before, rules.change(now, before), referrals, conversion
    )


def _column(counts: Counts, codes: Sequence[str], whole: int, rules: Rules, shape: Shape) -> Column:
    cells = {code: counts.get(code, 0) for code in codes}
    return suppress(cells, rules.limit, total=whole if shape.overlapping else None)


def _conversions(
    material: Material, codes: Sequence[str], shown: tuple[Column, Column], rules: Rules, shape: Shape
) -> dict[str, str]:
    cells = {code: material.converted.get(code, 0) for code in codes}
    rest = {code: material.now.get(code, 0) - cells[code] for code in codes}
    hidden = {code for code in shown[0].hidden | shown[1].hidden if cells[code]}
    # Where the contacts are held back there is no share to work anything out from.
    shares = [code for code in codes if code not in shown[0].hidden]
    also = hidden | {code for code in shares if is_small(rest[code], rules.limit)}
    total = material.converted_whole if shape.overlapping else None
    column = suppress(cells, rules.limit, total=total, also=also)
    return {code: rules.percent(column.cells[code], shown[0].cells[code]) for code in codes}
