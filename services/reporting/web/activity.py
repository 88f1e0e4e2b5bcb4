"""The activity table: chosen in the address, read from the sums, shown as chart, table, CSV and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.reporting.domain import periods, rules
from services.reporting.domain.groupings import GROUPINGS, Grouping, grouping
from services.reporting.domain.periods import Grain, Kind, Period
from services.reporting.domain.rules import Rules
from services.reporting.domain.table import Shape, Table, build
from services.reporting.store import material
from services.reporting.web.choice import Tx, least_limit, namer, own_rules, period_of
from shared.errors import Invalid


@dataclass(frozen=True)
class Activity:
    """One table with everything a reader must know about it."""

    period: Period
    before: Period
    grouping: Grouping
    rules: Rules
    least: int
    table: Table
    today: date

    @property
    def subject(self) -> str:
        """How the access register names it."""
        return f"activity/{self.period.code}/{self.grouping.code}"

    @property
    def chosen(self) -> dict[str, str]:
        """The choice as an address writes it."""
        return {
            "period": self.period.code,
            "by": self.grouping.code,
            "rounding": self.rules.rounding.value,
            "places": str(self.rules.places),
            "suppress": str(self.rules.limit),
        }

    @property
    def title(self) -> str:
        """What the table shows, in words."""
        what = self.grouping.counted
        return f"{what} by {self.grouping.head[0].lower()}{self.grouping.head[1:]}, {self.period.label}"


def activity(tx: Tx, chosen: Mapping[str, Any], terms: dict[str, str]) -> Activity:
    """The table that was chosen. Raises Invalid for figures that are not kept."""
    today = periods.day_of(tx.now)
    period, by = _fitted(period_of(chosen.get("period"), today), grouping(chosen.get("by") or "month"))
    least = least_limit(tx, period)
    limits = [chosen.get(name) or "" for name in ("rounding", "places", "suppress")]
    made_by = rules.asked(own_rules(tx), limits[0], limits[1], limits[2], least)
    if by.is_series:
        counts = material.series(tx, period, made_by.referral, today)
        codes = tuple(counts.now)
    else:
        counts, codes = material.parts(tx, period, by, made_by.referral), by.order
    shape = Shape(namer(by.code, terms), codes, by.overlaps)
    return Activity(period, period.before(), by, made_by, least, build(counts, shape, made_by), today)


def _fitted(period: Period, by: Grouping) -> tuple[Period, Grouping]:
    """Weeks and months do not cut each other: one follows the other."""
    if by.code == "week" and period.grain is Grain.MONTH:
        first = periods.start_of(period.first, Grain.WEEK)
        return periods.weeks(first, (period.last - first) // timedelta(weeks=1) + 1), by
    # Somebody who chooses weeks after months wants the same table, not an error.
    if period.kind is Kind.WEEKS and by.code == "month":
        return period, GROUPINGS["week"]
    if period.kind is Kind.WEEKS and not by.is_series:
        raise Invalid("Weekly figures are kept for all contacts together. Choose a period of whole months.")
    return period, by
