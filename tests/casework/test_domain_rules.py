"""Rules as data, and how the clocks of a case follow what happens on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.casework.domain import clocks, course, rules
from services.casework.domain.clocks import State
from services.casework.domain.course import Happened
from services.casework.domain.rules import Happening
from shared.errors import Invalid
from shared.working_days import Unit
from tests.casework.builders import MONDAY
from tests.casework.clockwork import CALENDAR, a_rule, setup_of


def test_each_authority_runs_from_its_data_alone():
    def first(authority: str) -> tuple[int, Unit]:
        found = rules.in_force(rules.rules_of(authority), date(2026, 3, 2))
        rule = next(one for one in found if one.id == "first-meeting")
        return rule.amount, rule.unit

    assert first("dorset") == (5, Unit.WORKING_DAY)
    assert first("hampshire") == (72, Unit.CLOCK_HOUR)
    assert first("bcp") == (24, Unit.WORKING_HOUR)
    assert first("wiltshire") == first("an-authority-nobody-configured") == (5, Unit.WORKING_DAY)


def test_a_rule_holds_between_its_dates():
    def conclusion(day: date) -> tuple[int, Unit]:
        found = {one.id: one for one in rules.in_force(rules.rules_of("dorset"), day)}
        return found["conclusion"].amount, found["conclusion"].unit

    assert conclusion(date(2023, 3, 31)) == (12, Unit.WEEK)
    assert conclusion(date(2023, 4, 1)) == (28, Unit.CALENDAR_DAY)


def test_an_administrator_replaces_rules_by_id_and_switches_them_off():
    written = {
        "id": "first-meeting",
        "label": "AMM",
        "start": "THRESHOLD_DECIDED",
        "stop": "FIRST_MEETING_HELD",
        "amount": 0,
        "unit": "WORKING_DAY",
        "effective_from": "2026-01-01",
        "source": "Decided in January.",
    }
    off = {**written, "id": "monthly-review", "off": True}
    found = {one.id: one for one in rules.rules_of("dorset", [written, off])}
    assert found["first-meeting"].amount == 0
    assert "monthly-review" not in found
    assert "conclusion" in found


@pytest.mark.parametrize(
    "wrong",
    [{"unit": "FORTNIGHT"}, {"amount": -1}, {"start": "FULL_MOON"}, {"colour": "red"}, {"then_every": 0}],
)
def test_a_rule_that_does_not_read_is_refused(wrong: dict[str, object]):
    written = {
        "id": "x",
        "label": "x",
        "start": "CONTACT_RECEIVED",
        "stop": "CASE_CLOSED",
        "amount": 1,
        "unit": "WEEK",
        "effective_from": "2026-01-01",
        "source": "x",
    }
    assert rules.read([written])
    with pytest.raises(Invalid):
        rules.read([{**written, **wrong}])


def test_every_shipped_rule_says_where_it_comes_from():
    for authority in ("dorset", "wiltshire", "hampshire", "bcp"):
        assert all(rule.source.endswith(".") for rule in rules.rules_of(authority))


def test_a_happening_starts_the_clocks_that_wait_for_it_once():
    setup = setup_of(a_rule())
    once = course.after("case-1", (), [Happened(Happening.CONTACT_RECEIVED, MONDAY)], setup)
    twice = course.after("case-1", once, [Happened(Happening.CONTACT_RECEIVED, MONDAY)], setup)
    assert once == twice
    assert once[0].rule.id == "first-meeting"


def test_the_employers_clock_and_the_officers_clock_are_apart():
    known, received = MONDAY - timedelta(days=9), MONDAY
    happened = [
        Happened(Happening.ALLEGATION_KNOWN_TO_EMPLOYER, known),
        Happened(Happening.CONTACT_RECEIVED, received),
    ]
    found = {
        one.rule.id: one
        for one in course.after("case-1", (), happened, setup_of(*rules.rules_of("wiltshire")))
    }
    assert clocks.state(found["employer-referral"], MONDAY, CALENDAR) is State.LATE
    assert found["first-meeting"].started_at == received
    assert clocks.state(found["first-meeting"], MONDAY, CALENDAR) is State.RUNNING


def test_a_review_starts_the_next_period_until_the_outcome_calls_it_off():
    review = a_rule(
        4,
        Unit.CALENDAR_MONTH,
        id="review",
        stop=Happening.REVIEW_RECORDED,
        ends_with=Happening.OUTCOME_AGREED,
        then_every=1,
    )
    reviewed = MONDAY + timedelta(days=120)
    happened = [Happened(Happening.CONTACT_RECEIVED, MONDAY), Happened(Happening.REVIEW_RECORDED, reviewed)]
    first, second = course.after("case-1", (), happened, setup_of(review))
    assert not first.is_running
    assert (second.amount, second.period, second.is_running) == (1, 2, True)
    assert "follows the one before" in clocks.why(second, CALENDAR)[0]
    ended = course.after(
        "case-1",
        (first, second),
        [Happened(Happening.OUTCOME_AGREED, reviewed + timedelta(days=1))],
        setup_of(review),
    )
    assert len(ended) == 2
    assert ended[1].called_off


def test_the_soonest_clock_for_the_first_meeting_counts():
    outer = a_rule(10, id="first-meeting-limit")
    found = course.after("c", (), [Happened(Happening.CONTACT_RECEIVED, MONDAY)], setup_of(outer, a_rule()))
    first = clocks.first_meeting(found)
    assert first is not None
    assert first.due_on == date(2026, 3, 9)
    assert clocks.first_meeting(()) is None


def test_clocks_of_a_history_are_not_live():
    setup = replace(setup_of(a_rule()), live=False)
    assert not course.after("c", (), [Happened(Happening.CONTACT_RECEIVED, MONDAY)], setup)[0].live
