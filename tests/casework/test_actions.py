"""What people make casework do, what it publishes, and what it refuses."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.casework.actions import chronology, facts, meeting, opening, timing
from services.casework.actions.chronology import Note
from services.casework.actions.facts import CaseAnswers
from services.casework.actions.meeting import Plan
from services.casework.domain.case import ChildsPart, Stage
from services.casework.domain.meetings import Held, Kind
from services.casework.domain.safeguards import Safeguard, Step
from services.casework.domain.subject import Answers
from services.casework.store import cases, clocks, listing
from services.casework.store import chronology as lines
from shared.actor import Actor, Scope
from shared.contracts.casework import (
    CaseFacts,
    CaseOpened,
    MeetingCancelled,
    MeetingHeld,
    MeetingScheduled,
    SafeguardChanged,
)
from shared.contracts.message import Origin
from shared.errors import Invalid, NotFound, Refused
from shared.store.database import Database
from shared.vocabulary import Decision
from tests.casework.builders import (
    CONTACT,
    MONDAY,
    a_contact,
    a_decision,
    hold,
    open_a_case,
    open_within,
    prepare,
    published,
    system,
    titles,
)
from tests.platform import SetClock

Make = Callable[[str], Database]
Scopes = Callable[..., Scope]


def test_a_met_threshold_opens_a_case_with_its_clocks_and_facts(casework: Database):
    prepare(casework)
    with casework.transaction(system()) as tx:
        case_id = open_within(tx)
        (opened,) = published(tx, CaseOpened)
        (known,) = published(tx, CaseFacts)
        assert {clock.rule.id for clock in clocks.of_case(tx, case_id)} == {
            "conclusion",
            "employer-referral",
            "first-meeting",
            "first-meeting-limit",
            "monthly-review",
        }
        assert cases.get(tx, case_id).case.owner == "officer-1"
    assert opened.first_meeting_due.isoformat() == "2026-03-09"
    assert (opened.adults, opened.allegations) == (a_contact().adults, a_contact().allegations)
    assert (known.stage, known.provider_aware_at) == ("open", a_contact().known_to_employer_at)
    assert known.adults[0].sectors == ("EDUCATION_MAINTAINED",)
    assert known.adults[0].regulated_activity is True
    assert known.outcomes[0].outcome is None


def test_the_same_decision_twice_opens_one_case(casework: Database):
    prepare(casework)
    with casework.transaction(system()) as tx:
        case_id = open_within(tx)
        opening.decide(tx, a_decision())
        assert cases.find_by_contact(tx, CONTACT) == case_id
        assert len(published(tx, CaseOpened)) == 1
        assert titles(tx, case_id)[-1] == "The threshold was decided again"


@pytest.mark.parametrize("decision", [one for one in Decision if one is not Decision.MET])
def test_any_other_decision_opens_none_and_a_later_one_still_can(casework: Database, decision: Decision):
    prepare(casework)
    with casework.transaction(system()) as tx:
        opening.remember_contact(tx, a_contact())
        opening.decide(tx, a_decision(decision=decision))
        assert cases.find_by_contact(tx, CONTACT) is None
        opening.decide(tx, a_decision())
        assert cases.find_by_contact(tx, CONTACT) is not None


def test_a_decision_about_an_unknown_contact_is_refused(casework: Database):
    with casework.transaction(system()) as tx, pytest.raises(Refused):
        opening.open_case(tx, a_decision())


def test_a_case_of_a_history_says_so_and_works_in_its_own_time(casework: Database):
    prepare(casework)
    then = MONDAY - timedelta(days=200)
    history = Scope("dorset", Actor("system:casework"), "test", Origin.DEMO, then)
    with casework.transaction(history) as tx:
        case_id = open_within(tx, received_at=then, known_to_employer_at=None)
        case = cases.get(tx, case_id).case
        assert (case.live, case.opened_at) == (False, then)
        assert not any(clock.live for clock in clocks.of_case(tx, case_id))


def test_the_first_meeting_stops_its_clocks_and_starts_the_next(
    casework: Database, scope: Scopes, clock: SetClock
):
    case_id = open_a_case(casework)
    clock.forward(timedelta(days=2))
    with casework.transaction(scope()) as tx:
        hold(tx, case_id)
        (held,) = published(tx, MeetingHeld)
        (planned,) = published(tx, MeetingScheduled)
        by_rule = {one.rule.id: one for one in clocks.of_case(tx, case_id)}
        assert cases.get(tx, case_id).case.stage is Stage.ENQUIRING
        assert "IEM held" in titles(tx, case_id)
    assert (held.kind, held.due.isoformat()) == ("MEETING_INITIAL", "2026-03-09")
    assert planned.meeting_id == held.meeting_id
    assert not by_rule["first-meeting"].is_running
    assert not by_rule["first-meeting-limit"].is_running
    assert by_rule["outcome-meeting"].due_on.isoformat() == "2026-04-01"


def test_a_meeting_nobody_scheduled_cannot_be_held(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx, pytest.raises(NotFound):
        meeting.hold_meeting(tx, case_id, "none", Held(at=tx.now, attended=("POLICE",), record="x"))


def test_a_cancelled_meeting_leaves_its_clock_running_and_is_not_held(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        planned = meeting.schedule_meeting(tx, case_id, Plan(kind=Kind.INITIAL, starts_at=tx.now))
        with pytest.raises(Invalid):
            meeting.cancel_meeting(tx, case_id, planned.id, " ")
        meeting.cancel_meeting(tx, case_id, planned.id, "The police could not come.")
        (told,) = published(tx, MeetingCancelled)
        assert (told.meeting_id, told.kind) == (planned.id, "MEETING_INITIAL")
        assert listing.meetings_to_come(tx, "", 50) == []
        assert any(one.is_running for one in clocks.of_case(tx, case_id) if one.rule.id == "first-meeting")
        with pytest.raises(Refused, match="cancelled"):
            meeting.hold_meeting(tx, case_id, planned.id, Held(at=tx.now, attended=("POLICE",), record="x"))
        held = hold(tx, case_id)
        with pytest.raises(Refused, match="held"):
            meeting.cancel_meeting(tx, case_id, held, "Too late.")


def test_no_first_meeting_needs_its_reason_and_calls_off_the_clock(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        with pytest.raises(Invalid):
            meeting.waive_first_meeting(tx, case_id, " ")
        meeting.waive_first_meeting(tx, case_id, "Clear at once from the recording.")
        waiting = [one for one in clocks.of_case(tx, case_id) if one.rule.id == "first-meeting"]
        assert waiting[0].called_off


def test_a_review_without_a_meeting_starts_the_next_month(casework: Database, scope: Scopes, clock: SetClock):
    case_id = open_a_case(casework)
    clock.forward(timedelta(days=125))
    with casework.transaction(scope()) as tx:
        with pytest.raises(Invalid):
            meeting.record_review(tx, case_id, "NO_REASON", "")
        meeting.record_review(tx, case_id, "CPS_DECISION", "Asked again.")
        periods = [one.period for one in clocks.of_case(tx, case_id) if one.rule.id == "monthly-review"]
        assert sorted(periods) == [1, 2]


def test_a_changed_fact_is_published_whole(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        answers = CaseAnswers(
            provider_aware_at=MONDAY - timedelta(days=2), serious_harm=True, police_involved=False
        )
        facts.record_facts(tx, case_id, answers)
        removed = Answers(regulated_activity=True, removed=True, removed_on=MONDAY.date(), harm_test=True)
        facts.record_adult_facts(tx, case_id, "adult-1", removed)
        told = published(tx, CaseFacts)[-1]
    assert (told.serious_harm, told.police_involved) == (True, False)
    assert told.provider_aware_at == MONDAY - timedelta(days=2)
    assert (told.adults[0].removed, told.adults[0].removed_on, told.adults[0].harm_test) == (
        True,
        MONDAY.date(),
        True,
    )


def test_facts_from_the_future_and_about_strangers_are_sent_back(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    tomorrow = MONDAY + timedelta(days=1)
    with casework.transaction(scope()) as tx:
        with pytest.raises(Invalid):
            facts.record_facts(tx, case_id, CaseAnswers(provider_aware_at=tomorrow))
        with pytest.raises(Invalid):
            facts.record_childs_part(tx, case_id, ChildsPart(told_on=tomorrow.date()))
        with pytest.raises(NotFound):
            facts.record_adult_facts(tx, case_id, "somebody-else", Answers())


def test_a_safeguard_is_told_to_the_other_services_without_its_reason(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    made = Safeguard(
        id="safeguard-1",
        case_id=case_id,
        adult_id="adult-1",
        code="SUSPENDED",
        step=Step.MADE,
        at=MONDAY,
        alternatives=("SUPERVISED", "MOVED_ROLE"),
        reason="No other post is free.",
    )
    with casework.transaction(scope()) as tx:
        facts.record_safeguard(tx, made)
        (told,) = published(tx, SafeguardChanged)
    assert (told.safeguard, told.step, told.alternatives) == (
        "SUSPENDED",
        "made",
        ("SUPERVISED", "MOVED_ROLE"),
    )
    assert "No other post" not in repr(told)


def test_a_note_is_added_once_and_corrected_by_another(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        first = chronology.add_note(tx, case_id, Note(words="Rang the school.", id="note-1"))
        chronology.add_note(tx, case_id, Note(words="Something else.", id="note-1"))
        second = chronology.add_note(tx, case_id, Note(words="It was the nursery.", corrects=first))
        kept = {line.id: line for line in lines.of_case(tx, case_id, ["note"])}
    assert set(kept) == {first, second}
    assert kept[first].words == "Rang the school."
    assert kept[second].corrects == first


@pytest.mark.parametrize(
    "note",
    [
        Note(words=" "),
        Note(words="x", at=MONDAY + timedelta(days=1)),
        Note(words="x", corrects="no-such-note"),
    ],
    ids=["empty", "future", "correcting nothing"],
)
def test_a_note_that_does_not_hold_is_sent_back(casework: Database, scope: Scopes, note: Note):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx, pytest.raises(Invalid):
        chronology.add_note(tx, case_id, note)


def test_a_clock_that_ran_out_is_marked_once(casework: Database, clock: SetClock):
    case_id = open_a_case(casework)
    clock.forward(timedelta(days=8))
    with casework.transaction(system()) as tx:
        assert timing.mark_overdue(tx) == 1
        assert timing.mark_overdue(tx) == 0
        assert titles(tx, case_id).count("A clock has run out") == 1
        told = lines.of_case(tx, case_id)[-1].words
    assert "9 March 2026" in told
    assert "manager" in told


def test_a_clock_of_a_history_or_a_paused_one_is_not_marked(
    casework: Database, clock: SetClock, scope: Scopes
):
    case_id = open_a_case(casework)
    history = Scope("dorset", Actor("system:casework"), "test", Origin.IMPORT, MONDAY)
    with casework.transaction(history) as tx:
        open_within(tx, contact_id="contact-2", reference="DOR-2026-0002")
    with casework.transaction(scope()) as tx:
        for one in clocks.of_case(tx, case_id):
            if one.is_running:
                timing.pause_clock(tx, case_id, one.id, "SICKNESS")
    clock.forward(timedelta(days=300))
    with casework.transaction(system()) as tx:
        assert timing.mark_overdue(tx) == 0


def test_a_resumed_clock_runs_out_later(casework: Database, clock: SetClock, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        first = next(one for one in clocks.of_case(tx, case_id) if one.rule.id == "first-meeting")
        timing.pause_clock(tx, case_id, first.id, "POLICE_ENQUIRY", "They asked us to wait.")
    clock.forward(timedelta(days=7))
    with casework.transaction(scope()) as tx:
        resumed = timing.resume_clock(tx, case_id, first.id)
        assert "Clock paused: police enquiry" in titles(tx, case_id)
    assert resumed.overdue_after - first.overdue_after == timedelta(days=7)
