"""Working days against the table of the domain, the published bank holidays and laws of all dates."""

import json
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import working_days
from shared.clock import LONDON
from shared.errors import Invalid
from shared.working_days import CLOSED, Calendar, Skipped, Unit

ENGLAND = Calendar()
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
CALENDARS = st.builds(
    Calendar, st.frozensets(DAYS, max_size=40), st.sampled_from([time(12), time(16, 30), time(17)])
)


def at(day: str, clock: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON).astimezone(UTC)


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


@pytest.mark.parametrize(("event", "one", "five", "fifteen", "four_weeks"), VECTORS)
def test_the_table_of_the_domain_holds(
    event: str, one: str, five: str, fifteen: str, four_weeks: str
) -> None:
    due = [ENGLAND.add_working_days(at(event), amount).isoformat() for amount in (1, 5, 15)]
    assert due == [one, five, fifteen]
    assert ENGLAND.add_calendar_days(at(event), 28) == date.fromisoformat(four_weeks)
    assert ENGLAND.add_weeks(at(event), 4) == date.fromisoformat(four_weeks)


def test_an_event_on_good_friday_counts_from_tuesday() -> None:
    assert ENGLAND.effective_day(at("2026-04-03")) == date(2026, 4, 7)


@pytest.mark.parametrize(("clock", "expected"), [("00:00", 4), ("17:00", 4), ("17:00:01", 5), ("23:59", 5)])
def test_the_cutoff_decides_the_day(clock: str, expected: int) -> None:
    assert ENGLAND.effective_day(at("2026-06-04", clock)) == date(2026, 6, expected)


def test_the_cutoff_is_london_time_in_summer() -> None:
    assert ENGLAND.effective_day(datetime(2026, 6, 4, 16, 30, tzinfo=UTC)) == date(2026, 6, 5)
    assert ENGLAND.effective_day(datetime(2026, 1, 8, 16, 30, tzinfo=UTC)) == date(2026, 1, 8)


def test_a_summer_evening_in_utc_is_the_next_day_in_london() -> None:
    assert ENGLAND.add_calendar_days(datetime(2026, 6, 4, 23, 30, tzinfo=UTC), 1) == date(2026, 6, 6)


def test_each_authority_closes_on_its_own_days() -> None:
    closed = Calendar(frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)}))
    assert closed.add_working_days(at("2026-12-24"), 1) == date(2027, 1, 4)
    assert ENGLAND.add_working_days(at("2026-12-24"), 1) == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("event", "amount", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-11-30", 3, "2027-02-28"),
     ("2026-05-15", 12, "2027-05-15"), ("2026-12-31", 0, "2026-12-31")],
)  # fmt: skip
def test_a_month_ends_on_the_same_day_or_the_last(event: str, amount: int, expected: str) -> None:
    assert ENGLAND.add_months(at(event), amount) == date.fromisoformat(expected)


def test_clock_hours_pass_over_a_change_of_the_clocks() -> None:
    before = at("2026-03-28", "12:00")
    assert ENGLAND.add_clock_hours(before, 24) == before + timedelta(hours=24)
    assert ENGLAND.add_clock_hours(before, 24).astimezone(LONDON).hour == 13


@pytest.mark.parametrize(
    ("event", "amount", "expected"),
    [
        ("2026-06-04T10:00", 4, "2026-06-04T14:00"),
        ("2026-06-04T10:00", 7, "2026-06-04T17:00"),
        ("2026-06-04T10:00", 8, "2026-06-05T10:00"),
        ("2026-06-05T16:00", 24, "2026-06-10T16:00"),
        ("2026-06-06T03:00", 1, "2026-06-08T10:00"),
        ("2026-06-04T19:00", 1, "2026-06-05T10:00"),
        ("2026-06-04T06:00", 0, "2026-06-04T09:00"),
    ],
)
def test_working_hours_pass_only_while_the_office_is_open(event: str, amount: int, expected: str) -> None:
    start = datetime.fromisoformat(event).replace(tzinfo=LONDON)
    end = ENGLAND.add_working_hours(start, amount).astimezone(LONDON)
    assert end == datetime.fromisoformat(expected).replace(tzinfo=LONDON)


def test_a_day_is_over_at_londons_midnight() -> None:
    assert working_days.end_of(date(2026, 6, 4)) == datetime(2026, 6, 4, 23, tzinfo=UTC)
    assert working_days.end_of(date(2026, 1, 8)) == datetime(2026, 1, 9, tzinfo=UTC)


def test_the_explanation_names_every_day_that_did_not_count() -> None:
    why = ENGLAND.explain(at("2026-04-02", "18:20"), 1)
    assert (why.event_day, why.late, why.counted_from) == (date(2026, 4, 2), time(17), date(2026, 4, 7))
    assert why.due == date(2026, 4, 8)
    assert why.due_at == working_days.end_of(date(2026, 4, 8))
    assert why.skipped == (
        Skipped(date(2026, 4, 3), "Good Friday"),
        Skipped(date(2026, 4, 4), "Saturday"),
        Skipped(date(2026, 4, 5), "Sunday"),
        Skipped(date(2026, 4, 6), "Easter Monday"),
    )


