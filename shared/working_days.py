"""Working-day arithmetic for England: the rules by which every due date of Heed is counted.

The day of an event is day 0. An event on a day that is no working day, or after the cutoff, counts as
received on the next working day. Calendar days, weeks and months run from the event's own day. Moments are
UTC, days London's.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from shared.clock import LONDON, wall_clock
from shared.errors import Invalid

if TYPE_CHECKING:
    from shared.store.transaction import Transaction

_DAY = timedelta(days=1)
CLOSED = "authority closed"


class Unit(StrEnum):
    """What an amount of time is counted in."""

    CLOCK_HOUR = "CLOCK_HOUR"
    WORKING_HOUR = "WORKING_HOUR"
    WORKING_DAY = "WORKING_DAY"
    CALENDAR_DAY = "CALENDAR_DAY"
    WEEK = "WEEK"
    CALENDAR_MONTH = "CALENDAR_MONTH"


@dataclass(frozen=True)
class Skipped:
    """A day that does not count, and its name: a weekday, a bank holiday or a closure."""

    day: date
    why: str


@dataclass(frozen=True)
class Explanation:
    """Why this date. `due` is the last day in time and `due_at` the moment it ends; `late` is the cutoff when
    the event came after it, and `counted_from` is day 0."""

    event_day: date
    late: time | None
    counted_from: date
    skipped: tuple[Skipped, ...]
    due: date
    due_at: datetime


@dataclass(frozen=True)
class Calendar:
    """One authority's working days; its office is open from `opens` to `cutoff`, London time."""

    closures: frozenset[date] = frozenset()
    cutoff: time = time(17)
    opens: time = time(9)

    @cached_property
    def mark(self) -> str:
        """Another one for each other calendar: what was counted by one may have to be counted anew."""
        told = sorted(self.closures), self.cutoff, self.opens, _proclaimed()
        return sha256(repr(told).encode()).hexdigest()[:16]

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, no bank holiday, no closure."""
        return day.weekday() < 5 and day not in self.closures and day not in bank_holidays(day.year)

    def effective_day(self, moment: datetime) -> date:
        """The working day on which an event counts as received."""
        local = moment.astimezone(LONDON)
        # At the cutoff itself is still in time.
        if local.time() > self.cutoff:
            return self._working_day_from(local.date() + _DAY)
        return self._working_day_from(local.date())

    def add_working_days(self, moment: datetime, amount: int) -> date:
        """So many working days after the effective day."""
        day = self.effective_day(moment)
        for _ in range(_counted(amount)):
            day = self._working_day_from(day + _DAY)
        return day

    def add_calendar_days(self, moment: datetime, amount: int) -> date:
        """So many days after the event's own day."""
        return _day_of(moment) + timedelta(days=_counted(amount))

    def add_weeks(self, moment: datetime, amount: int) -> date:
        """So many times seven days after the event's own day."""
        return self.add_calendar_days(moment, 7 * amount)

    def add_months(self, moment: datetime, amount: int) -> date:
        """The same day of a later month, or that month's last day."""
        start = _day_of(moment)
        year, month = divmod(start.year * 12 + start.month - 1 + _counted(amount), 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last))

    def add_clock_hours(self, moment: datetime, amount: int) -> datetime:
        """So many hours as they pass, also over a change of the clocks. UTC."""
        # In UTC, where a night of 23 or 25 hours does not exist.
        return moment.astimezone(UTC) + timedelta(hours=_counted(amount))

    def add_working_hours(self, moment: datetime, amount: int) -> datetime:
        """So many hours in which the office is open. UTC."""
        left, now = timedelta(hours=_counted(amount)), moment.astimezone(UTC)
        day = self._working_day_from(_day_of(now))
        while True:
            start, end = max(now, _at(day, self.opens)), _at(day, self.cutoff)
            # Before the first open hour `start` may lie after `end`: the day then gives nothing.
            if start <= end and left <= end - start:
                return start + left
            left -= max(end - start, timedelta())
            day = self._working_day_from(day + _DAY)

    def due_at(self, moment: datetime, amount: int, unit: Unit) -> datetime:
        """The moment after which it is late: for days, the end of the last one. UTC."""
        if unit is Unit.CLOCK_HOUR:
            return self.add_clock_hours(moment, amount)
        if unit is Unit.WORKING_HOUR:
            return self.add_working_hours(moment, amount)
        return end_of(self._due_day(moment, amount, unit))

    def explain(self, moment: datetime, amount: int, unit: Unit = Unit.WORKING_DAY) -> Explanation:
        """The due date with everything that moved it."""
        local, due_at = moment.astimezone(LONDON), self.due_at(moment, amount, unit)
        by_days = unit is Unit.WORKING_DAY
        late = self.cutoff if by_days and local.time() > self.cutoff else None
        due = self._due_day(moment, amount, unit) if unit not in _HOURS else _day_of(due_at)
        working = by_days or unit is Unit.WORKING_HOUR
        return Explanation(
            event_day=local.date(),
            late=late,
            counted_from=self.effective_day(moment) if by_days else local.date(),
            skipped=tuple(self._skipped(local.date(), due)) if working else (),
            due=due,
            due_at=due_at,
        )

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """How many working days it took from one event to another; both count on their effective days."""
        day, last, count = self.effective_day(start), self.effective_day(end), 0
        while day < last:
            day, count = self._working_day_from(day + _DAY), count + 1
        return count

    def _due_day(self, moment: datetime, amount: int, unit: Unit) -> date:
        add = {
            Unit.WORKING_DAY: self.add_working_days,
            Unit.CALENDAR_DAY: self.add_calendar_days,
            Unit.WEEK: self.add_weeks,
            Unit.CALENDAR_MONTH: self.add_months,
        }[unit]
        return add(moment, amount)

    def _working_day_from(self, day: date) -> date:
        while not self.is_working_day(day):
            day += _DAY
        return day

    def _skipped(self, day: date, last: date) -> Iterator[Skipped]:
        while day <= last:
            if not self.is_working_day(day):
                yield Skipped(day, self._name(day))
            day += _DAY

    def _name(self, day: date) -> str:
        holiday = bank_holidays(day.year).get(day)
        return holiday or (CLOSED if day in self.closures else calendar.day_name[day.weekday()])


