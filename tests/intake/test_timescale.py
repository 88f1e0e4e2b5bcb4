"""The clocks of an approach: when an answer is due, and why then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import (
    timescale,
)
from shared.errors import Invalid
from shared.vocabulary import Criterion
from shared.working_days import Calendar

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CRITERIA = [one.value for one in Criterion]
moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def rule(name: str, authority: str, on: date = TODAY) -> timescale.Rule:
    return timescale.rule_for(timescale.shipped_rules(), name, authority, on)


@pytest.mark.parametrize(
    ("event", "due"),
    [
        (datetime(2024, 3, 28, 10, tzinfo=UTC), date(2024, 4, 2)),
        (datetime(2025, 8, 22, 10, tzinfo=UTC), date(2025, 8, 26)),
        (datetime(2026, 4, 3, 10, tzinfo=UTC), date(2026, 4, 8)),
        (datetime(2026, 12, 24, 10, tzinfo=UTC), date(2026, 12, 29)),
        (datetime(2022, 9, 15, 10, tzinfo=UTC), date(2022, 9, 16)),
        (datetime(2028, 12, 29, 10, tzinfo=UTC), date(2029, 1, 2)),
    ],
)
def test_an_answer_is_due_at_the_end_of_the_next_working_day(event: datetime, due: date):
    found = timescale.due(rule("answer", "wiltshire"), event, Calendar())
    last = (found.at - timedelta(seconds=1)).astimezone(timescale.LONDON)
    assert last.date() == due
    assert timescale.deadline_words(found.at) == f"the end of {timescale.day_words(due)}"


@given(moments)
def test_dorset_answers_within_24_hours_but_never_on_a_day_off(moment: datetime):
    calendar = Calendar()
    found = timescale.due(rule("answer", "dorset", moment.date()), moment, calendar)
    assert calendar.is_working_day(found.at.astimezone(timescale.LONDON).date())
    # Over a change of the clocks the same time of day is an hour nearer or further.
    assert found.at - moment >= timedelta(hours=23)


@given(moments, st.sampled_from(["dorset", "wiltshire"]))
def test_every_due_date_says_why(moment: datetime, authority: str):
    found = timescale.due(rule("answer", authority, moment.date()), moment, Calendar())
    assert found.why[0].startswith("It started at")
    assert found.rule.source in found.why[-1]


def test_why_names_the_days_left_out_and_the_late_hour():
    event = datetime(2026, 4, 2, 17, 30, tzinfo=UTC)
    found = timescale.due(rule("answer", "wiltshire"), event, Calendar())
    words = " ".join(found.why)
    assert "after 5pm" in words
    assert "Good Friday" in words
    assert "Tuesday 7 April 2026, the next working day" in words


def test_an_authority_s_own_rule_goes_before_everybody_s_and_later_before_earlier():
    own = timescale.own_rules(
        "bcp",
        [
            {"id": "answer", "from": "2026-01-01", "amount": 2, "unit": "WORKING_DAY", "source": "Ours"},
            {"id": "answer", "from": "2026-02-01", "amount": 0, "unit": "WORKING_DAY", "source": "Ours"},
        ],
    )
    rules = (*timescale.shipped_rules(), *own)
    assert timescale.rule_for(rules, "answer", "bcp", date(2025, 12, 31)).amount == 1
    assert timescale.rule_for(rules, "answer", "bcp", date(2026, 1, 15)).amount == 2
    assert timescale.rule_for(rules, "answer", "bcp", date(2026, 3, 1)).amount == 0
    assert timescale.rule_for(rules, "answer", "dorset", date(2026, 3, 1)).amount == 24


def test_a_rule_that_does_not_read_is_refused():
    for raw in (
        {"id": "answer"},
        {"id": "answer", "from": "x", "amount": 1, "unit": "WORKING_DAY", "source": ""},
    ):
        with pytest.raises(Invalid):
            timescale.own_rules("bcp", [raw])
    with pytest.raises(Invalid):
        rule("holiday", "bcp")


def test_the_employer_is_late_by_its_own_clock():
    known = datetime(2026, 3, 5, 16, tzinfo=UTC)
    own, calendar = rule("employer", "dorset"), Calendar()
    assert timescale.late(known, datetime(2026, 3, 6, 23, tzinfo=UTC), own, calendar) is False
    assert timescale.late(known, datetime(2026, 3, 9, 9, tzinfo=UTC), own, calendar) is True
    assert timescale.late(None, NOW, own, calendar) is None


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 2, 12, tzinfo=UTC), "midday on Monday 2 March 2026"),
        (datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "9:05am on Wednesday 1 July 2026"),
        (datetime(2026, 3, 2, 15, tzinfo=UTC), "3pm on Monday 2 March 2026"),
    ],
)
def test_moments_are_said_as_people_say_them(moment: datetime, words: str):
    assert timescale.moment_words(moment) == words
    assert timescale.deadline_words(moment) == words
