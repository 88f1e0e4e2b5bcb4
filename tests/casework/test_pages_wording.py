"""Codes, spans and states in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.casework.domain import clocks
from services.casework.domain.case import STAGE_WORDS, Stage
from services.casework.domain.clocks import State
from services.casework.domain.duties import STATE_WORDS as DUTY_WORDS
from services.casework.domain.rules import HAPPENING_WORDS, Happening, delay_reasons
from services.casework.domain.safeguards import SAFEGUARDS
from services.casework.web import wording
from services.casework.web.answers import YES_NO_UNKNOWN, answer, answered
from tests.casework.builders import MONDAY
from tests.casework.clockwork import CALENDAR, a_rule, begun


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(0), "0 hours"),
        (timedelta(minutes=59), "0 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_a_span_is_said_in_hours_then_in_days(span: timedelta, expected: str):
    assert wording.span_words(span) == expected


def test_gross_and_net_are_both_said_when_there_was_a_pause():
    clock = begun()
    now = MONDAY + timedelta(days=4)
    assert (
        wording.spent_words(clock, clocks.gross(clock, now), clocks.net(clock, now)) == "Running for 4 days"
    )
    paused = clocks.pause(clock, "COURT", MONDAY + timedelta(days=2))
    stopped = clocks.hear(paused, Happening.FIRST_MEETING_HELD, now)
    said = wording.spent_words(stopped, clocks.gross(stopped, now), clocks.net(stopped, now))
    assert said == "Took 4 days; 2 days without pauses"


def test_every_code_has_its_words():
    assert set(wording.CLOCK_WORDS) == set(State)
    assert set(STAGE_WORDS) == set(Stage) == set(map(Stage, wording.STAGE_COLOURS))
    assert set(HAPPENING_WORDS) == set(Happening)
    assert set(wording.DUTY_COLOURS) <= set(DUTY_WORDS)
    assert all({*delay_reasons().values(), *SAFEGUARDS.values()})


def test_codes_read_in_the_words_of_the_work_and_those_of_no_list_as_they_are_spelt():
    assert wording.code_words("category", "SEXUAL_CONTACT") == "Sexual harm with contact"
    assert wording.code_words("role", "ROBOT_MINDER") == "Robot minder"
    assert wording.code_words("role", "") == "Not known"


@pytest.mark.parametrize(("value", "shown"), [(True, "Yes"), (False, "No"), (None, "Not known yet")])
def test_an_answer_goes_to_the_page_and_back(value: bool | None, shown: str):
    assert wording.yes_no(value) == shown
    assert answer(answered(value)) is value
    assert answered(value) in dict(YES_NO_UNKNOWN)


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (5, "WORKING_DAY", "5 working days"),
        (1, "WORKING_DAY", "1 working day"),
        (72, "CLOCK_HOUR", "72 hours"),
        (24, "WORKING_HOUR", "24 working hours"),
        (28, "CALENDAR_DAY", "28 days"),
        (12, "WEEK", "12 weeks"),
        (3, "CALENDAR_MONTH", "3 months"),
    ],
)
def test_the_length_of_a_rule_is_said_in_its_own_unit(amount: int, unit: str, expected: str):
    from shared.working_days import Unit

    assert clocks.length(begun(a_rule(amount, Unit(unit)))) == expected


def test_a_clock_that_warns_early_is_due_soon_over_a_weekend():
    friday = MONDAY + timedelta(days=4)
    assert clocks.state(begun(a_rule(warn_days=1)), friday, CALENDAR) is State.SOON
    assert clocks.state(begun(a_rule(warn_days=0)), friday, CALENDAR) is State.RUNNING
    assert clocks.state(replace(begun(), marked_at=MONDAY), friday, CALENDAR) is State.RUNNING