def test_the_explanation_names_a_closure() -> None:
    why = Calendar(frozenset({date(2026, 12, 29)})).explain(at("2026-12-24"), 1)
    assert Skipped(date(2026, 12, 29), CLOSED) in why.skipped
    assert why.late is None


@pytest.mark.parametrize("unit", list(Unit))
def test_the_explanation_agrees_with_the_due_moment(unit: Unit) -> None:
    why = ENGLAND.explain(at("2026-04-02"), 3, unit)
    assert why.due_at == ENGLAND.due_at(at("2026-04-02"), 3, unit)
    assert why.due_at <= working_days.end_of(why.due)
    assert bool(why.skipped) == (unit in {Unit.WORKING_DAY, Unit.WORKING_HOUR} and why.due > date(2026, 4, 3))


def test_the_bank_holidays_are_those_that_were_published() -> None:
    published = json.loads((Path(str(files("govuk_bank_holidays"))) / "bank-holidays.json").read_text())
    england = {date.fromisoformat(one["date"]) for one in published["england-and-wales"]["events"]}
    years = range(min(england).year, max(england).year + 1)
    assert len(england) > 50
    computed = {day for year in years for day in working_days.bank_holidays(year) if day.weekday() < 5}
    assert computed == {day for day in england if day.weekday() < 5}


@pytest.mark.parametrize(
    "day",
    ["2021-12-27", "2021-12-28", "2022-06-03", "2022-09-19", "2022-12-27", "2023-05-08", "2026-12-28",
     "2027-12-27", "2027-12-28", "2028-01-03"],
)  # fmt: skip
def test_substitute_and_single_days_are_no_working_days(day: str) -> None:
    assert not ENGLAND.is_working_day(date.fromisoformat(day))


@given(CALENDARS, MOMENTS, st.integers(0, 60))
def test_a_limit_in_working_days_ends_on_one_and_is_counted_back(
    authority: Calendar, moment: datetime, amount: int
) -> None:
    start, due = authority.effective_day(moment), authority.add_working_days(moment, amount)
    between = [start + timedelta(days=ahead) for ahead in range(1, (due - start).days + 1)]
    assert authority.is_working_day(due)
    assert sum(authority.is_working_day(day) for day in between) == amount
    assert authority.working_days_between(moment, working_days.end_of(due) - timedelta(hours=12)) == amount


@given(CALENDARS, MOMENTS, MOMENTS, st.integers(0, 40), st.sampled_from(list(Unit)))
def test_a_later_event_is_never_due_earlier(
    authority: Calendar, one: datetime, other: datetime, amount: int, unit: Unit
) -> None:
    first, second = sorted((one, other))
    assert authority.due_at(first, amount, unit) <= authority.due_at(second, amount, unit)


@given(DAYS, MOMENTS, st.integers(0, 40))
def test_a_closure_never_brings_a_date_forward(closed: date, moment: datetime, amount: int) -> None:
    with_closure = Calendar(frozenset({closed}))
    assert with_closure.add_working_days(moment, amount) >= ENGLAND.add_working_days(moment, amount)


@given(CALENDARS, MOMENTS, st.integers(0, 40), st.sampled_from(list(Unit)))
def test_what_is_skipped_is_no_working_day_and_has_a_name(
    authority: Calendar, moment: datetime, amount: int, unit: Unit
) -> None:
    for skipped in authority.explain(moment, amount, unit).skipped:
        assert not authority.is_working_day(skipped.day)
        assert skipped.why


def test_a_negative_limit_is_a_fault() -> None:
    with pytest.raises(ValueError, match="negative"):
        ENGLAND.add_working_days(at("2026-06-04"), -1)


def test_configuration_becomes_a_calendar() -> None:
    made = working_days.parse(["2026-12-29"], "16:30")
    assert made == Calendar(frozenset({date(2026, 12, 29)}), time(16, 30))


@pytest.mark.parametrize(("closures", "cutoff"), [(["29.12.2026"], "17:00"), ([], "five"), ([7], "17:00")])
def test_configuration_that_is_no_calendar_is_refused(closures: list[str], cutoff: str) -> None:
    with pytest.raises(Invalid, match="for example"):
        working_days.parse(closures, cutoff)


def test_a_calendar_has_the_mark_of_each_that_is_alike_and_of_no_other():
    closed = Calendar(frozenset({date(2026, 3, 4), date(2026, 3, 5)}))
    assert closed.mark == Calendar(frozenset({date(2026, 3, 5), date(2026, 3, 4)})).mark
    assert len({ENGLAND.mark, closed.mark, Calendar(cutoff=time(16)).mark, Calendar(opens=time(8)).mark}) == 4
