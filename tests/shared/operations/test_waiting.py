"""The operator's pages: what waits, why, and what a person decided about it."""

from dataclasses import replace

import pytest

from shared.contracts.intake import ContactClosed
from shared.contracts.message import Envelope, Origin, encode, encode_data
from shared.contracts.platform import AccessRecorded
from shared.messaging.deferred import Shelf
from shared.messaging.ports import Message
from shared.vocabulary import Decision, Role
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.platform import Platform
from tests.shared.test_actor import cause

CONTACT = "heed.intake.contact"


@pytest.fixture
def operator(page: PageClient) -> PageClient:
    """Signed in where records may wait."""
    return page.as_(Role.OPERATOR)


def closing(contact: str, sequence: int = 1, event_id: str = "") -> Envelope:
    """A well-made fact about a contact that nobody has heard of."""
    event = ContactClosed(contact_id=contact, decision=Decision.MET, closed_at=MONDAY_MORNING)
    made = cause(Origin.LIVE)
    return replace(
        made,
        id=event_id or f"event-{contact}-{sequence}",
        key=contact,
        sequence=sequence,
        authority="dorset",
        data=type(made.data)(encode_data(event)),
    )


def unreadable(platform: Platform, *values: bytes) -> None:
    platform.region.log.append([Message(CONTACT, "k", value) for value in values])
    platform.settle(pumps=False)


def waiting(platform: Platform, service: str = "casework", state: str = "") -> list[int]:
    database = platform[service].database
    with database.plumbing(writing=False) as db:
        return [one.position for one in Shelf(db, database.tools.vault, service).listed(state)]


def reasons(platform: Platform) -> list[tuple[str, str]]:
    """What the audit keeps of the operator's acts on waiting records."""
    found = [one.event() for one in platform.envelopes("casework") if one.type == AccessRecorded.name]
    return [
        (one.act, one.reason)
        for one in found
        if isinstance(one, AccessRecorded) and one.subject_kind == "waiting record"
    ]


def test_a_service_where_nothing_waits_says_so(operator: PageClient):
    assert "Nothing waits" in operator.get("/casework/held").text


def test_a_dead_letter_is_listed_with_its_reason_and_without_its_content(
    operator: PageClient, platform: Platform
):
    unreadable(platform, b"Zoe Canary said")
    words = operator.get("/casework/held").text
    assert "Unreadable record" in words
    assert "Dead letter" in words
    assert "Canary" not in words


def test_one_record_tells_where_it_comes_from_and_why_it_waits(operator: PageClient, platform: Platform):
    unreadable(platform, b"Zoe Canary said")
    words = operator.get(f"/casework/held/{waiting(platform)[0]}").text
    assert CONTACT in words
    assert "does not read as Envelope" in words
    assert "Canary" not in words


def test_a_record_that_comes_too_early_is_held_back_and_can_be_filtered(
    operator: PageClient, platform: Platform
):
    platform.region.log.append([Message(CONTACT, "c-9", encode(closing("c-9", sequence=2)))])
    unreadable(platform, b"?")
    held = operator.get("/casework/held?state=held").text
    assert "contact.closed" in held
    assert "Unreadable record" not in held


def test_a_long_list_goes_on_on_the_next_page(operator: PageClient, platform: Platform):
    unreadable(platform, *(f"broken {number}".encode() for number in range(51)))
    operator.get("/casework/held")
    operator.click("Next records")
    assert operator.page is not None
    assert operator.page.text.count("Unreadable record") == 1


def test_a_skipped_record_waits_no_longer_and_the_audit_keeps_why(operator: PageClient, platform: Platform):
    unreadable(platform, b"?")
    operator.get(f"/casework/held/{waiting(platform)[0]}")
    operator.submit({"act": "skip", "reason": "A test message from the supplier"}, "Continue")
    assert waiting(platform) == []
    assert reasons(platform) == [("skip", "A test message from the supplier")]


@pytest.mark.parametrize("reason", ["", "no"])
def test_nothing_is_done_without_a_reason(operator: PageClient, platform: Platform, reason: str):
    unreadable(platform, b"?")
    operator.get(f"/casework/held/{waiting(platform)[0]}")
    page = operator.submit({"act": "skip", "reason": reason}, "Continue", status=422)
    assert "There is a problem" in page.text
    assert len(waiting(platform)) == 1
    assert reasons(platform) == []


def test_bytes_that_are_no_record_cannot_be_replayed_and_the_page_says_what_to_do(
    operator: PageClient, platform: Platform
):
    unreadable(platform, b"?")
    operator.get(f"/casework/held/{waiting(platform)[0]}")
    page = operator.submit({"act": "replay", "reason": "The supplier mended it"}, "Continue", status=422)
    assert "skip it with a reason" in page.text
    assert len(waiting(platform)) == 1


def test_what_came_too_early_goes_through_when_what_it_waited_for_has_come(
    operator: PageClient, platform: Platform
):
    early, first = closing("c-9", 2), closing("c-9", 1)
    platform.region.log.append([Message(CONTACT, "c-9", encode(early))])
    platform.settle(pumps=False)
    assert len(waiting(platform, state="held")) == 1
    platform.region.log.append([Message(CONTACT, "c-9", encode(first))])
    platform.settle(pumps=False)
    assert waiting(platform, state="held") == []


def test_a_record_held_back_cannot_be_skipped_before_the_one_it_waits_for(
    operator: PageClient, platform: Platform
):
    platform.region.log.append([Message(CONTACT, "c-9", encode(closing("c-9", 3)))])
    platform.settle(pumps=False)
    operator.get(f"/casework/held/{waiting(platform)[0]}")
    page = operator.submit({"act": "skip", "reason": "Let us go on without it"}, "Continue", status=422)
    assert "earlier record" in page.text
    assert len(waiting(platform)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_but_an_operator_sees_what_waits(page: PageClient, role: Role):
    page.as_(role).get("/casework/held", 403)


def test_an_officer_can_neither_look_at_a_record_nor_deal_with_it(page: PageClient, platform: Platform):
    unreadable(platform, b"?")
    position = waiting(platform)[0]
    page.as_(Role.OFFICER).get(f"/casework/held/{position}", 403)
    page.post(f"/casework/held/{position}", {"act": "skip", "reason": "I should not be able"}, 403)
    assert waiting(platform) == [position]


def test_a_number_that_does_not_wait_here_is_not_found(operator: PageClient, platform: Platform):
    unreadable(platform, b"?")
    operator.get("/casework/held/4711", 404)
    operator.post("/casework/held/4711", {"act": "skip", "reason": "Not there at all"}, 404)
    operator.get("/casework/held/contact", 404)


def test_each_service_deals_with_its_own_records(operator: PageClient, platform: Platform):
    unreadable(platform, b"?")
    operator.get(f"/casework/held/{waiting(platform)[0]}")
    operator.submit({"act": "skip", "reason": "A test message from the supplier"}, "Continue")
    assert "Unreadable record" not in operator.get("/casework/held").text
    assert "Unreadable record" in operator.get("/search/held").text


def test_facts_that_wait_for_the_bus_are_counted(operator: PageClient, platform: Platform):
    with platform["casework"].database.transaction(platform["casework"].system("dorset")) as tx:
        tx.accessed("viewed", "case", "c")
    assert "oldest for 0 seconds" in operator.get("/casework/held").text
