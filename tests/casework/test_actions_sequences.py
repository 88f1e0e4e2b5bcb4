"""Any acts in any order: the case, its facts and its version always agree."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.casework.actions import closure, facts, meeting, outcome, timing
from services.casework.actions.facts import CaseAnswers, Support
from services.casework.domain.case import MOVES, Stage
from services.casework.domain.closing import unmet
from services.casework.domain.meetings import Kind
from services.casework.domain.subject import Answers
from services.casework.store import cases, clocks
from shared.actor import Scope
from shared.contracts.casework import CaseClosed, CaseFacts
from shared.errors import HeedError
from shared.store.database import Database
from shared.store.transaction import Transaction
from tests.casework.builders import HEARD, PROVED, UNPROVED, hold, open_a_case, published

Act = Callable[[Transaction, str], object]
Scopes = Callable[..., Scope]

ACTS: dict[str, Act] = {
    "hold": hold,
    "review": lambda tx, case_id: hold(tx, case_id, Kind.REVIEW),
    "waive": lambda tx, case_id: meeting.waive_first_meeting(tx, case_id, "Clear at once."),
    "conclude": lambda tx, case_id: outcome.record_outcome(tx, case_id, "allegation-1", PROVED),
    "correct": lambda tx, case_id: outcome.correct_outcome(tx, case_id, "allegation-1", UNPROVED),
    "facts": lambda tx, case_id: facts.record_facts(tx, case_id, CaseAnswers(serious_harm=True)),
    "adult": lambda tx, case_id: facts.record_adult_facts(tx, case_id, "adult-1", Answers(removed=True)),
    "child": lambda tx, case_id: facts.record_childs_part(tx, case_id, HEARD),
    "support": lambda tx, case_id: facts.record_support(
        tx, case_id, "adult-1", Support(support="Her union.")
    ),
    "pause": lambda tx, case_id: timing.pause_clock(tx, case_id, _clock(tx, case_id), "COURT"),
    "resume": lambda tx, case_id: timing.resume_clock(tx, case_id, _clock(tx, case_id)),
    "close": closure.close_case,
    "reopen": lambda tx, case_id: closure.reopen_case(tx, case_id, "A new witness."),
}


def _clock(tx: Transaction, case_id: str) -> str:
    return next(one.id for one in clocks.of_case(tx, case_id) if one.rule.id == "conclusion")


def play(tx: Transaction, case_id: str, names: list[str]) -> list[tuple[str, Stage, int]]:
    """What was done, and the stage and version after each act; refused acts leave nothing behind."""
    done = []
    for name in names:
        try:
            with tx.savepoint():
                ACTS[name](tx, case_id)
        except HeedError:
            continue
        case = cases.get(tx, case_id).case
        done.append((name, case.stage, case.version))
    return done


@pytest.fixture
def case_id(casework: Database) -> str:
    """A fresh case; each example undoes what it did."""
    return open_a_case(casework)


ORDERS = st.lists(st.sampled_from(sorted(ACTS)), max_size=14)
calmly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class _Undo(Exception):
    """Ends an example without keeping it."""


def undone(casework: Database, scope: Scopes, check: Callable[[Transaction], None]) -> None:
    """Run a check in a transaction that is rolled back."""
    try:
        with casework.transaction(scope()) as tx:
            check(tx)
            raise _Undo
    except _Undo:
        return


@calmly
@given(ORDERS)
def test_stages_move_along_the_table_and_versions_only_grow(
    casework: Database, scope: Scopes, case_id: str, names: list[str]
):
    def check(tx: Transaction) -> None:
        trail = [("", Stage.OPEN, 1), *play(tx, case_id, names)]
        for (_, before, old), (_, after, new) in pairwise(trail):
            assert after is before or after in MOVES[before]
            assert new > old

    undone(casework, scope, check)


@calmly
@given(ORDERS)
def test_the_last_facts_told_are_the_facts_kept(
    casework: Database, scope: Scopes, case_id: str, names: list[str]
):
    def check(tx: Transaction) -> None:
        play(tx, case_id, names)
        told: list[Any] = published(tx, CaseFacts)
        if told:
            dossier = cases.get(tx, case_id)
            assert told[-1].stage == dossier.case.stage
            assert told[-1].serious_harm == dossier.case.serious_harm
            assert told[-1].closed_at == dossier.case.closed_at
            assert [one.outcome for one in told[-1].outcomes] == [one.outcome for one in dossier.allegations]
            assert [one.removed for one in told[-1].adults] == [one.removed for one in dossier.subjects]

    undone(casework, scope, check)


@calmly
@given(ORDERS)
def test_a_case_is_never_closed_with_a_check_open_or_a_clock_running(
    casework: Database, scope: Scopes, case_id: str, names: list[str]
):
    def check(tx: Transaction) -> None:
        play(tx, case_id, [*names, "waive", "conclude", "child", "support", "close"])
        dossier = cases.get(tx, case_id)
        if dossier.case.is_closed:
            assert not unmet(dossier)
            assert not any(clock.is_running for clock in clocks.of_case(tx, case_id))
            assert dossier.case.closed_at is not None
        assert bool(published(tx, CaseClosed)) >= dossier.case.is_closed

    undone(casework, scope, check)


def test_a_refused_act_leaves_no_fact_and_no_line(casework: Database, scope: Scopes, case_id: str):
    with casework.transaction(scope()) as tx:
        before = tx.pending
        assert play(tx, case_id, ["close", "resume", "correct", "reopen"]) == []
        assert tx.pending == before
        assert cases.get(tx, case_id).case.version == 1


def test_a_whole_case_from_first_meeting_to_closing_and_back(casework: Database, scope: Scopes, case_id: str):
    with casework.transaction(scope()) as tx:
        names = [
            "hold",
            "facts",
            "adult",
            "pause",
            "resume",
            "conclude",
            "child",
            "support",
            "close",
            "reopen",
            "close",
        ]
        done = play(tx, case_id, names)
    assert [name for name, _, _ in done] == names
    assert [stage for _, stage, _ in done][-3:] == [Stage.CLOSED, Stage.REOPENED, Stage.CLOSED]


def test_time_spent_is_measured_from_the_contact_to_the_last_outcome(
    casework: Database, scope: Scopes, case_id: str, clock: Any
):
    clock.forward(timedelta(days=10))
    with casework.transaction(scope()) as tx:
        play(tx, case_id, ["conclude"])
        conclusion = clocks.get(tx, case_id, _clock(tx, case_id))
    assert conclusion.stopped_at is not None
    assert conclusion.stopped_at - conclusion.started_at == timedelta(days=10)