_HOURS = {Unit.CLOCK_HOUR, Unit.WORKING_HOUR}


@lru_cache(maxsize=400)
def bank_holidays(year: int) -> dict[date, str]:
    """England's, with substitute days and the proclaimed single ones, by their names."""
    # Loaded when asked: it costs more than the rest of a command that needs no date.
    from holidays import country_holidays

    return dict(country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=1)
def _proclaimed() -> str:
    """Which bank holidays are known: a new one comes with another version of the library."""
    return version("holidays")


def load_ahead() -> None:
    """What would else be loaded at the first question, in each child of a process anew: as dear as a hundred
    pages.
    """
    bank_holidays(wall_clock().year)


def end_of(day: date) -> datetime:
    """The moment a London day is over. UTC."""
    # Midnight in London, not in UTC: in summer a due date ends an hour earlier there.
    return _at(day + _DAY, time())


def parse(closures: list[str], cutoff: str = "17:00") -> Calendar:
    """A calendar from its configuration: ISO dates and HH:MM. Raises Invalid."""
    try:
        days = frozenset(date.fromisoformat(day) for day in closures)
    except (ValueError, TypeError):
        raise Invalid("Write each closure as a date, for example 2026-12-29.") from None
    try:
        return Calendar(days, time.fromisoformat(cutoff))
    except (ValueError, TypeError):
        raise Invalid("Write the end of the working day as hours and minutes, for example 17:00.") from None


def of(tx: "Transaction") -> Calendar:
    """The bound authority's calendar, from its configuration `closures` and `cutoff`."""
    from shared.replicas import configuration

    return parse(configuration(tx, "closures") or [], configuration(tx, "cutoff") or "17:00")


def _day_of(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _at(day: date, local: time) -> datetime:
    return datetime.combine(day, local, LONDON).astimezone(UTC)


def _counted(amount: int) -> int:
    if amount < 0:
        raise ValueError("A time limit cannot be negative.")
    return amount
