"""Stages, outcomes, meetings, safeguards, closing: the rules without a database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.domain import case as cases
from services.casework.domain import meetings, safeguards, subject
from services.casework.domain.case import MOVES, ChildsPart, Stage
from services.casework.domain.closing import checks, may_close, unmet
from services.casework.domain.duties import body_words
from services.casework.domain.meetings import Held, Kind, Meeting
from services.casework.domain.priors import Prior
from services.casework.domain.safeguards import Safeguard, Step
from services.casework.domain.subject import Answers
from shared.contracts.people import Name, Person, Pointer, Setting, Work
from shared.errors import Conflict, Invalid, Refused
from shared.vocabulary import Band, Recency
from tests.casework.builders import (
    HEARD,
    MONDAY,
    PROVED,
    a_case,
    a_dossier,
    a_subject,
    an_adult,
    ended,
)


@given(st.lists(st.sampled_from(list(Stage)), max_size=8))
def test_a_case_only_moves_along_the_table(wanted: list[Stage]):
    case = a_case()
    for stage in wanted:
        before = case.stage
        if cases.may(case, stage):
            case = cases.move(case, stage)
            assert case.stage in MOVES[before]
        else:
            with pytest.raises(Refused):
                cases.move(case, stage)


def test_every_stage_is_in_the_table_and_can_be_reached():
    assert set(MOVES) == set(Stage)
    assert set().union(*MOVES.values()) | {Stage.OPEN} == set(Stage)


def test_the_first_meeting_begins_the_enquiries_and_a_later_one_changes_nothing():
    assert cases.first_meeting_held(a_case()).stage is Stage.ENQUIRING
    concluded = a_case(stage=Stage.OUTCOME_RECORDED)
    assert cases.first_meeting_held(concluded) == concluded


def test_a_closed_case_refuses_everything_but_reopening():
    closed = a_case(stage=Stage.CLOSED)
    with pytest.raises(Refused, match="Reopen"):
        cases.must_be_open(closed)
    with pytest.raises(Refused):
        cases.close(closed, MONDAY, 0)
    assert cases.reopen(closed).stage is Stage.REOPENED


def test_only_a_closed_case_is_reopened():
    with pytest.raises(Refused):
        cases.reopen(a_case())


def test_a_case_with_an_open_check_is_not_closed():
    with pytest.raises(Refused, match="closing checks"):
        cases.close(a_case(stage=Stage.OUTCOME_RECORDED), MONDAY, 1)


def test_closing_keeps_the_moment_and_reopening_takes_it_away():
    closed = cases.close(a_case(stage=Stage.OUTCOME_RECORDED), MONDAY, 0)
    assert closed.closed_at == MONDAY
    assert cases.reopen(closed).closed_at is None


def test_a_reopened_case_keeps_the_moment_of_its_first_conclusion():
    reopened = a_case(stage=Stage.REOPENED, outcome_at=MONDAY)
    assert cases.all_concluded(reopened, MONDAY + timedelta(days=1)).outcome_at == MONDAY


def test_a_page_that_shows_an_older_version_is_a_conflict():
    cases.expect(a_case(version=3), 3)
    cases.expect(a_case(version=3), None)
    with pytest.raises(Conflict):
        cases.expect(a_case(version=3), 2)


def test_a_meeting_is_held_once_in_the_past_by_known_roles():
    meeting = Meeting(id="m", case_id="case-1", kind=Kind.INITIAL, starts_at=MONDAY)
    held = Held(at=MONDAY, attended=("POLICE",), record="Agreed.")
    done = meetings.hold(meeting, held, MONDAY)
    assert done.held_at == MONDAY
    with pytest.raises(Refused):
        meetings.hold(done, held, MONDAY)
    with pytest.raises(Invalid):
        meetings.hold(meeting, replace(held, at=MONDAY + timedelta(hours=1)), MONDAY)
    for attended in ((), ("NOBODY_WE_KNOW",)):
        with pytest.raises(Invalid):
            meetings.hold(meeting, replace(held, attended=attended), MONDAY)


def test_meetings_carry_the_names_of_the_authority():
    terms = {"MEETING_INITIAL": "IEM"}
    assert meetings.term(Kind.INITIAL, terms) == "IEM"
    assert meetings.term(Kind.OUTCOME, terms) == "Closing meeting"
    assert meetings.label("{MEETING_INITIAL}, latest day", terms) == "IEM, latest day"


SUSPENSION = Safeguard(
    id="s",
    case_id="case-1",
    adult_id="adult-1",
    code="SUSPENDED",
    step=Step.MADE,
    at=MONDAY,
    alternatives=("SUPERVISED",),
    reason="No other post is free.",
)


def test_suspension_needs_its_alternatives_and_ending_it_does_not():
    assert safeguards.check(SUSPENSION, MONDAY) == SUSPENSION
    with pytest.raises(Invalid) as problem:
        safeguards.check(replace(SUSPENSION, alternatives=()), MONDAY)
    assert "alternatives" in problem.value.fields
    assert safeguards.check(replace(SUSPENSION, alternatives=(), step=Step.ENDED), MONDAY)


@pytest.mark.parametrize(
    "wrong", [{"code": "LOCKED_UP"}, {"reason": " "}, {"at": MONDAY + timedelta(days=1)}], ids=str
)
def test_a_safeguard_that_does_not_hold_is_sent_back(wrong: dict[str, Any]):
    with pytest.raises(Invalid):
        safeguards.check(replace(SUSPENSION, **wrong), MONDAY)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [((True, None), True), ((False, None), None), ((False, False), False), ((), None)],
)
def test_regulated_activity_is_known_once_any_work_says_so(
    answers: tuple[bool | None, ...], expected: bool | None
):
    work = tuple(Work(setting=Setting(name="A"), regulated_activity=one) for one in answers)
    assert subject.from_person("case-1", an_adult(work=work)).regulated_activity is expected


def test_an_adult_is_shown_by_legal_name_then_any_then_as_not_named():
    both = (Name(kind="known_as", full="Mo"), Name(given="Morag", surname="Testwick"))
    assert subject.from_person("c", Person(id="1", names=both)).name == "Morag Testwick"
    assert subject.from_person("c", Person(id="1", names=both[:1])).name == "Mo"
    assert subject.from_person("c", Person(id="1")).name == "Adult not named"


def test_the_head_of_a_page_says_where_an_adult_works_once():
    assert a_subject().shown == "Morag Testwick (Invented Primary School)"
    twice = an_adult(work=an_adult().work * 2)
    assert subject.from_person("c", twice).shown == "Morag Testwick (Invented Primary School)"
    assert subject.from_person("c", an_adult(work=())).shown == "Morag Testwick"


def test_a_date_of_removal_needs_a_removal_in_the_past():
    today = MONDAY.date()
    changed = subject.answer(a_subject(), Answers(removed=True, removed_on=today, harm_test=True), today)
    assert (changed.removed, changed.removed_on, changed.harm_test) == (True, today, True)
    for wrong in (Answers(removed_on=today), Answers(removed=True, removed_on=today + timedelta(days=1))):
        with pytest.raises(Invalid):
            subject.answer(a_subject(), wrong, today)


def test_a_new_case_fails_every_closing_check():
    assert {check.code for check in unmet(a_dossier())} == {
        "first_meeting",
        "outcomes",
        "voice",
        "told",
        "support",
    }


def test_a_case_without_a_named_child_has_nothing_to_tell_one():
    assert {check.code for check in unmet(a_dossier(case=a_case(children=())))} == {
        "first_meeting",
        "outcomes",
        "support",
    }


def _finished(**differ: object) -> cases.Case:
    return a_case(
        stage=Stage.OUTCOME_RECORDED, childs_part=HEARD, no_meeting_reason="Clear at once.", **differ
    )


def test_a_case_with_everything_done_may_be_closed():
    done = a_dossier(
        case=_finished(), subjects=(a_subject(support="Her union."),), allegations=(ended(PROVED),)
    )
    assert not unmet(done)
    assert may_close(done)
    assert not may_close(replace(done, case=replace(done.case, stage=Stage.CLOSED)))


def test_each_reason_stands_for_what_is_missing():
    part = ChildsPart(no_voice_reason="Too young.", not_told_reason="The family moved away.")
    dossier = a_dossier(
        case=replace(_finished(), childs_part=part), subjects=(a_subject(no_support_reason="She declined."),)
    )
    assert [check.code for check in checks(dossier) if not check.met] == ["outcomes"]


def test_a_held_first_meeting_meets_its_check_and_a_review_does_not():
    for kind, met in ((Kind.INITIAL, True), (Kind.REVIEW, False)):
        held = Meeting(id="m", case_id="case-1", kind=kind, starts_at=MONDAY, held_at=MONDAY)
        assert checks(a_dossier(meetings=(held,)))[0].met is met


def test_a_case_without_any_allegation_is_not_concluded():
    assert not a_dossier(allegations=()).is_concluded


def test_a_pointer_says_how_to_ask_and_nothing_else():
    pointer = Pointer(
        holder="wiltshire",
        contact_route="lado@wiltshire.example",
        reference="P-1",
        band=Band.LIKELY,
        recency=Recency.UNDER_1_YEAR,
        agrees=("name",),
    )
    prior = Prior(id="m", contact_id="c", adult_id="adult-1", band="likely", found_at=MONDAY, pointer=pointer)
    assert "lado@wiltshire.example" in prior.sentence
    assert "likely" in prior.sentence
    assert replace(prior, pointer=None, own_contact_id="x").sentence.startswith("This authority")


def test_bodies_are_named_in_full_and_other_codes_as_words():
    assert body_words("dbs") == body_words("DBS") == "Disclosure and Barring Service"
    assert body_words("lado") == "Designated officer"
    assert body_words("ofsted_early_years") == "Ofsted (early years and childcare)"
    assert body_words("licensing_authority") == "Licensing authority"
