"""What keeps a contact from being erased, who asked first, what the audit knows, what goes with a case."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.intake.actions import cases, correcting, erasing
from services.intake.consumers import subscriptions
from services.intake.domain.contact import Contact, State
from services.intake.store import contacts as store
from services.intake.store.erasures import holding, requests
from shared import replicas
from shared.contracts.casework import CaseErased, CaseHeld, CaseReleased
from shared.contracts.message import Event
from shared.errors import Conflict, Invalid, NotAllowed, Refused
from shared.keeping.erasure import Ground, Standing
from shared.vocabulary import Role
from tests.intake.conftest import House, Open, Visitor
from tests.intake.test_righting import BORN, asked, ended, erased, received

CASE = "00000000-0000-7000-8000-0000000000a1"


def with_case(opened: Open) -> Contact:
    """A contact from which a case grew that is closed by now."""
    one = received(opened)
    with opened() as tx:
        cases.follow_case(tx, one.id, CASE)
        cases.end_with_case(tx, one.id, CASE, tx.now)
        return store.get(tx, one.id)


def test_of_two_who_ask_at_the_same_moment_the_second_is_told_and_the_first_reason_stands(opened: Open):
    one = ended(opened)

    def ask(reason: str) -> bool:
        try:
            with opened(user=reason) as tx:
                # Both had looked, and nobody had asked.
                requests.ask(tx, one.id, one.reference, Ground.DECISION, reason)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        let_through = list(pool.map(ask, ("first", "second")))
    with opened() as tx:
        kept = requests.find(tx, one.id)
    assert sorted(let_through) == [False, True]
    assert kept is not None and kept.reason == kept.asked_by == ("first", "second")[let_through.index(True)]


def test_who_was_refused_may_ask_again(opened: Open):
    one = ended(opened)
    asked(opened, one)
    with opened(Role.MANAGER, user="manager-1") as tx:
        erasing.decide_erasure(tx, one.id, approve=False, answer="Not yet.")
    asked(opened, one)
    erased(opened, one)


def test_nothing_held_is_erased_until_the_hold_is_lifted(opened: Open, house: House):
    one = ended(opened)
    asked(opened, one)
    with opened(Role.MANAGER, user="manager-1") as tx:
        erasing.hold_contact(tx, one.id, "A court may ask for it.")
        with pytest.raises(Refused, match="under a legal hold: it is kept until a manager lifts the hold"):
            erasing.decide_erasure(tx, one.id, approve=True)
        with pytest.raises(Refused, match="already"):
            erasing.hold_contact(tx, one.id, "Twice.")
        with pytest.raises(Invalid):
            erasing.release_contact(tx, one.id, " ")
        erasing.release_contact(tx, one.id, "The court has decided.")
        kept = holding.find(tx, one.id)
        assert kept is not None and not kept.stands and kept.because == "The court has decided."
    assert len(house.events("contact.held")) == len(house.events("contact.released")) == 1
    erased(opened, one)


def test_what_is_held_is_not_joined_to_a_report_that_may_go_and_what_is_joined_is_held_with_it(opened: Open):
    one, held = ended(opened), received(opened)
    with opened(Role.MANAGER, user="manager-1") as tx:
        erasing.hold_contact(tx, held.id, "A court may ask for it.")
        with pytest.raises(Refused, match="Hold the other one"):
            correcting.merge_contact(tx, held.id, one.reference)
        erasing.release_contact(tx, held.id, "The other one is held.")
        correcting.merge_contact(tx, held.id, one.reference)
        with pytest.raises(Refused, match="Hold that one"):
            erasing.hold_contact(tx, held.id, "A court may ask for it.")


def test_to_whom_an_erased_contact_was_closed_its_request_stays_closed(opened: Open):
    one, other = ended(opened), received(opened)
    with opened() as tx:
        correcting.merge_contact(tx, other.id, one.reference)
    asked(opened, one)
    with opened() as tx:
        for each in (one, other):
            replicas.restrict(tx, each.id, only=("officer-1", "manager-1"))
    erased(opened, one)
    with opened(user="officer-2") as tx:
        assert requests.listed(tx, Standing.DONE, 9) == []
    with opened() as tx:
        assert [each.record_id for each in requests.listed(tx, Standing.DONE, 9)] == [one.id]
        assert replicas.restricted_among(tx, [one.id, other.id]) == {one.id}


def test_only_a_manager_holds_and_never_what_a_case_grew_from(opened: Open):
    one, grown = ended(opened), with_case(opened)
    with opened() as tx, pytest.raises(NotAllowed):
        erasing.hold_contact(tx, one.id, "A court may ask for it.")
    with opened(Role.MANAGER) as tx, pytest.raises(Refused, match="Hold the case"):
        erasing.hold_contact(tx, grown.id, "A court may ask for it.")


def test_a_report_that_was_joined_is_erased_with_the_other_only(opened: Open):
    one, other = ended(opened), received(opened)
    with opened() as tx:
        correcting.merge_contact(tx, other.id, one.reference)
        with pytest.raises(Refused, match="joined to another"):
            erasing.ask_erasure(tx, other.id, Ground.DECISION, "It should go.")


def test_a_contact_goes_with_its_case_and_so_does_what_was_joined_to_it(opened: Open, house: House):
    one, other = with_case(opened), received(opened)
    with opened() as tx:
        correcting.merge_contact(tx, other.id, one.reference)
        with pytest.raises(Refused, match="erased with the case"):
            erasing.ask_erasure(tx, one.id, Ground.DECISION, "It should go.")
    hear(opened, house, one)
    hear(opened, house, one)
    with opened() as tx:
        assert store.find(tx, one.id) is None and store.find(tx, other.id) is None
    assert {told.contact_id for told in house.events("contact.erased")} == {one.id, other.id}
    said = [each for each in house.envelopes("intake") if each.key in (one.id, other.id)]
    assert {each.type for each in said} == {"contact.erased"}


def hear(opened: Open, house: House, one: Contact) -> None:
    """The case of the contact was erased."""
    heard(opened, CaseErased(case_id=CASE, contact_id=one.id, erased_at=house.clock()))


def test_a_correction_says_which_case_it_reaches_and_waits_while_one_opens(opened: Open, house: House):
    one = with_case(opened)
    with opened() as tx:
        correcting.correct_adult(tx, one.id, BORN, "The employer gave the date.")
        assert store.get(tx, one.id).state is State.CLOSED
    assert [told.case_id for told in house.events("contact.corrected")] == [CASE]


def test_a_manager_holds_a_contact_and_lifts_the_hold_on_the_page(opened: Open, browser: Visitor):
    one = ended(opened)
    browser.as_(Role.MANAGER).get(f"/intake/contacts/{one.id}")
    browser.click("Put it under a legal hold")
    page = browser.submit({"reason": ""}, "Hold it", 422)
    assert page.errors == ["Enter the reason."]
    page = browser.submit({"reason": "A court may ask for it."}, "Hold it")
    assert "A court may ask for it." in page.text
    browser.get(f"/intake/contacts/{one.id}/erasure")
    page = browser.submit({"ground": "decision", "reason": "It should go."}, "Ask a manager", 422)
    assert page.errors == ["This contact is under a legal hold: it is kept until a manager lifts the hold."]
    browser.get(f"/intake/contacts/{one.id}")
    browser.click("Lift the legal hold")
    page = browser.submit({"reason": "The court has decided."}, "Lift the hold")
    assert "Put it under a legal hold" in page.links


def test_a_hold_that_is_sent_twice_is_not_lifted_by_the_second(opened: Open, browser: Visitor):
    one = ended(opened)
    browser.as_(Role.MANAGER).get(f"/intake/contacts/{one.id}/hold")
    asked = browser.page
    browser.submit({"reason": "A court may ask for it."}, "Hold it")
    browser.page = asked
    page = browser.submit({"reason": "A court may ask for it."}, "Hold it", 422)
    assert page.errors == ["It is under a legal hold already."]
    assert "Lift the legal hold" in browser.get(f"/intake/contacts/{one.id}").links


def test_the_hold_of_a_case_stands_on_its_contact_until_it_is_lifted_there(opened: Open, house: House):
    one = with_case(opened)
    held = CaseHeld(case_id=CASE, contact_id=one.id, held_by="manager-1", held_at=house.clock())
    for _ in range(2):
        heard(opened, held)
    with opened() as tx:
        assert holding.stands(tx, one.id)
    heard(
        opened,
        CaseReleased(case_id=CASE, contact_id=one.id, released_by="manager-1", released_at=house.clock()),
    )
    with opened() as tx:
        assert not holding.stands(tx, one.id)


def heard(opened: Open, event: Event) -> None:
    """Casework said so."""
    with opened(user="system:intake") as tx:
        for handler in subscriptions.handlers(event.name):
            handler(tx, event)


def test_whoever_looks_at_the_list_of_erasures_is_entered_in_the_audit(
    opened: Open, house: House, browser: Visitor
):
    one = ended(opened)
    asked(opened, one)
    browser.as_(Role.MANAGER, stepped_up=True).get("/intake/erasures")
    browser.get(f"/intake/erasures/{one.id}")
    looked = [(each.subject_kind, each.result_ids) for each in house.events("access.recorded")]
    assert ("erasure_list", (one.id,)) in looked and ("contact", ()) in looked
    with opened() as tx:
        assert [each.record_id for each in requests.listed(tx, Standing.ASKED, 9)] == [one.id]
