"""The rules of an approach, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import (
    advice,
    codes,
    contact,
    reference,
    report,
    threshold,
)
from services.intake.domain.advice import Advice
from services.intake.domain.concern import Badge
from services.intake.domain.contact import Contact, State
from services.intake.domain.permission import WHO_MAY, Act, may, permit
from services.intake.domain.threshold import ENDING, MOVES, Judgement
from shared.errors import Conflict, Invalid, NotAllowed, Refused
from shared.vocabulary import Criterion, Decision, Role
from tests.intake.builders import a_report, an_allegation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CRITERIA = [one.value for one in Criterion]
moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def a_contact(**differs: object) -> Contact:
    given: dict[str, object] = {
        "id": "c-1",
        "reference": "DOR-2026-7KQ4XM",
        "state": State.NEW,
        "channel": "online",
        "contact_type": "REFERRAL",
        "received_at": NOW,
        "respond_by": NOW + timedelta(days=1),
        "origin": "live",
    }
    return Contact(**{**given, **differs})  # type: ignore[arg-type]


def a_judgement(**differs: object) -> Judgement:
    given: dict[str, object] = {
        "decision": Decision.MET,
        "criteria": ("HARM",),
        "tier": "T4",
        "reasons": "A child was hurt.",
        "decided_by": "officer-1",
    }
    return Judgement(**{**given, **differs})  # type: ignore[arg-type]


@given(st.text(min_size=1), moments)
def test_a_reference_is_read_back_however_it_is_typed(seed: str, moment: datetime):
    made = reference.make("DOR", moment, seed)
    assert set(made.split("-")[2]) <= set(reference.ALPHABET)
    for typed in (made, made.lower(), made.replace("-", " "), f" {made.replace('-', '')} "):
        assert reference.tidy(typed) == made


def test_no_letter_of_a_reference_looks_like_another():
    assert not set("ILO01") & set(reference.ALPHABET)
    assert reference.tidy("DOR-2026-7KQ4X0") is None
    assert reference.tidy("hello") is None
    assert reference.prefix_of("bcp") == "BCP"
    assert reference.prefix_of("e") == "EXX"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("decision", list(Decision))
def test_only_an_open_contact_is_decided(state: State, decision: Decision):
    judgement = a_judgement(decision=decision)
    if state not in contact.OPEN:
        with pytest.raises(Refused):
            threshold.decide(a_contact(state=state), judgement, CRITERIA, NOW)
        return
    after = threshold.decide(a_contact(state=state), judgement, CRITERIA, NOW)
    assert after.state is MOVES[state][decision]
    assert after.decision is decision
    assert after.owner == "officer-1"


def test_more_information_may_be_decided_again_and_the_first_decision_met_the_clock():
    waiting = threshold.decide(a_contact(), a_judgement(decision=Decision.MORE_INFO), CRITERIA, NOW)
    later = threshold.decide(waiting, a_judgement(), CRITERIA, NOW + timedelta(days=3))
    assert later.state is State.MET
    assert later.decided_at == NOW
    assert later.answered_in_time is True


def test_a_decision_says_which_tests_and_why():
    for differs, field in (
        ({"criteria": ()}, "criteria"),
        ({"criteria": ("UNHEARD",)}, "criteria"),
        ({"reasons": "  "}, "reasons"),
        ({"reasons": "x" * 10_001}, "reasons"),
    ):
        with pytest.raises(Invalid) as problem:
            threshold.decide(a_contact(), a_judgement(**differs), CRITERIA, NOW)
        assert field in problem.value.fields


def test_a_contact_not_met_needs_no_test_and_is_closed():
    judgement = a_judgement(decision=Decision.NOT_MET_SIGNPOST, criteria=())
    after = threshold.decide(a_contact(), judgement, CRITERIA, NOW)
    assert after.closed_at == NOW
    assert {Decision.MORE_INFO, Decision.TRANSFER}.isdisjoint(ENDING)


def test_a_page_that_is_out_of_date_is_refused():
    assert contact.expect(a_contact(version=3), 3).version == 3
    assert contact.expect(a_contact(version=3), None).version == 3
    with pytest.raises(Conflict):
        contact.expect(a_contact(version=3), 2)


def test_an_open_contact_is_taken_and_taken_over():
    taken = contact.take(a_contact(), "one")
    assert (taken.state, taken.owner) == (State.TAKEN, "one")
    assert contact.take(taken, "two").owner == "two"
    assert contact.take(a_contact(state=State.WAITING), "one").state is State.WAITING
    with pytest.raises(Refused):
        contact.take(a_contact(state=State.CLOSED), "one")


def test_a_contact_follows_its_case():
    opened = contact.case_opened(a_contact(state=State.MET), "case-1")
    assert (opened.state, opened.case_id) == (State.CASE, "case-1")
    assert contact.case_closed(opened, "case-1", NOW).state is State.CLOSED
    assert contact.close(a_contact(state=State.TRANSFERRING), NOW).closed_at == NOW
    with pytest.raises(Refused):
        contact.close(a_contact(), NOW)


def test_a_contact_is_overdue_only_while_an_answer_is_owed():
    late = NOW + timedelta(days=2)
    assert a_contact().overdue(late)
    assert not a_contact().overdue(NOW)
    assert not a_contact(state=State.MET, decided_at=NOW).overdue(late)
    assert a_contact(decided_at=late).answered_in_time is False
    assert a_contact().answered_in_time is None


def test_a_report_holds_together():
    report.check(a_report(), NOW)
    for differs in (
        {"adults": (), "allegations": (), "children": ()},
        {"allegations": (an_allegation(adult_id="nobody"),)},
        {"allegations": (an_allegation(child_ids=("nobody",)),)},
        {"known_to_employer_at": NOW + timedelta(minutes=1)},
    ):
        with pytest.raises(Invalid):
            report.check(a_report(**differs), NOW)
    assert a_report().sector == "EDUCATION_ACADEMY"
    assert a_report(adults=(), allegations=(an_allegation(adult_id=""),)).sector == "UNKNOWN"


def an_advice(**differs: object) -> Advice:
    given: dict[str, object] = {
        "id": "a-1",
        "contact_id": "c-1",
        "kind": "GENERAL",
        "method": "email",
        "text": "Talk to nobody yet.",
        "written_by": "officer-1",
        "written_at": NOW,
    }
    return Advice(**{**given, **differs})  # type: ignore[arg-type]


def test_advice_needs_words_and_a_way_to_arrive():
    assert advice.check(an_advice(), reachable=True) == an_advice()
    for one, reachable in (
        (an_advice(text=" "), True),
        (an_advice(text="x" * 20_001), True),
        (an_advice(), False),
    ):
        with pytest.raises(Invalid):
            advice.check(one, reachable=reachable)
    assert advice.check(an_advice(method="phone"), reachable=False)
    gone = advice.sent(an_advice(), NOW)
    with pytest.raises(Refused):
        advice.sent(gone, NOW)


def test_every_shipped_code_has_a_plain_label():
    lists = codes.shipped()
    for entries in lists.values():
        for code, entry in entries.items():
            assert entry.label
            assert entry.label != code
    assert {one.value for one in Decision} == set(lists["decision"])
    assert {one.value for one in Criterion} == set(lists["criterion"])


def test_what_is_not_in_force_is_not_offered():
    offered = dict(codes.choices(codes.shipped(), "contact_type", NOW.date()))
    assert "MANDATORY_CSA_NOTIFICATION" not in offered
    assert codes.label(codes.shipped(), "contact_type", "MANDATORY_CSA_NOTIFICATION").startswith(
        "Notification"
    )
    assert codes.label(codes.shipped(), "contact_type", "OLD") == "OLD"


def test_an_authority_changes_labels_dates_and_adds_codes():
    lists = codes.with_changes(
        {"tier": {"T1": "Level one", "T9": {"label": "Gone", "until": "2026-01-01"}}, "own": {"A": "B"}}
    )
    offered = dict(codes.choices(lists, "tier", NOW.date()))
    assert offered["T1"] == "Level one"
    assert "T9" not in offered
    assert dict(codes.choices(lists, "own", NOW.date())) == {"A": "B"}


def test_the_table_of_acts_says_who_may():
    assert set(WHO_MAY) == set(Act)
    assert may({Role.OFFICER}, Act.DECIDE)
    for role in (Role.COORDINATOR, Role.AUDITOR, Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        with pytest.raises(NotAllowed):
            permit({role}, Act.DECIDE)
    for act in set(Act) - {Act.ADMINISTER}:
        assert not may({Role.ADMINISTRATOR, Role.OPERATOR}, act)


@pytest.mark.parametrize(
    ("badge", "words"),
    [
        (Badge(), ""),
        (Badge(2), "2 earlier"),
        (Badge(0, 1), "1 other authority"),
        (Badge(1, 2), "1 earlier, 2 other authorities"),
    ],
)
def test_a_badge_counts_here_and_elsewhere(badge: Badge, words: str):
    assert badge.words == words
