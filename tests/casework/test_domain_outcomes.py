"""The five outcomes: what the evidence points to, the challenge, the one outcome of an allegation."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain import allegation as allegations
from services.casework.domain import outcomes
from services.casework.domain.allegation import Allegation
from services.casework.domain.outcomes import Evidence
from shared.errors import Invalid, Refused
from shared.vocabulary import Outcome
from tests.casework.builders import (
    MONDAY,
    PROVED,
    UNPROVED,
    an_allegation,
    ended,
)

ENGLAND = outcomes.scheme_on(date(2026, 3, 2))


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence(proved=True, disproved=False), Outcome.SUBSTANTIATED),
        (Evidence(proved=False, disproved=True, deceit=True), Outcome.MALICIOUS),
        (Evidence(proved=False, disproved=True, deceit=False), Outcome.FALSE),
        (Evidence(proved=False, disproved=True), Outcome.FALSE),
        (Evidence(proved=False, disproved=False), Outcome.UNSUBSTANTIATED),
        (Evidence(proved=False, disproved=False, basis=False), Outcome.UNFOUNDED),
    ],
)
def test_the_evidence_points_to_one_outcome(evidence: Evidence, expected: Outcome):
    assert outcomes.derive(evidence) is expected


@pytest.mark.parametrize(
    ("evidence", "field"),
    [
        (Evidence(proved=True, disproved=True), "disproved"),
        (Evidence(proved=True, disproved=False, basis=False), "basis"),
        (Evidence(proved=False, disproved=False, deceit=True), "deceit"),
    ],
)
def test_answers_that_contradict_each_other_are_sent_back(evidence: Evidence, field: str):
    with pytest.raises(Invalid) as problem:
        outcomes.derive(evidence)
    assert field in problem.value.fields


EVIDENCE = st.builds(
    Evidence,
    proved=st.booleans(),
    disproved=st.booleans(),
    deceit=st.sampled_from([None, True, False]),
    basis=st.booleans(),
)


@given(EVIDENCE, st.sampled_from(list(Outcome)))
def test_a_choice_is_challenged_exactly_when_the_evidence_says_otherwise(evidence: Evidence, choice: Outcome):
    try:
        derived = outcomes.derive(evidence)
    except Invalid:
        return
    assert (outcomes.challenge(choice, evidence, ENGLAND) is None) is (derived is choice)


def test_a_challenged_choice_stands_once_the_officer_says_why():
    doubtful = replace(PROVED, outcome=Outcome.FALSE)
    with pytest.raises(Invalid) as problem:
        outcomes.settle(doubtful, ENGLAND)
    assert "Substantiated" in problem.value.fields["because"][0]
    answered = replace(doubtful, because="The second witness withdrew.")
    assert outcomes.settle(answered, ENGLAND) == answered


def test_an_outcome_needs_reasons():
    with pytest.raises(Invalid):
        outcomes.settle(replace(PROVED, reasons=" "), ENGLAND)


def test_each_of_the_five_outcomes_has_a_name_and_a_definition():
    assert {one.outcome for one in ENGLAND.definitions} == set(Outcome)
    assert all(one.label and one.definition.endswith(".") for one in ENGLAND.definitions)
    assert ENGLAND.id == "england-2023"
    assert outcomes.scheme_on(date(1999, 1, 1)) == outcomes.schemes()[-1]


def test_what_to_think_of_follows_from_the_outcome():
    assert "Disclosure" in outcomes.prompts(Outcome.SUBSTANTIATED)[0]
    assert len(outcomes.prompts(Outcome.MALICIOUS)) == 2
    assert all("help" in outcomes.prompts(one)[0] for one in Outcome if one is not Outcome.SUBSTANTIATED)


def test_an_allegation_has_one_outcome_and_a_second_is_a_correction():
    first = ended(PROVED)
    assert first.outcome is Outcome.SUBSTANTIATED
    again = allegations.ending(UNPROVED, "england-2023", MONDAY, "officer-1")
    with pytest.raises(Refused, match="Correct"):
        allegations.conclude(first, again)
    assert allegations.correct(first, again).outcome is Outcome.UNSUBSTANTIATED


def test_a_correction_needs_something_to_correct_and_another_outcome():
    ending = allegations.ending(PROVED, "england-2023", MONDAY, "officer-1")
    with pytest.raises(Refused, match="no outcome"):
        allegations.correct(Allegation(id="a", case_id="c", told=an_allegation()), ending)
    with pytest.raises(Refused, match="already"):
        allegations.correct(ended(PROVED), ending)
