"""What people can make intake do, and what it refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.intake.actions import advice, contacts, threshold, users
from services.intake.actions.advice import Wording
from services.intake.domain.contact import Contact, State
from services.intake.domain.threshold import Judgement
from services.intake.store import judgements
from shared import replicas
from shared.contracts.message import Event, Origin
from shared.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Decision, Role
from tests.intake.builders import a_report, a_user
from tests.intake.conftest import House, Open

MET = Judgement(decision=Decision.MET, criteria=("HARM",), tier="T4", reasons="He was hurt.", decided_by="")
NOT_MET = Judgement(
    decision=Decision.NOT_MET_LOW_LEVEL, criteria=(), tier="", reasons="A small thing.", decided_by=""
)
MORE = Judgement(decision=Decision.MORE_INFO, criteria=(), tier="", reasons="Unclear.", decided_by="")
SPOKEN = Wording(text="Keep a record of it.", method="phone")
Act = Callable[[Transaction[Any], str], object]


@pytest.fixture
def received(opened: Open) -> Contact:
    """A contact of Dorset."""
    with opened() as tx:
        return contacts.receive_contact(tx, a_report())


def said(house: House, name: str) -> list[Any]:
    """The facts of that name, as the bus has them."""
    found: list[Event] = house.events(name)
    return list(found)


def test_a_contact_is_received_with_its_people_and_its_clock(opened: Open, house: House):
    with opened() as tx:
        one = contacts.receive_contact(tx, a_report(), token="t-1")
    (event,) = said(house, "contact.received")
    assert event.contact_id == one.id
    assert event.adults == a_report().adults
    assert event.allegations == a_report().allegations
    assert event.respond_by == one.respond_by
    assert one.received_at + timedelta(hours=24) == one.respond_by


def test_the_same_token_is_the_same_contact(opened: Open, house: House):
    with opened() as tx:
        first = contacts.receive_contact(tx, a_report(), token="t-1")
    with opened() as tx:
        again = contacts.receive_contact(tx, a_report(channel="phone"), token="t-1")
        replicas.restrict(tx, first.id, never=("officer-1",))
        assert contacts.receive_contact(tx, a_report(), token="t-1").id == first.id
    assert (again.id, again.reference) == (first.id, first.reference)
    assert len(said(house, "contact.received")) == 1
    with opened(authority="wiltshire") as tx:
        assert contacts.receive_contact(tx, a_report(), token="t-1").id != first.id


def test_a_met_threshold_is_told_and_ends_intake_s_part(opened: Open, house: House, received: Contact):
    with opened() as tx:
        after = threshold.decide_threshold(tx, received.id, MET, received.version)
    assert (after.state, after.version) == (State.MET, 2)
    (decided,) = said(house, "threshold.decided")
    assert (decided.decided_by, decided.reasons) == ("officer-1", "He was hurt.")
    (closed,) = said(house, "contact.closed")
    assert closed.decision is Decision.MET


def test_more_information_keeps_it_open_and_is_decided_again(opened: Open, house: House, received: Contact):
    with opened() as tx:
        threshold.decide_threshold(tx, received.id, MORE)
    assert said(house, "contact.closed") == []
    with opened() as tx:
        threshold.decide_threshold(tx, received.id, NOT_MET)
        kept = [one.judgement.decision for one in judgements.decisions_of(tx, received.id)]
    assert kept == [Decision.MORE_INFO, Decision.NOT_MET_LOW_LEVEL]
    assert len(said(house, "contact.closed")) == 1


def test_a_decision_does_not_change(opened: Open, received: Contact):
    with opened() as tx:
        threshold.decide_threshold(tx, received.id, NOT_MET)
    with opened() as tx, pytest.raises(Refused):
        threshold.decide_threshold(tx, received.id, MET)


def test_two_officers_do_not_decide_past_each_other(opened: Open, received: Contact):
    with opened() as tx:
        contacts.take_contact(tx, received.id, received.version)
    with opened(user="officer-2") as tx, pytest.raises(Conflict):
        threshold.decide_threshold(tx, received.id, MET, received.version)


def test_a_handed_over_contact_is_closed_by_hand(opened: Open, house: House, received: Contact):
    judgement = Judgement(decision=Decision.TRANSFER, criteria=(), tier="", reasons="Theirs.", decided_by="")
    with opened() as tx:
        threshold.decide_threshold(tx, received.id, judgement)
        assert contacts.close_contact(tx, received.id).state is State.CLOSED
    assert said(house, "contact.closed")[0].decision is Decision.TRANSFER


def test_advice_by_mail_counts_as_sent_when_it_left(opened: Open, house: House, received: Contact):
    with opened() as tx:
        given = advice.send_advice(tx, received.id, Wording(text="Keep notes."))
    assert given.sent_at is None
    assert said(house, "advice.sent") == []
    house.settle()
    (letter,) = house.letterbox.letters
    assert letter["To"] == "head@oakfield.example"
    assert received.reference in letter["Subject"]
    assert "Finch" not in letter.as_string()
    (sent,) = said(house, "advice.sent")
    assert (sent.advice_id, sent.kind) == (given.id, "GENERAL")
    house.settle()
    assert len(said(house, "advice.sent")) == 1


def test_advice_given_by_telephone_is_sent_at_once(opened: Open, house: House, received: Contact):
    with opened() as tx:
        given = advice.send_advice(tx, received.id, SPOKEN)
    assert given.sent_at
    assert len(said(house, "advice.sent")) == 1
    assert house.letterbox.letters == []


def test_advice_is_put_right_by_further_advice(opened: Open, received: Contact):
    with opened() as tx:
        first = advice.send_advice(tx, received.id, SPOKEN)
        advice.send_advice(tx, received.id, Wording(text="Not so.", method="phone", corrects=first.id))
        with pytest.raises(Invalid):
            advice.send_advice(tx, received.id, Wording(text="Not so.", method="phone", corrects="other"))
        assert [one.text for one in judgements.advice_of(tx, received.id)] == [
            "Keep a record of it.",
            "Not so.",
        ]


def test_advice_needs_an_address_to_be_mailed(opened: Open):
    with opened() as tx:
        one = contacts.receive_contact(tx, a_report(referrer=a_report().referrer.__class__()))
        with pytest.raises(Invalid):
            advice.send_advice(tx, one.id, Wording(text="Keep notes."))


def test_a_history_sends_nothing(opened: Open, house: House):
    with opened(origin=Origin.DEMO) as tx:
        one = contacts.receive_contact(tx, a_report())
        threshold.decide_threshold(tx, one.id, NOT_MET)
        assert advice.send_advice(tx, one.id, Wording(text="Keep notes.")).sent_at
    house.settle()
    assert house.letterbox.letters == []
    assert len(said(house, "advice.sent")) == 1


def test_a_conflict_of_interest_closes_a_contact_to_an_officer(opened: Open, house: House, received: Contact):
    with opened(Role.ADMINISTRATOR) as tx:
        mine = users.add_user(tx, a_user())
    with opened(user=mine.id) as tx:
        contacts.restrict_contact(tx, received.id, never=[mine.id])
        with pytest.raises(NotFound):
            contacts.take_contact(tx, received.id)
    assert said(house, "contact.restricted")[0].never == (mine.id,)
    with opened(Role.MANAGER, user="manager-1") as tx:
        contacts.unrestrict_contact(tx, received.id)
    with opened(user=mine.id) as tx:
        assert contacts.take_contact(tx, received.id).owner == mine.id


def test_a_restriction_names_somebody_who_is_there(opened: Open, received: Contact):
    with opened(Role.ADMINISTRATOR) as tx:
        mine = users.add_user(tx, a_user())
    with opened() as tx:
        with pytest.raises(Invalid):
            contacts.restrict_contact(tx, received.id)
        with pytest.raises(NotFound):
            contacts.restrict_contact(tx, received.id, never=["nobody"])
        with pytest.raises(Invalid):
            contacts.restrict_contact(tx, received.id, only=[mine.id], never=[mine.id])


ACTS: dict[str, tuple[Act, set[Role]]] = {
    "take": (contacts.take_contact, {Role.OFFICER, Role.MANAGER}),
    "close": (contacts.close_contact, {Role.OFFICER, Role.MANAGER}),
    "decide": (lambda tx, one: threshold.decide_threshold(tx, one, MET), {Role.OFFICER, Role.MANAGER}),
    "advise": (lambda tx, one: advice.send_advice(tx, one, SPOKEN), {Role.OFFICER, Role.MANAGER}),
    "restrict": (
        lambda tx, one: contacts.restrict_contact(tx, one, never=["x"]),
        {Role.OFFICER, Role.MANAGER},
    ),
    "unrestrict": (contacts.unrestrict_contact, {Role.MANAGER}),
}


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("role", list(Role))
def test_every_act_refuses_the_wrong_role(act: str, role: Role, opened: Open, received: Contact):
    do, allowed = ACTS[act]
    with opened(role) as tx:
        if role not in allowed:
            with pytest.raises(NotAllowed):
                do(tx, received.id)


@pytest.mark.parametrize("act", list(ACTS))
def test_every_act_refuses_another_authority(act: str, opened: Open, received: Contact):
    with opened(Role.OFFICER, Role.MANAGER, authority="wiltshire") as tx, pytest.raises(NotFound):
        ACTS[act][0](tx, received.id)


@pytest.mark.parametrize("act", list(ACTS))
def test_every_act_refuses_a_contact_that_is_closed_to_the_actor(act: str, opened: Open, received: Contact):
    with opened(Role.OFFICER, Role.MANAGER) as tx:
        replicas.restrict(tx, received.id, only=("somebody else",))
        with pytest.raises(NotFound):
            ACTS[act][0](tx, received.id)


def test_entering_a_contact_needs_a_role_that_may(opened: Open):
    with opened(Role.COORDINATOR) as tx:
        assert contacts.enter_contact(tx, a_report(channel="phone"), "t-9").channel == "phone"
    for role in (Role.AUDITOR, Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        with opened(role) as tx, pytest.raises(NotAllowed):
            contacts.enter_contact(tx, a_report(), "t-9")
