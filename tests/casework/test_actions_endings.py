"""Outcomes, closing, reopening, and who may not see a case."""

from collections.abc import Callable

import pytest

from services.casework.actions import chronology, closure, facts, meeting, outcome, timing
from services.casework.actions.chronology import Note
from services.casework.actions.closure import Barrier
from services.casework.actions.facts import CaseAnswers, Support
from services.casework.actions.meeting import Plan
from services.casework.domain.case import Stage
from services.casework.domain.meetings import Kind
from services.casework.domain.subject import Answers
from services.casework.store import cases, clocks
from shared.actor import Scope
from shared.contracts.casework import (
    CaseClosed,
    CaseFacts,
    CaseReopened,
    CaseRestricted,
    CaseUnrestricted,
    OutcomeCorrected,
    OutcomeRecorded,
)
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.vocabulary import Outcome
from tests.casework.builders import (
    CONTACT,
    HEARD,
    MONDAY,
    PROVED,
    UNPROVED,
    an_allegation,
    hold,
    open_a_case,
    published,
    titles,
)

Scopes = Callable[..., Scope]


def finish(tx: Transaction, case_id: str) -> None:
    """Everything a case needs before it is closed."""
    hold(tx, case_id)
    outcome.record_outcome(tx, case_id, "allegation-1", PROVED)
    facts.record_childs_part(tx, case_id, HEARD)
    facts.record_support(tx, case_id, "adult-1", Support(support="Her union."))


def test_the_last_outcome_concludes_the_case(casework: Database, scope: Scopes):
    case_id = open_a_case(casework, allegations=(an_allegation(1), an_allegation(2)))
    with casework.transaction(scope()) as tx:
        outcome.record_outcome(tx, case_id, "allegation-1", PROVED)
        assert cases.get(tx, case_id).case.stage is Stage.OPEN
        outcome.record_outcome(tx, case_id, "allegation-2", UNPROVED)
        case = cases.get(tx, case_id).case
        ended = {one.rule.id: one for one in clocks.of_case(tx, case_id)}
        facts_told = published(tx, CaseFacts)
        told = published(tx, OutcomeRecorded)
    assert (case.stage, case.outcome_at) == (Stage.OUTCOME_RECORDED, MONDAY)
    assert [one.outcome for one in told] == [Outcome.SUBSTANTIATED, Outcome.UNSUBSTANTIATED]
    assert told[0].scheme == "england-2023"
    assert [one.outcome for one in facts_told[-1].outcomes] == [
        Outcome.SUBSTANTIATED,
        Outcome.UNSUBSTANTIATED,
    ]
    assert facts_told[-1].stage == "outcome_recorded"
    assert not ended["conclusion"].is_running
    assert ended["monthly-review"].called_off


def test_an_outcome_is_recorded_once_for_an_allegation_that_exists(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        with pytest.raises(NotFound):
            outcome.record_outcome(tx, case_id, "no-such-allegation", PROVED)
        outcome.record_outcome(tx, case_id, "allegation-1", PROVED)
        with pytest.raises(Refused, match="Correct"):
            outcome.record_outcome(tx, case_id, "allegation-1", UNPROVED)


def test_an_outcome_is_corrected_also_after_the_case_was_closed(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        finish(tx, case_id)
        closure.close_case(tx, case_id)
        outcome.correct_outcome(tx, case_id, "allegation-1", UNPROVED)
        (corrected,) = published(tx, OutcomeCorrected)
        assert published(tx, CaseFacts)[-1].outcomes[0].outcome is Outcome.UNSUBSTANTIATED
        assert "Outcome corrected: Substantiated became Unsubstantiated" in titles(tx, case_id)
    assert (corrected.previous, corrected.outcome) == (Outcome.SUBSTANTIATED, Outcome.UNSUBSTANTIATED)


def test_an_act_on_an_older_version_is_a_conflict(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        facts.record_facts(tx, case_id, CaseAnswers(serious_harm=True), 1)
        with pytest.raises(Conflict):
            outcome.record_outcome(tx, case_id, "allegation-1", PROVED, 1)


def test_a_case_is_closed_when_every_check_holds_and_reopened_with_a_reason(
    casework: Database, scope: Scopes
):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        with pytest.raises(Refused, match="closing checks"):
            closure.close_case(tx, case_id)
        finish(tx, case_id)
        closed = closure.close_case(tx, case_id)
        (told,) = published(tx, CaseClosed)
        assert (closed.stage, told.contact_id, told.closed_at) == (Stage.CLOSED, CONTACT, MONDAY)
        assert not any(clock.is_running for clock in clocks.of_case(tx, case_id))
        with pytest.raises(Invalid):
            closure.reopen_case(tx, case_id, "")
        assert closure.reopen_case(tx, case_id, "A new witness came forward.").stage is Stage.REOPENED
        assert published(tx, CaseReopened)
        assert published(tx, CaseFacts)[-1].closed_at is None
        assert closure.close_case(tx, case_id).stage is Stage.CLOSED


def _acts(tx: Transaction, case_id: str) -> list[Callable[[], object]]:
    return [
        lambda: outcome.record_outcome(tx, case_id, "allegation-1", PROVED),
        lambda: meeting.schedule_meeting(tx, case_id, Plan(kind=Kind.REVIEW, starts_at=tx.now)),
        lambda: meeting.waive_first_meeting(tx, case_id, "x"),
        lambda: meeting.record_review(tx, case_id, "COURT", "x"),
        lambda: facts.record_facts(tx, case_id, CaseAnswers()),
        lambda: facts.record_adult_facts(tx, case_id, "adult-1", Answers()),
        lambda: facts.record_support(tx, case_id, "adult-1", Support()),
        lambda: facts.record_childs_part(tx, case_id, HEARD),
        lambda: timing.pause_clock(tx, case_id, "any", "COURT"),
        lambda: timing.resume_clock(tx, case_id, "any"),
        lambda: closure.close_case(tx, case_id),
    ]


def test_a_closed_case_refuses_every_act(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        finish(tx, case_id)
        closure.close_case(tx, case_id)
        for act in _acts(tx, case_id):
            with pytest.raises(Refused):
                act()


def test_every_act_on_a_case_of_another_authority_finds_nothing(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope("wiltshire")) as tx:
        others: list[Callable[[], object]] = [
            lambda: closure.reopen_case(tx, case_id, "x"),
            lambda: closure.restrict_case(tx, case_id, Barrier(reason="x")),
            lambda: chronology.add_note(tx, case_id, Note(words="x")),
            lambda: outcome.correct_outcome(tx, case_id, "allegation-1", PROVED),
        ]
        for act in [*_acts(tx, case_id), *others]:
            with pytest.raises(NotFound):
                act()


def test_a_conflict_of_interest_closes_the_case_at_once(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope(user="manager-1")) as tx:
        with pytest.raises(Invalid):
            closure.restrict_case(tx, case_id, Barrier(never=("officer-1",)))
        closure.restrict_case(tx, case_id, Barrier(never=("officer-1",), reason="They are related."))
        assert published(tx, CaseRestricted)[0].never == ("officer-1",)
    with casework.reading(scope()) as tx, pytest.raises(NotFound):
        cases.get(tx, case_id)
    with casework.transaction(scope(user="manager-1")) as tx:
        closure.restrict_case(tx, case_id, Barrier(reason="It was a mistake."))
        assert published(tx, CaseUnrestricted)
    with casework.reading(scope()) as tx:
        assert cases.taken(tx, case_id)
