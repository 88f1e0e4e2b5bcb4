"""What casework hears from the other services, twice if need be."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.casework.actions import timing
from services.casework.consumers import subscriptions
from services.casework.store import cases, chronology, clocks, duties, priors
from shared import replicas
from shared.actor import Scope
from shared.contracts import findings, intake, notifications, platform, search
from shared.contracts.casework import CaseOpened, CaseRestricted, CaseUnrestricted
from shared.contracts.message import Event
from shared.contracts.people import Pointer
from shared.errors import NotFound
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.vocabulary import Band, Basis, Decision, Recency
from tests.casework.builders import (
    CONTACT,
    MONDAY,
    a_contact,
    a_decision,
    open_a_case,
    prepare,
    published,
    system,
)

Make = Callable[[str], Database]
Scopes = Callable[..., Scope]


@pytest.fixture
def casework(database: Make) -> Database:
    """Casework's database alone, with its authority."""
    made = database("casework")
    prepare(made)
    return made


def hear(tx: Transaction, *events: Event) -> None:
    """What the consumer does with a record: every handler in turn, the replicas' first."""
    for event in events:
        for handler in subscriptions.with_(replicas.subscriptions).handlers(event.name):
            handler(tx, event)


def titles(tx: Transaction, case_id: str, *sources: str) -> list[str]:
    return [line.title for line in chronology.of_case(tx, case_id, sources)]


def a_match(match_id: str = "match-1", **differ: object) -> search.MatchFound:
    pointer = Pointer(
        holder="wiltshire",
        contact_route="lado@wiltshire.example",
        reference="P-7",
        band=Band.LIKELY,
        recency=Recency.UNDER_1_YEAR,
        agrees=("name", "date of birth"),
    )
    known: dict[str, object] = {"pointer": pointer}
    return search.MatchFound(
        match_id=match_id,
        contact_id=CONTACT,
        person_id="adult-1",
        found_at=MONDAY,
        **(differ or known),  # type: ignore[arg-type]
    )


def an_own_record() -> findings.OwnRecord:
    return findings.OwnRecord(
        contact_id="earlier",
        person_id="p",
        band=Band.STRONG,
        probability=0.99,
        last_activity=MONDAY - timedelta(days=90),
        evidence=(findings.Evidence(field="name", words="Surname sounds alike", bits=6.0),),
    )


def a_duty(case_id: str, **differ: object) -> notifications.NoticeDue:
    given: dict[str, object] = {
        "notice_id": "notice-1",
        "case_id": case_id,
        "contact_id": CONTACT,
        "rule": "N03",
        "basis": Basis.DUTY,
        "duty_of": "employer",
        "recipient": "DBS",
        "adult_id": "adult-1",
        "due_on": None,
        "raised_at": MONDAY,
    }
    return notifications.NoticeDue(**{**given, **differ})  # type: ignore[arg-type]


def test_a_contact_is_remembered_and_a_met_threshold_opens_its_case(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, a_contact(), a_decision(decision=Decision.MORE_INFO), a_decision())
        assert len(published(tx, CaseOpened)) == 1


def test_hearing_everything_twice_changes_nothing_but_the_chronology(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, a_contact(), a_decision(), a_contact(), a_decision(), a_match(), a_match())
        case_id = cases.find_by_contact(tx, CONTACT)
        assert case_id is not None
        assert len(published(tx, CaseOpened)) == 1
        assert titles(tx, case_id, "match") == ["Earlier concern found"]
        hear(tx, a_duty(case_id), a_duty(case_id))
        assert len(duties.of_case(tx, case_id)) == 1


def test_a_match_that_came_before_the_case_stands_on_it(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, a_contact(), a_match(), a_decision())
        case_id = cases.find_by_contact(tx, CONTACT)
        assert case_id is not None
        (found,) = priors.of_contact(tx, CONTACT)
        (line,) = [one for one in chronology.of_case(tx, case_id) if one.source == "match"]
    assert found.pointer == a_match().pointer
    assert "lado@wiltshire.example" in line.words


def test_an_own_record_comes_with_its_evidence_in_words(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, a_match(own=an_own_record()))
        (found,) = priors.of_contact(tx, CONTACT)
    assert (found.own_contact_id, found.pointer, found.band) == ("earlier", None, "strong")
    assert found.evidence == ("Surname sounds alike",)


def test_what_people_judge_about_a_match_is_kept_and_told(casework: Database):
    case_id = open_a_case(casework)
    about = {"match_id": "match-1", "contact_id": CONTACT}
    judged: dict[str, Any] = {**about, "judged_by": "officer-1", "judged_at": MONDAY}
    with casework.transaction(system()) as tx:
        hear(tx, a_match())
        for event, state in (
            (search.LinkConfirmed(**judged), "confirmed"),
            (search.LinkRejected(**judged), "rejected"),
            (search.LinkUnsure(**judged), "open"),
            (search.MatchWithdrawn(**about), "withdrawn"),
        ):
            hear(tx, event)
            assert priors.of_contact(tx, CONTACT)[0].state == state
        assert len(titles(tx, case_id, "match")) == 5


