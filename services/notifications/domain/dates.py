"""By when a notice must have left, and why that date."""

from dataclasses import dataclass
from datetime import date, datetime

from services.notifications.domain.rule import Period, Rule, Start, Unit
from shared import working_days
from shared.clock import LONDON
from shared.working_days import Calendar


@dataclass(frozen=True)
class Dates:
    """`due_on` is the law's last day, None when the law gives no number or its start is unknown. From
    `act_on` the notice is on the day's list; after `late_after` it is overdue.
    """

    due_on: date | None
    act_on: date
    late_after: date


def dates_of(rule: Rule, aware_at: datetime | None, raised_at: datetime, calendar: Calendar) -> Dates:
    """Count a rule's dates. `aware_at` is when the provider knew; only rules that start there look at it."""
    start = _start(rule.deadline, aware_at, raised_at)
    if rule.deadline.unit in {Unit.CALENDAR_DAY, Unit.WORKING_DAY} and start is not None:
        due = _add(calendar, start, rule.deadline)
        return Dates(due, due, due)
    # A provider who knew a week ago is late already, although the officer heard only today.
    late = _add(calendar, start or raised_at, rule.remind)
    # Without a number in law the day's list would nag from the first day.
    act = late if rule.deadline.unit is Unit.NO_NUMBER else raised_at.astimezone(LONDON).date()
    return Dates(None, act, late)


def why(rule: Rule, aware_at: datetime | None, raised_at: datetime, calendar: Calendar) -> tuple[str, ...]:
    """The sentences behind the dates, for a person who asks "why this date"."""
    dates = dates_of(rule, aware_at, raised_at, calendar)
    start = _start(rule.deadline, aware_at, raised_at)
    sentences = [rule.deadline.words]
    if rule.deadline.start is Start.PROVIDER_AWARE:
        sentences.append(_awareness(aware_at))
    if dates.due_on is None:
        sentences.append(_reminder(rule, start or raised_at, dates.late_after, calendar))
    else:
        sentences.append(_counted(rule.deadline, start or raised_at, dates.due_on, calendar))
    return tuple(one for one in sentences if one)


def in_full(day: date) -> str:
    """`2 March 2026`."""
    return f"{day.day} {day:%B %Y}"


def _start(period: Period, aware_at: datetime | None, raised_at: datetime) -> datetime | None:
    return aware_at if period.start is Start.PROVIDER_AWARE else raised_at


def _add(calendar: Calendar, start: datetime, period: Period) -> date:
    add = calendar.add_working_days if period.unit is Unit.WORKING_DAY else calendar.add_calendar_days
    return add(start, period.amount)


def _awareness(aware_at: datetime | None) -> str:
    if aware_at is None:
        return "When the provider knew is not recorded on the case, so the last day cannot be counted."
    day = in_full(aware_at.astimezone(LONDON).date())
    return f"The provider knew on {day}; when the officer was told does not count."


def _amount(period: Period) -> str:
    kind = "working day" if period.unit is Unit.WORKING_DAY else "day"
    return f"{period.amount} {kind}{'' if period.amount == 1 else 's'}"


def _counted(period: Period, start: datetime, due: date, calendar: Calendar) -> str:
    begun = in_full(start.astimezone(LONDON).date())
    return f"{_amount(period)} after {begun} is {in_full(due)}.{_skipped(period, start, calendar)}"


def _reminder(rule: Rule, start: datetime, late: date, calendar: Calendar) -> str:
    skipped = _skipped(rule.remind, start, calendar)
    after = f"{in_full(late)}, {_amount(rule.remind)} later"
    return f"Heed calls it overdue after {after}: a reminder, not the law.{skipped}"


def _skipped(period: Period, start: datetime, calendar: Calendar) -> str:
    if period.unit is not Unit.WORKING_DAY:
        return ""
    found = calendar.explain(start, period.amount, working_days.Unit.WORKING_DAY).skipped
    return f" Not counted: {', '.join(f'{in_full(one.day)} ({one.why})' for one in found)}." if found else ""
