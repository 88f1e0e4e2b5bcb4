"""Stretches of time that figures are given for, in London dates.

A financial year runs from 1 April to 31 March; its quarter 1 is April to June. Weeks begin on Monday (ISO
8601).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.errors import Invalid

_LONDON = ZoneInfo("Europe/London")
# Each month is a line of a table: a longer span is a slip of the keyboard.
_LONGEST_MONTHS, _LONGEST_WEEKS = 120, 106


class Grain(StrEnum):
    """What figures are added up by before anybody asks for them."""

    MONTH = "month"
    WEEK = "week"


class Kind(StrEnum):
    """How a period is named, which decides what comes before it."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTHS = "months"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Period:
    """Whole months, or whole weeks; `last` is inclusive."""

    kind: Kind
    first: date
    last: date

    @property
    def grain(self) -> Grain:
        """What its figures are added up by."""
        return Grain.WEEK if self.kind is Kind.WEEKS else Grain.MONTH

    @property
    def code(self) -> str:
        """How a URL names it; `parse` reads it back."""
        if self.kind is Kind.YEAR:
            return f"fy{self.first.year}"
        if self.kind is Kind.QUARTER:
            return f"fy{_financial(self.first)}q{_quarter_number(self.first)}"
        if self.kind is Kind.WEEKS:
            return f"{_week_code(self.first)}..{_week_code(self.last)}"
        first, last = f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"
        return first if first == last else f"{first}..{last}"

    @property
    def label(self) -> str:
        """How a page names it."""
        if self.kind is Kind.WEEKS:
            return f"{spoken(self.first)} to {spoken(self.last)}"
        first, last = f"{self.first:%B %Y}", f"{self.last:%B %Y}"
        span = first if first == last else f"{first} to {last}"
        if self.kind is Kind.QUARTER:
            return f"Quarter {_quarter_number(self.first)} ({span})"
        return f"Financial year {_years(self.first)}" if self.kind is Kind.YEAR else span

    def starts(self) -> tuple[date, ...]:
        """The first day of each of its months (or weeks), in order."""
        found, day = [], self.first
        while day <= self.last:
            found.append(day)
            day = _next(day, self.grain)
        return tuple(found)

    def before(self) -> "Period":
        """The period of the same kind and length that ends where this one begins."""
        if self.kind is Kind.WEEKS:
            length = self.last - self.first + timedelta(days=1)
            return Period(self.kind, self.first - length, self.first - timedelta(days=1))
        return Period(self.kind, add_months(self.first, -len(self.starts())), self.first - timedelta(days=1))

    def has_ended(self, today: date) -> bool:
        """Whether no further fact of this period is to come."""
        return self.last < today


def day_of(moment: datetime) -> date:
    """The London date of a moment."""
    return moment.astimezone(_LONDON).date()


def start_of(day: date, grain: Grain) -> date:
    """The first day of the month or week that a day lies in."""
    return day.replace(day=1) if grain is Grain.MONTH else day - timedelta(days=day.weekday())


def add_months(first: date, count: int) -> date:
    """The first of a month, that many months on."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)


def spoken(day: date) -> str:
    """A date as a page writes it: 3 November 2026."""
    return f"{day.day} {day:%B %Y}"


def year_of(day: date) -> Period:
    """The financial year that a day lies in."""
    first = date(_financial(day), 4, 1)
    return Period(Kind.YEAR, first, add_months(first, 12) - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """The quarter of a financial year that a day lies in."""
    # Financial quarters begin in the same months as calendar quarters; only their numbers differ.
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return Period(Kind.QUARTER, first, add_months(first, 3) - timedelta(days=1))


def months(first: date, count: int = 1) -> Period:
    """That many calendar months from the month that `first` lies in."""
    start = start_of(first, Grain.MONTH)
    return Period(Kind.MONTHS, start, add_months(start, count) - timedelta(days=1))


def weeks(first: date, count: int) -> Period:
    """That many weeks from the week that `first` lies in."""
    start = start_of(first, Grain.WEEK)
    return Period(Kind.WEEKS, start, start + timedelta(weeks=count, days=-1))


def last_months(today: date, count: int = 12) -> Period:
    """The month of today and those before it."""
    return months(add_months(start_of(today, Grain.MONTH), 1 - count), count)


def last_weeks(today: date, count: int = 13) -> Period:
    """The week of today and those before it."""
    return weeks(today - timedelta(weeks=count - 1), count)


def offered(today: date, years: int = 4) -> tuple[tuple[str, str], ...]:
    """The periods that a page offers, newest first, as (code, label)."""
    # In the first weeks of a financial year the year before is what people report on, so it is offered too.
    running = [year_of(today)]
    while len(running) < years:
        running.append(running[-1].before())
    quarters = [quarter_of(today)]
    while len(quarters) < 4:
        quarters.append(quarters[-1].before())
    latest = [months(today), months(today).before()]
    periods = [(last_months(today), "Last 12 months"), (last_weeks(today), "Last 13 weeks")]
    periods += [(one, one.label) for one in (*running, *quarters, *latest)]
    return tuple((one.code, label) for one, label in periods)


def parse(code: str) -> Period:
    """Read a period's code: fy2025, fy2025q3, 2025-11, 2025-04..2026-03, 2026-w30..2026-w42.

    Raises Invalid.
    """
    try:
        period = _parse(code.strip().lower())
    except ValueError:
        period = None
    if period is None:
        raise Invalid(
            "Choose a period from the list, or write one like fy2025, fy2025q3 or 2025-04..2026-03."
        )
    return period


def _parse(code: str) -> Period | None:
    if found := re.fullmatch(r"fy(\d{4})(?:q([1-4]))?", code):
        first = date(int(found[1]), 4, 1)
        return quarter_of(add_months(first, 3 * int(found[2]) - 3)) if found[2] else year_of(first)
    first_code, _, last_code = code.partition("..")
    if re.fullmatch(r"\d{4}-w\d\d\.\.\d{4}-w\d\d", code):
        first, last = _week(first_code), _week(last_code)
        count = (last - first).days // 7 + 1
        return weeks(first, count) if 0 < count <= _LONGEST_WEEKS else None
    if re.fullmatch(r"\d{4}-\d\d(\.\.\d{4}-\d\d)?", code):
        first, last = (date.fromisoformat(f"{part}-01") for part in (first_code, last_code or first_code))
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        return months(first, count) if 0 < count <= _LONGEST_MONTHS else None
    return None


def _next(day: date, grain: Grain) -> date:
    return add_months(day, 1) if grain is Grain.MONTH else day + timedelta(weeks=1)


def _week(code: str) -> date:
    return date.fromisocalendar(int(code[:4]), int(code[6:]), 1)


def _week_code(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-w{week:02d}"


def _financial(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def _quarter_number(day: date) -> int:
    return (day.month - 4) % 12 // 3 + 1


def _years(first: date) -> str:
    return f"{first.year} to {first.year + 1}"
