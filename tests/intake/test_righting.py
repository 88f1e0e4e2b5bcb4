"""Contacts put right: details, reports of one concern, and erasing by two people."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.intake.actions import contacts, correcting, erasing, threshold
from services.intake.domain.contact import Contact, State
from services.intake.domain.threshold import Judgement
from services.intake.store import contacts as store
from services.intake.store import erasures
from shared import replicas
from shared.contracts.message import Envelope
from shared.contracts.people import Child, Name
from shared.errors import Conflict, HeedError, Invalid, NotAllowed, NotFound, Refused
from shared.keeping.erasure import Ground, Standing
from shared.vocabulary import Decision, Role
from tests.intake.builders import ADULT, CHILD, a_report, an_adult, an_allegation
from tests.intake.conftest import House, Open, Visitor

NO = Judgement(
    decision=Decision.NOT_MET_LOW_LEVEL, criteria=(), tier="", reasons="A small thing.", decided_by=""
)
MET = Judgement(decision=Decision.MET, criteria=("HARM",), tier="T4", reasons="He was hurt.", decided_by="")
BORN = replace(an_adult(), born="1984-05-13")
NAMED = Child(id=CHILD, name="Robin Ashe", born="2015-02-03", placed_by="Kestrel Council")


def received(opened: Open, **differs: Any) -> Contact:
    """A contact of Dorset."""
    with opened() as tx:
        return contacts.receive_contact(tx, a_report(**differs))


def ended(opened: Open, **differs: Any) -> Contact:
    """One that went no further."""
    one = received(opened, **differs)
    with opened() as tx:
        threshold.decide_threshold(tx, one.id, NO)
        return store.get(tx, one.id)


def asked(opened: Open, one: Contact, ground: Ground = Ground.DECISION) -> None:
    """An officer asks that it be erased."""
    with opened() as tx:
        erasing.ask_erasure(tx, one.id, ground, "It was about somebody else altogether.")


def erased(opened: Open, one: Contact) -> None:
    """A manager agrees."""
    with opened(Role.MANAGER, user="manager-1") as tx:
        erasing.decide_erasure(tx, one.id, approve=True)


def test_a_correction_counts_from_now_on_and_the_report_stays_as_given(opened: Open, house: House):
    one = received(opened)
    with opened() as tx:
        correcting.correct_adult(tx, one.id, BORN, "The employer gave the date.")
        assert correcting.adults_of(tx, one.id) == (BORN,)
        assert store.report_of(tx, one.id).adults == a_report().adults
    (told,) = house.events("contact.corrected")
    assert (told.contact_id, told.adults, told.corrected_by) == (one.id, (BORN,), "officer-1")


@pytest.mark.parametrize(
    ("person", "reason", "problem"),
    [(BORN, " ", Invalid), (an_adult(), "No difference.", Invalid), (an_adult(id="x"), "Nobody.", NotFound)],
)
def test_a_correction_needs_a_reason_and_a_difference(
    opened: Open, person: Any, reason: str, problem: type[HeedError]
):
    one = received(opened)
    with opened() as tx, pytest.raises(problem):
        correcting.correct_adult(tx, one.id, person, reason)


def test_a_childs_details_are_put_right_and_the_report_stays_as_given(opened: Open, house: House):
    one = received(opened)
    with opened() as tx:
        correcting.correct_adult(tx, one.id, BORN, "The employer gave the date.")
        correcting.correct_child(tx, one.id, NAMED, "The social worker gave the details.")
        assert correcting.children_of(tx, one.id) == (NAMED,) and correcting.adults_of(tx, one.id) == (BORN,)
        assert store.report_of(tx, one.id).children == a_report().children
    told = house.events("contact.corrected")[-1]
    assert (told.adults, told.children, told.corrected_by) == ((BORN,), (NAMED,), "officer-1")


@pytest.mark.parametrize(
    ("child", "reason", "problem"),
    [
        (NAMED, " ", Invalid),
        (a_report().children[0], "No difference.", Invalid),
        (Child(id="x"), "Nobody.", NotFound),
    ],
)
def test_a_childs_correction_needs_a_reason_and_a_difference(
    opened: Open, child: Child, reason: str, problem: type[HeedError]
):
    one = received(opened)
    with opened() as tx, pytest.raises(problem):
        correcting.correct_child(tx, one.id, child, reason)


def test_only_those_who_correct_adults_correct_children(opened: Open):
    one = received(opened)
    with opened(Role.AUDITOR) as tx, pytest.raises(NotAllowed):
        correcting.correct_child(tx, one.id, NAMED, "An auditor only reads.")


def test_once_the_threshold_is_met_the_case_is_put_right_instead(opened: Open):
    one = received(opened)
    with opened() as tx:
        threshold.decide_threshold(tx, one.id, MET)
        with pytest.raises(Refused):
            correcting.correct_adult(tx, one.id, BORN, "Too late here.")


def test_a_second_report_of_a_concern_is_answered_with_the_first_and_can_be_parted(
    opened: Open, house: House
):
    first, second = received(opened), received(opened)
    with opened() as tx:
        merged = correcting.merge_contact(tx, second.id, first.reference)
        assert (merged.state, merged.merged_into) == (State.CLOSED, first.id)
        assert [one.id for one in store.merged_into(tx, first.id)] == [second.id]
        assert store.report_of(tx, second.id) == a_report()
        assert correcting.unmerge_contact(tx, second.id).state is State.NEW
    assert [one.into for one in house.events("contact.merged")] == [first.id]
    assert [one.was_in for one in house.events("contact.unmerged")] == [first.id]
    assert not house.events("contact.closed")


def test_reports_are_never_joined_in_a_chain_or_to_themselves(opened: Open):
    first, second, third = received(opened), received(opened), received(opened)
    with opened() as tx:
        correcting.merge_contact(tx, second.id, first.reference)
        for one, reference in ((first, third.reference), (third, second.reference), (third, third.reference)):
            with pytest.raises(Refused):
                correcting.merge_contact(tx, one.id, reference)
        with pytest.raises(Invalid):
            correcting.merge_contact(tx, third.id, "nothing")
    with opened(authority="wiltshire") as tx, pytest.raises(NotFound):
        correcting.merge_contact(tx, third.id, first.reference)


def test_two_people_erase_a_contact_and_nothing_is_left_but_that_they_did(opened: Open, house: House):
    one, other = ended(opened), received(opened)
    with opened() as tx:
        correcting.merge_contact(tx, other.id, one.reference)
    asked(opened, one)
    erased(opened, one)
    with opened(Role.MANAGER) as tx:
        for gone in (one, other):
            assert store.find(tx, gone.id) is None
        kept = erasures.requests.find(tx, one.id)
    assert kept is not None and (kept.state, kept.decided_by, kept.reason) == (Standing.DONE, "manager-1", "")
    assert {told.contact_id for told in house.events("contact.erased")} == {one.id, other.id}
    said = [envelope for envelope in house.envelopes("intake") if envelope.key in (one.id, other.id)]
    assert {envelope.type for envelope in said} == {"contact.erased"} and len(said) > 4
    assert not any(b"Finch" in bytes(envelope.data) for envelope in said)
    assert numbered(said, one.id) and numbered(said, other.id)


def test_a_manager_erases_nothing_that_a_report_closed_to_them_hangs_from(opened: Open):
    one, other = ended(opened), received(opened)
    with opened() as tx:
        correcting.merge_contact(tx, other.id, one.reference)
        replicas.restrict(tx, other.id, never=("manager-1",))
    asked(opened, one)
    with pytest.raises(Refused, match="closed to you"), opened(Role.MANAGER, user="manager-1") as tx:
        erasing.decide_erasure(tx, one.id, approve=True)
    with opened() as tx:
        assert store.find(tx, one.id) is not None
        assert store.find(tx, other.id) is not None


def numbered(said: list[Envelope], key: str) -> bool:
    """Whether the numbers of the facts of a key still run without a gap."""
    numbers = [envelope.sequence for envelope in said if envelope.key == key]
    return numbers == list(range(1, len(numbers) + 1))


def test_who_asked_does_not_decide_and_an_officer_never_does(opened: Open):
    one = ended(opened)
    with opened(Role.MANAGER) as tx:
        erasing.ask_erasure(tx, one.id, Ground.DECISION, "Wrong person.")
        with pytest.raises(NotAllowed):
            erasing.decide_erasure(tx, one.id, approve=True)
        with pytest.raises(Conflict):
            erasing.ask_erasure(tx, one.id, Ground.DECISION, "Again.")
    with opened(Role.OFFICER, user="officer-2") as tx, pytest.raises(NotAllowed):
        erasing.decide_erasure(tx, one.id, approve=True)


def test_a_contact_that_is_kept_is_kept_with_the_reason(opened: Open):
    one = ended(opened)
    asked(opened, one)
    with opened(Role.MANAGER, user="manager-1") as tx:
        with pytest.raises(Invalid):
            erasing.decide_erasure(tx, one.id, approve=False)
        erasing.decide_erasure(tx, one.id, approve=False, answer="It is needed for an appeal.")
        assert store.find(tx, one.id) is not None


def test_what_is_open_in_a_case_or_too_young_is_not_erased(opened: Open):
    young, still_open, met = ended(opened), received(opened), received(opened)
    with opened() as tx:
        threshold.decide_threshold(tx, met.id, MET)
        for one, ground in ((young, Ground.RETENTION), (still_open, Ground.DECISION), (met, Ground.DECISION)):
            with pytest.raises(Refused):
                erasing.ask_erasure(tx, one.id, ground, "It should go.")


def test_after_ten_years_a_contact_is_listed_for_review_unless_it_touches_sexual_abuse(
    opened: Open, house: House
):
    plain = ended(opened)
    abuse = ended(opened, allegations=(an_allegation(category="SEXUAL_CONTACT"),))
    with opened() as tx:
        assert erasing.due_for_review(tx) == []
    house.clock.forward(timedelta(days=3653))
    with opened() as tx:
        assert {one.id for one in erasing.due_for_review(tx)} == {plain.id, abuse.id}
        with pytest.raises(Refused):
            erasing.ask_erasure(tx, abuse.id, Ground.RETENTION, "Ten years.")
    asked(opened, plain, Ground.RETENTION)
    erased(opened, plain)


def test_an_officer_puts_an_adult_right_on_the_page(opened: Open, browser: Visitor):
    one = received(opened, adults=(an_adult(names=(Name(full="Alma Finch"),)),))
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}")
    browser.click("Put right what is known of Alma Finch")
    page = browser.submit({"surname": "Finch", "given": "Alma", "reason": ""}, "Put it right", status=422)
    assert page.errors == ["Enter why this has to be put right."]
    page = browser.submit(
        {"surname": "Finch", "given": "Alma", "born-year": "1984", "reason": "Said on the telephone."},
        "Put it right",
    )
    assert "Said on the telephone." in page.text and "Put right since" in page.text
    with opened() as tx:
        (adult,) = correcting.adults_of(tx, one.id)
    assert (adult.id, adult.born, adult.names) == (ADULT, "1984", (Name(given="Alma", surname="Finch"),))


def test_an_officer_puts_a_child_right_on_the_page(opened: Open, browser: Visitor):
    one = received(opened)
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}")
    browser.click("Put right what is known of Robin Ash")
    page = browser.submit({"name": "Robin Ashe", "reason": ""}, "Put it right", status=422)
    assert page.errors == ["Enter why this has to be put right."]
    right = {"name": "Robin Ashe", "born-year": "2015", "placed_by": "Kestrel Council", "reason": "Misheard."}
    page = browser.submit(right, "Put it right")
    assert "Misheard." in page.text and "Put right what is known of Robin Ashe" in page.links
    with opened() as tx:
        assert correcting.children_of(tx, one.id) == (replace(NAMED, born="2015"),)


def test_two_reports_are_joined_and_parted_on_the_page(opened: Open, browser: Visitor):
    first, second = received(opened), received(opened)
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{second.id}")
    browser.click("Join it to another report of the same concern")
    page = browser.submit({"reference": "nothing"}, "Join them", status=422)
    assert page.errors == ["There is no contact with this reference in your authority."]
    with opened() as tx:
        store.save(tx, second)
    said = {"reference": first.reference.lower()}
    assert "Somebody else changed this contact." in browser.submit(said, "Join them", status=422).errors[0]
    page = browser.submit(said, "Join them")
    assert f"another report of the concern of contact {first.reference}" in page.text
    page = browser.submit(button="Part them again")
    assert "is answered there" not in page.text


def test_a_manager_proves_themselves_afresh_and_erases_on_the_page(opened: Open, browser: Visitor):
    one = ended(opened)
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}")
    browser.click("Ask to erase it")
    page = browser.submit({"ground": "decision", "reason": "The wrong person."}, "Ask a manager")
    assert page.rows("Waiting for a decision")[0][0] == one.reference
    browser.as_(Role.MANAGER).get(f"/intake/erasures/{one.id}", status=302, follow=False)
    browser.as_(Role.MANAGER, stepped_up=True).get(f"/intake/erasures/{one.id}")
    page = browser.submit({"decision": "keep", "answer": ""}, "Save the decision", status=422)
    assert page.errors == ["Enter why it is kept."]
    page = browser.submit({"decision": "erase"}, "Save the decision")
    assert page.rows("Decided")[0][:2] == [one.reference, "Erased"]
    browser.get(f"/intake/contacts/{one.id}", status=404)
