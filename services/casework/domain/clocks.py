"""Clocks of a case: when something is due, why then, and how long it really took."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.casework.domain.rules import HAPPENING_WORDS, Happening, Rule, delay_reasons
from shared.errors import Invalid, Refused
from shared.working_days import Calendar, Unit, end_of

_LONDON = ZoneInfo("Europe/London")


class State(StrEnum):
    """What a clock says now."""

    RUNNING = "running"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"
    PAUSED = "paused"
    IN_TIME = "in_time"
    LATE = "late"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A stretch in which nothing could be done, and the code of the reason. `until` None: it still lasts."""

    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One running or stopped rule on one case.

    `due_on` is the day the rule says and never moves with pauses; `overdue_after` is the moment lateness
    begins, pauses added. `amount` is the rule's own or, from the second `period` on, its `then_every`. The
    rule is kept as it was when the clock started. `counted_by` is the mark of the calendar by which its dates
    were counted.
    """

    id: str
    case_id: str
    rule: Rule
    amount: int
    started_at: datetime
    due_on: date
    overdue_after: datetime
    stopped_at: datetime | None = None
    called_off: bool = False
    marked_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    live: bool = True
    period: int = 1
    counted_by: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it neither stopped nor was called off."""
        return self.stopped_at is None

    @property
    def is_paused(self) -> bool:
        """Whether a pause lasts."""
        return self.is_running and any(pause.until is None for pause in self.pauses)


def start(clock_id: str, case_id: str, rule: Rule, at: datetime, calendar: Calendar) -> Clock:
    """The clock of a rule, from the moment that starts it."""
    begun = Clock(
        id=clock_id,
        case_id=case_id,
        rule=rule,
        amount=rule.amount,
        started_at=at,
        due_on=day_of(at),
        overdue_after=at,
    )
    return recount(begun, calendar)


def follow(clock_id: str, clock: Clock, calendar: Calendar) -> Clock | None:
    """The next period of a repeating rule that was kept or missed; None when nothing follows."""
    if clock.rule.then_every is None or clock.stopped_at is None or clock.called_off:
        return None
    begun = start(clock_id, clock.case_id, clock.rule, clock.stopped_at, calendar)
    following = replace(begun, amount=clock.rule.then_every, period=clock.period + 1, live=clock.live)
    return recount(following, calendar)


def hear(clock: Clock, happening: Happening, at: datetime) -> Clock:
    """The clock after something happened: done, called off, or as it was."""
    if not clock.is_running:
        return clock
    if happening is clock.rule.stop:
        return replace(_resumed(clock, at), stopped_at=at)
    if happening in {clock.rule.ends_with, Happening.CASE_CLOSED} or _is_waived(clock, happening):
        return replace(_resumed(clock, at), stopped_at=at, called_off=True)
    return clock


def _is_waived(clock: Clock, happening: Happening) -> bool:
    waits = clock.rule.stop is Happening.FIRST_MEETING_HELD
    return waits and happening is Happening.FIRST_MEETING_WAIVED


def pause(clock: Clock, reason: str, at: datetime) -> Clock:
    """The clock with a pause begun. Raises Refused or Invalid."""
    if not clock.is_running:
        raise Refused("This clock has stopped. Only a running clock can be paused.")
    if clock.is_paused:
        raise Refused("This clock is already paused. Resume it first.")
    if reason not in delay_reasons():
        raise Invalid("Choose the reason for the delay.", {"reason": ["Choose a reason from the list."]})
    return replace(clock, pauses=(*clock.pauses, Pause(reason=reason, since=at)))


