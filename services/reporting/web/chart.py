"""Tables as bars, with a sentence that says what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.reporting.domain import labels
from services.reporting.domain.bands import BANDS
from services.reporting.domain.suppression import Column
from services.reporting.domain.table import Row, Table


@dataclass(frozen=True)
class Chart:
    """What the chart macro needs; `rows` are the same figures as cells, where no other table has them."""

    words: str
    bars: Sequence[tuple[str, float | Sequence[float]]]
    series: tuple[str, ...] = ()
    rows: Sequence[tuple[str, object]] = ()


def of_table(table: Table, words: str, counted: str = "") -> Chart:
    """A bar per line, and a second one for referrals where the table has them.

    What is held back has no bar.
    """
    # A bar of nought would say nought where the truth is that it is not said.
    if not table.with_referrals or not counted:
        return Chart(words, [(row.label, row.count) for row in table.rows if row.count is not None])
    bars = [(row.label, _values(row)) for row in table.rows if row.count is not None]
    return Chart(words, bars, (counted, "Referrals"))


def _values(row: Row) -> tuple[int, ...]:
    return tuple(value for value in (row.count, row.referrals) if value is not None)


def of_ages(column: Column) -> Chart:
    """Open cases by age."""
    named = [(labels.label("age", code), column.cells[code]) for code in BANDS]
    old = column.cells[BANDS[-1]]
    words = "Cases that are open now, by the time since they were opened."
    if old:
        words += f" {old:,} {'is' if old == 1 else 'are'} open for more than 26 weeks."
    rows = [(name, "[c]" if count is None else count) for name, count in named]
    return Chart(words, [(name, count) for name, count in named if count is not None], (), rows)


def changed(what: str, total: Row, largest: Sequence[Row] = ()) -> str:
    """A sentence on a table: its total, how it changed, and the largest line."""
    if total.count is None:
        return f"{what}: the total is held back."
    words = f"{what}: {total.count:,}"
    if total.change:
        more = "fewer" if total.change.startswith("-") else "more"
        words += f", {total.change.lstrip('+-')} % {more} than in the period before"
    top = next((row for row in largest if row.count), None)
    return f"{words}. Most: {top.label} ({top.count:,})." if top else f"{words}."
