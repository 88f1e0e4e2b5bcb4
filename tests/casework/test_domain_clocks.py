"""Clocks: the vectors of the working calendar through the rules, pauses, repeats, and why that date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casework.domain import clocks
from services.casework.domain.clocks import State
from services.casework.domain.rules import Happening
from shared.errors import Invalid, Refused
from shared.working_days import Calendar, Unit
from tests.casework.builders import MONDAY
from tests.casework.clockwork import CALENDAR, a_rule, begun, morning

VECTORS = [
    ("2024-03-28", "2024-04-02", "2024-04-08", "2024-04-22", "2024-04-25"),
    ("2025-08-22", "2025-08-26", "2025-09-01", "2025-09-15", "2025-09-19"),
    ("2026-04-02", "2026-04-07", "2026-04-13", "2026-04-27", "2026-04-30"),
    ("2026-04-03", "2026-04-08", "2026-04-14", "2026-04-28", "2026-05-01"),
    ("2026-05-22", "2026-05-26", "2026-06-01", "2026-06-15", "2026-06-19"),
    ("2026-12-24", "2026-12-29", "2027-01-05", "2027-01-19", "2027-01-21"),
    ("2022-09-15", "2022-09-16", "2022-09-23", "2022-10-07", "2022-10-13"),
    ("2023-05-04", "2023-05-05", "2023-05-12", "2023-05-26", "2023-06-01"),
    ("2028-12-29", "2029-01-02", "2029-01-08", "2029-01-22", "2029-01-26"),
]


@pytest.mark.parametrize(("event", "one", "five", "fifteen", "days"), VECTORS)
def test_every_vector_holds_through_the_rules(event: str, one: str, five: str, fifteen: str, days: str):
    at = morning(event)
    for amount, expected in ((1, one), (5, five), (15, fifteen)):
        assert begun(a_rule(amount), at).due_on == date.fromisoformat(expected)
    assert begun(a_rule(28, Unit.CALENDAR_DAY), at).due_on == date.fromisoformat(days)
    assert begun(a_rule(4, Unit.WEEK), at).due_on == date.fromisoformat(days)


def test_the_same_working_day_is_an_amount_of_nought():
    clock = begun(a_rule(0))
    assert clock.due_on == date(2026, 3, 2)
    assert clocks.length(clock) == "the same working day"


def test_seventy_two_hours_pass_by_the_clock_also_when_the_clocks_change():
    friday = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
    assert begun(a_rule(72, Unit.CLOCK_HOUR), friday).overdue_after == friday + timedelta(hours=72)


def test_working_hours_stop_at_the_end_of_the_day():
    clock = begun(a_rule(24, Unit.WORKING_HOUR), MONDAY)
    assert clock.overdue_after == datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def test_a_month_ends_on_its_last_day_when_it_is_shorter():
    clock = begun(a_rule(3, Unit.CALENDAR_MONTH), morning("2025-11-30"))
    assert clock.due_on == date(2026, 2, 28)


def test_a_clock_says_how_near_it_is():
    clock = begun(a_rule(warn_days=1))
    monday_after = datetime(2026, 3, 9, 12, tzinfo=UTC)
    expected = {
        MONDAY: State.RUNNING,
        monday_after - timedelta(days=3): State.SOON,
        monday_after: State.TODAY,
        monday_after + timedelta(days=1): State.OVERDUE,
    }
    assert {at: clocks.state(clock, at, CALENDAR) for at in expected} == expected


def test_a_stopped_clock_was_in_time_late_or_called_off():
    met = clocks.hear(begun(), Happening.FIRST_MEETING_HELD, MONDAY + timedelta(days=1))
    late = clocks.hear(begun(), Happening.FIRST_MEETING_HELD, MONDAY + timedelta(days=30))
    off = clocks.hear(begun(), Happening.CASE_CLOSED, MONDAY)
    now = MONDAY + timedelta(days=31)
    assert [clocks.state(one, now, CALENDAR) for one in (met, late, off)] == [
        State.IN_TIME,
        State.LATE,
        State.CALLED_OFF,
    ]


def test_a_stopped_clock_hears_nothing_more():
    met = clocks.hear(begun(), Happening.FIRST_MEETING_HELD, MONDAY)
    assert clocks.hear(met, Happening.CASE_CLOSED, MONDAY + timedelta(days=9)) == met


def test_deciding_that_no_first_meeting_is_needed_calls_off_only_its_clock():
    review = begun(a_rule(4, Unit.CALENDAR_MONTH, id="review", stop=Happening.REVIEW_RECORDED))
    assert clocks.hear(begun(), Happening.FIRST_MEETING_WAIVED, MONDAY).called_off
    assert clocks.hear(review, Happening.FIRST_MEETING_WAIVED, MONDAY).is_running


def test_a_pause_keeps_the_due_date_and_moves_lateness():
    paused = clocks.pause(begun(), "POLICE_ENQUIRY", MONDAY + timedelta(days=1))
    a_month_on = MONDAY + timedelta(days=30)
    assert clocks.state(paused, a_month_on, CALENDAR) is State.PAUSED
    resumed = clocks.resume(paused, MONDAY + timedelta(days=3), CALENDAR)
    assert resumed.due_on == date(2026, 3, 9)
    assert resumed.overdue_after == datetime(2026, 3, 12, tzinfo=UTC)
    assert clocks.net(resumed, a_month_on) == clocks.gross(resumed, a_month_on) - timedelta(days=2)


@pytest.mark.parametrize(
    ("unit", "amount"), [(Unit.CALENDAR_DAY, 28), (Unit.CLOCK_HOUR, 72), (Unit.CALENDAR_MONTH, 3)]
)
def test_a_pause_costs_what_it_lasted_in_the_rules_own_counting(unit: Unit, amount: int):
    clock = begun(a_rule(amount, unit))
    resumed = clocks.resume(clocks.pause(clock, "COURT", MONDAY), MONDAY + timedelta(days=4), CALENDAR)
    assert resumed.overdue_after - clock.overdue_after in {timedelta(days=4), timedelta(days=4, hours=-1)}


def test_a_clock_is_paused_once_for_a_known_reason_while_it_runs():
    paused = clocks.pause(begun(), "COURT", MONDAY)
    with pytest.raises(Refused, match="already"):
        clocks.pause(paused, "COURT", MONDAY)
    with pytest.raises(Invalid):
        clocks.pause(begun(), "THE_DOG_ATE_IT", MONDAY)
    with pytest.raises(Refused, match="stopped"):
        clocks.pause(clocks.hear(begun(), Happening.CASE_CLOSED, MONDAY), "COURT", MONDAY)
    with pytest.raises(Refused, match="not paused"):
        clocks.resume(begun(), MONDAY, CALENDAR)


def test_stopping_a_paused_clock_ends_its_pause():
    paused = clocks.pause(begun(), "COURT", MONDAY)
    stopped = clocks.hear(paused, Happening.FIRST_MEETING_HELD, MONDAY + timedelta(days=2))
    assert stopped.pauses[0].until == MONDAY + timedelta(days=2)
    assert clocks.net(stopped, MONDAY + timedelta(days=50)) == timedelta(0)


HOURS = st.integers(min_value=0, max_value=24 * 60)


@settings(max_examples=60)
@given(
    st.lists(HOURS, max_size=8).map(sorted),
    HOURS,
    st.sampled_from([Unit.WORKING_DAY, Unit.WEEK, Unit.CLOCK_HOUR]),
)
def test_net_time_is_never_more_than_gross_and_lateness_never_earlier(marks: list[int], end: int, unit: Unit):
    clock = begun(a_rule(2, unit))
    for since, until in zip(marks[::2], marks[1::2], strict=False):
        clock = clocks.pause(clock, "COURT", MONDAY + timedelta(hours=since))
        clock = clocks.resume(clock, MONDAY + timedelta(hours=until), CALENDAR)
    now = MONDAY + timedelta(hours=max([end, *marks]))
    assert timedelta(0) <= clocks.net(clock, now) <= clocks.gross(clock, now)
    assert clock.overdue_after >= begun(a_rule(2, unit)).overdue_after
    assert clock.due_on == begun(a_rule(2, unit)).due_on


@settings(max_examples=60)
@given(
    st.datetimes(datetime(2019, 1, 1), datetime(2029, 12, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(min_value=0, max_value=30),
)
def test_a_due_date_by_working_days_is_a_working_day_and_comes_after_the_start(at: datetime, amount: int):
    clock = begun(a_rule(amount), at)
    assert CALENDAR.is_working_day(clock.due_on)
    assert clock.due_on >= clocks.day_of(at)
    assert clock.overdue_after > at


def test_why_this_date_names_every_day_that_does_not_count():
    said = clocks.why(begun(at=morning("2026-04-02")), CALENDAR)
    text = " ".join(said)
    assert said[0] == "The clock started on Thursday 2 April 2026, when the contact was received."
    assert "Friday 3 April 2026 does not count: Good Friday." in text
    assert "Easter Monday" in text
    assert "The rule gives 5 working days." in text
    assert said[-1] == "So it is due on Monday 13 April 2026."


def test_why_this_date_explains_a_late_start_and_a_start_on_a_holiday():
    evening = datetime(2026, 3, 2, 18, tzinfo=UTC)
    assert any("after 17:00" in line for line in clocks.why(begun(at=evening), CALENDAR))
    holiday = clocks.why(begun(at=morning("2026-04-03")), CALENDAR)
    assert "Counting began from Tuesday 7 April 2026." in holiday


def test_why_this_date_tells_of_pauses():
    paused = clocks.pause(begun(), "POLICE_ENQUIRY", MONDAY)
    assert any("still is: police enquiry" in line for line in clocks.why(paused, CALENDAR))
    resumed = clocks.resume(paused, MONDAY + timedelta(days=1), CALENDAR)
    assert any("to Tuesday 3 March 2026" in line for line in clocks.why(resumed, CALENDAR))


def test_a_proclaimed_holiday_moves_a_running_clock():
    with_holiday = Calendar(closures=frozenset({date(2026, 3, 4)}))
    assert clocks.recount(begun(), with_holiday).due_on == date(2026, 3, 10)