def resume(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    """The clock running again; lateness begins later by the length of its pauses. Raises Refused."""
    if not clock.is_paused:
        raise Refused("This clock is not paused.")
    clock = _resumed(clock, at)
    return replace(clock, overdue_after=_overdue_after(clock, calendar))


def recount(clock: Clock, calendar: Calendar) -> Clock:
    """The clock under another calendar: a holiday was proclaimed or a closure changed."""
    # Counted from the start again: adding days to the old date would count a holiday between them twice.
    found = calendar.explain(clock.started_at, clock.amount, clock.rule.unit)
    moved = replace(clock, due_on=found.due, overdue_after=found.due_at, counted_by=calendar.mark)
    return replace(moved, overdue_after=_overdue_after(moved, calendar))


def _resumed(clock: Clock, at: datetime) -> Clock:
    # A clock that stops cannot stay paused, or its net time would go on shrinking.
    ended = (pause if pause.until else replace(pause, until=max(at, pause.since)) for pause in clock.pauses)
    return replace(clock, pauses=tuple(ended))


def _overdue_after(clock: Clock, calendar: Calendar) -> datetime:
    """Pauses add what they cost in the rule's own counting: working days, calendar days, or hours as they
    passed.
    """
    ended = [(pause.since, pause.until) for pause in clock.pauses if pause.until]
    if clock.rule.unit in {Unit.CLOCK_HOUR, Unit.WORKING_HOUR}:
        due_at = calendar.due_at(clock.started_at, clock.amount, clock.rule.unit)
        return due_at + sum((until - since for since, until in ended), timedelta())
    # From the first moment of the due day, which no cutoff can push to the next.
    dawn = datetime.combine(clock.due_on, time(), _LONDON)
    if clock.rule.unit is Unit.WORKING_DAY:
        lost = sum(calendar.working_days_between(since, until) for since, until in ended)
        return end_of(calendar.add_working_days(dawn, lost))
    lost = sum((day_of(until) - day_of(since)).days for since, until in ended)
    return end_of(calendar.add_calendar_days(dawn, lost))


def gross(clock: Clock, now: datetime) -> timedelta:
    """From start to stop, or to now."""
    return max((clock.stopped_at or now) - clock.started_at, timedelta())


def net(clock: Clock, now: datetime) -> timedelta:
    """Gross without its pauses."""
    end = clock.stopped_at or now
    lost = timedelta()
    # Only the part of a pause within the clock counts: a history may have recorded it roughly.
    for pause in clock.pauses:
        since, until = max(pause.since, clock.started_at), min(pause.until or end, end)
        lost += max(until - since, timedelta())
    return max(gross(clock, now) - lost, timedelta())


def state(clock: Clock, now: datetime, calendar: Calendar) -> State:
    """What it says now."""
    if clock.stopped_at is not None:
        if clock.called_off:
            return State.CALLED_OFF
        return State.IN_TIME if clock.stopped_at <= clock.overdue_after else State.LATE
    if clock.is_paused:
        return State.PAUSED
    # The last moment itself is still in time.
    if now > clock.overdue_after:
        return State.OVERDUE
    last = _last_day(clock)
    if day_of(now) == last:
        return State.TODAY
    near = calendar.add_working_days(now, clock.rule.warn_days) if clock.rule.warn_days else day_of(now)
    return State.SOON if last <= near else State.RUNNING


def _last_day(clock: Clock) -> date:
    # Lateness by days begins with the first moment of the next day, which is not the last day in time.
    hours = clock.rule.unit in {Unit.CLOCK_HOUR, Unit.WORKING_HOUR}
    return day_of(clock.overdue_after if hours else clock.overdue_after - timedelta(minutes=1))


def day_of(moment: datetime) -> date:
    """The London day of a moment."""
    return moment.astimezone(_LONDON).date()


def first_meeting(clocks: Iterable[Clock]) -> Clock | None:
    """The clock that asks for the first meeting soonest."""
    asked = [clock for clock in clocks if clock.rule.stop is Happening.FIRST_MEETING_HELD]
    return min(asked, key=lambda one: one.overdue_after, default=None)


_UNIT_WORDS = {
    Unit.CLOCK_HOUR: "hour",
    Unit.WORKING_HOUR: "working hour",
    Unit.WORKING_DAY: "working day",
    Unit.CALENDAR_DAY: "day",
    Unit.WEEK: "week",
    Unit.CALENDAR_MONTH: "month",
}


def length(clock: Clock) -> str:
    """The rule's time in words."""
    if clock.amount == 0:
        return "the same " + _UNIT_WORDS[clock.rule.unit]
    plural = "" if clock.amount == 1 else "s"
    return f"{clock.amount} {_UNIT_WORDS[clock.rule.unit]}{plural}"


def why(clock: Clock, calendar: Calendar) -> tuple[str, ...]:
    """Why this date, a sentence per step that led to it."""
    found = calendar.explain(clock.started_at, clock.amount, clock.rule.unit)
    said = [f"The clock started on {_long(found.event_day)}, when {HAPPENING_WORDS[clock.rule.start]}."]
    # A following period starts from a review, not from what began the first one.
    if clock.period > 1:
        said = [f"This period follows the one before, from {_long(found.event_day)}."]
    if found.late:
        said.append(
            f"That was after {found.late:%H:%M}, so the next working day counts as the day it was received."
        )
    if clock.rule.unit is Unit.WORKING_DAY and found.counted_from != found.event_day:
        said.append(f"Counting began from {_long(found.counted_from)}.")
    said.append(f"The rule gives {length(clock)}.")
    said += [f"{_long(day.day)} does not count: {day.why}." for day in found.skipped]
    said += [_pause_words(pause) for pause in clock.pauses]
    said.append(f"So it is due on {_long(found.due)}.")
    return tuple(said)


def _pause_words(pause: Pause) -> str:
    until = f"to {_long(day_of(pause.until))}" if pause.until else "and still is"
    return (
        f"It was paused from {_long(day_of(pause.since))} {until}: {delay_reasons()[pause.reason].lower()}."
    )


def _long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