def test_a_duty_and_what_becomes_of_it_stand_on_the_case(casework: Database):
    case_id = open_a_case(casework)
    about = {"notice_id": "notice-1", "case_id": case_id}
    steps: list[tuple[Event, str]] = [
        (notifications.NoticeAdvised(**about, advised_at=MONDAY), "advised"),
        (notifications.NoticeOverdue(**about, due_on=MONDAY.date(), rule="N03"), "overdue"),
        (notifications.NoticeUncertain(**about, since=MONDAY), "uncertain"),
        (
            notifications.NoticeSent(**about, method="email", sent_at=MONDAY, recipient="DBS", rule="N03"),
            "sent",
        ),
        (notifications.NoticeAcknowledged(**about, acknowledged_at=MONDAY), "acknowledged"),
        (notifications.NoticeDeclined(**about, declined_at=MONDAY), "declined"),
        (notifications.NoticeWithdrawn(**about, withdrawn_at=MONDAY), "withdrawn"),
    ]
    with casework.transaction(system()) as tx:
        hear(tx, a_duty(case_id))
        assert duties.of_case(tx, case_id)[0].state == "due"
        assert duties.count_open(tx, "") == 1
        for event, state in steps:
            hear(tx, event)
            assert duties.of_case(tx, case_id)[0].state == state
        assert titles(tx, case_id, "notice")[0] == "Duty to tell raised (N03)"
        assert len(titles(tx, case_id, "notice")) == 8


def test_a_notice_about_a_contact_without_a_case_is_none_of_ours(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, a_duty(""))
        hear(tx, notifications.NoticeAdvised(notice_id="notice-1", case_id="", advised_at=MONDAY))
        assert duties.of_case(tx, "") == ()


def test_what_intake_does_next_is_told_in_the_chronology(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(
            tx,
            intake.AdviceSent(contact_id=CONTACT, advice_id="a", kind="outcome", sent_at=MONDAY),
            intake.ContactClosed(contact_id=CONTACT, decision=Decision.MET, closed_at=MONDAY),
        )
        assert {"Advice sent to the referrer", "The contact was closed at intake"} <= set(titles(tx, case_id))


def test_a_restricted_contact_closes_its_case_and_opens_it_again(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, intake.ContactRestricted(contact_id=CONTACT, never=("officer-1",)))
        assert published(tx, CaseRestricted) == [CaseRestricted(case_id=case_id, never=("officer-1",))]
    with casework.reading(scope()) as tx, pytest.raises(NotFound):
        cases.get(tx, case_id)
    with casework.transaction(system()) as tx:
        hear(tx, intake.ContactUnrestricted(contact_id=CONTACT))
        assert published(tx, CaseUnrestricted)
    with casework.reading(scope()) as tx:
        assert cases.taken(tx, case_id)


def test_a_contact_restricted_before_its_case_opens_gives_a_restricted_case(
    casework: Database, scope: Scopes
):
    with casework.transaction(system()) as tx:
        hear(tx, a_contact(), intake.ContactRestricted(contact_id=CONTACT, only=("manager-1",)), a_decision())
        assert published(tx, CaseRestricted)[0].only == ("manager-1",)
    for user, sees in (("officer-1", False), ("manager-1", True)):
        with casework.reading(scope(user=user)) as tx:
            assert (cases.find_by_contact(tx, CONTACT) is not None) is sees


def test_a_proclaimed_holiday_moves_due_dates_and_says_so(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, changed("closures", ["2026-03-04"]))
        # All of the case's clocks, then none.
        assert timing.recount_clocks(tx) and not timing.recount_clocks(tx)
        moved = {clock.rule.id: clock.due_on.isoformat() for clock in clocks.of_case(tx, case_id)}
        said = [
            line.words for line in chronology.of_case(tx, case_id) if line.title.startswith("Due date moved")
        ]
    assert moved["first-meeting"] == "2026-03-10"
    assert moved["conclusion"] == "2026-03-30"
    assert "9 March 2026 became 10 March 2026." in said


def test_what_was_counted_by_the_bank_holidays_of_an_earlier_build_is_counted_again(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        before = clocks.of_case(tx, case_id)
        clocks.save(tx, [replace(one, due_on=one.due_on + timedelta(1), counted_by="") for one in before])
        assert timing.recount_clocks(tx) == sum(one.is_running for one in before)
        assert [one for one in clocks.of_case(tx, case_id) if one.is_running] == [
            one for one in before if one.is_running
        ]


def test_an_administrators_rules_hold_for_cases_opened_from_then_on(casework: Database):
    rule = {
        "id": "first-meeting",
        "label": "AMM",
        "start": "CONTACT_RECEIVED",
        "stop": "FIRST_MEETING_HELD",
        "amount": 0,
        "unit": "WORKING_DAY",
        "effective_from": "2026-01-01",
        "source": "Decided in January.",
    }
    with casework.transaction(system()) as tx:
        hear(tx, changed("case_clocks", [rule]), a_contact(), a_decision())
        (opened,) = published(tx, CaseOpened)
    assert opened.first_meeting_due == MONDAY.date()


def changed(kind: str, value: object) -> platform.ConfigurationChanged:
    """An administrator set it the day before."""
    return platform.ConfigurationChanged(
        configuration_id=f"dorset/{kind}",
        kind=kind,
        value=json.dumps(value),
        effective_from=MONDAY - timedelta(days=1),
        changed_by="administrator-1",
    )
