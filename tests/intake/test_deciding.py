"""The threshold decision on its pages: written, checked, recorded, and what happens when two do so."""

import pytest

from services.intake.actions import contacts as acts
from services.intake.actions.threshold import decide_threshold
from services.intake.domain.contact import Contact
from services.intake.domain.threshold import Judgement
from shared.vocabulary import Decision, Role
from tests.intake.builders import a_report
from tests.intake.conftest import House, Open, Visitor


@pytest.fixture
def received(opened: Open) -> Contact:
    """A contact of Dorset."""
    with opened() as tx:
        return acts.receive_contact(tx, a_report())


SIGNPOST = Judgement(
    decision=Decision.NOT_MET_SIGNPOST, criteria=(), tier="", reasons="Another service.", decided_by=""
)


def test_a_decision_is_written_checked_and_then_stays(browser: Visitor, house: House, received: Contact):
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.id}")
    browser.click("Decide")
    browser.submit({"decision": "MET", "reasons": "He was hurt."}, button="Continue", status=422)
    assert browser.here.errors == ["Choose at least one of the harm tests that is met."]
    browser.submit({"criteria": ["HARM"], "tier": "T4"}, button="Continue")
    assert browser.here.heading == f"Check your decision on {received.reference}"
    assert "They behaved in a way that harmed a child" in browser.here.text
    browser.submit(button="Change")
    browser.submit({"reasons": "He was hurt badly."}, button="Continue")
    browser.submit(button="Record the decision")
    assert "Threshold met: open a case" in browser.here.text
    assert "He was hurt badly." in browser.here.text
    assert "Go to the case" in browser.here.links
    browser.get(f"/intake/contacts/{received.id}/decision", 409)
    assert len(house.events("threshold.decided")) == 1


def written(browser: Visitor, contact: Contact, words: str = "I weighed it all afternoon.") -> None:
    """Somebody writes a decision and is about to record it."""
    browser.get(f"/intake/contacts/{contact.id}/decision")
    browser.submit({"decision": "MORE_INFO", "reasons": words}, "Continue")


def test_somebody_who_was_slower_is_told_and_keeps_what_they_wrote(
    browser: Visitor, opened: Open, received: Contact
):
    browser.as_(Role.OFFICER)
    written(browser, received)
    with opened() as tx:
        acts.take_contact(tx, received.id)
    page = browser.submit(button="Record the decision", status=422)
    assert "Somebody else changed this contact." in page.errors[0]
    assert "I weighed it all afternoon." in page.text
    browser.submit(button="Continue")
    browser.submit(button="Record the decision")
    assert "More information needed" in browser.here.text


@pytest.mark.parametrize("button", ["Continue", "Record the decision"])
def test_what_somebody_wrote_is_kept_though_another_decided_meanwhile(
    browser: Visitor, opened: Open, received: Contact, button: str
):
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.id}/decision")
    if button != "Continue":
        written(browser, received)
    with opened() as tx:
        decide_threshold(tx, received.id, SIGNPOST)
    said = {"decision": "MORE_INFO", "reasons": "I weighed it all afternoon."}
    page = browser.submit(said if button == "Continue" else {}, button, status=422)
    assert "I weighed it all afternoon." in page.text and page.errors
    browser.get(f"/intake/contacts/{received.id}/decision", status=409)


def test_more_information_leads_to_a_second_decision(browser: Visitor, received: Contact):
    address = f"/intake/contacts/{received.id}/decision"
    browser.as_(Role.OFFICER).get(address)
    browser.submit({"decision": "MORE_INFO", "reasons": "Ask the school."}, button="Continue")
    browser.submit(button="Record the decision")
    assert "More information was asked for on 2 March 2026" in browser.get(address).text
