"""Writing down a call: what is kept, what is refused, and the look at earlier concerns beside it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.intake.store import contacts
from shared.contracts.intake import ContactReceived
from shared.vocabulary import Role
from tests.intake.conftest import House, Open, Visitor
from tests.page_checker import has_class
from tests.page_client import PageClient
from tests.platform import Platform

CALL = "/intake/contacts/new"
KEEP = "Keep this contact"
SAID = "He shouted at a boy and held his arm."


@pytest.fixture
def coordinator(browser: Visitor, people: dict[Role, str]) -> Visitor:
    """Somebody at the telephone."""
    browser.as_(people[Role.COORDINATOR])
    browser.get(CALL)
    return browser


def kept(house: House) -> list[ContactReceived]:
    """The contacts that were told."""
    return list(house.events("contact.received"))


def test_whoever_goes_back_to_a_call_that_was_kept_comes_to_its_contact(coordinator: Visitor, house: House):
    call = coordinator.here.path
    contact = coordinator.submit({"narrative": SAID}, KEEP).path
    assert coordinator.get(call).path == contact
    assert len(kept(house)) == 1
    assert coordinator.get(CALL).heading == "Write down a call" and coordinator.here.path != call


def test_a_call_becomes_a_contact_with_its_people(coordinator: Visitor, house: House):
    coordinator.submit(
        {
            "given": "Alma", "surname": "Finch", "previous": "Alma Wren", "born-year": "1984",
            "child": "Robin",
            "setting": "Oakfield School", "role": "TEACHER", "sector": "EDUCATION_ACADEMY", "narrative": SAID,
            "referrer_name": "Hester Quill", "referrer_email": "head@oakfield.example",
            "agency": "EDU_SCHOOL",
        },
        KEEP,
    )  # fmt: skip
    [event] = kept(house)
    [adult] = event.adults
    assert [(one.kind, one.given, one.surname, one.full) for one in adult.names] == [
        ("legal", "Alma", "Finch", ""), ("previous", "", "", "Alma Wren"),
    ]  # fmt: skip
    assert (adult.born, adult.work[0].setting.name, adult.work[0].role) == (
        "1984",
        "Oakfield School",
        "TEACHER",
    )
    [allegation] = event.allegations
    assert (allegation.adult_id, allegation.narrative) == (adult.id, SAID)
    assert allegation.child_ids == (event.children[0].id,)
    assert (event.channel, event.referrer.agency) == ("phone", "EDU_SCHOOL")
    assert coordinator.here.heading == f"Contact {event.reference}"
    assert SAID in coordinator.here.text


def test_what_was_said_is_enough(coordinator: Visitor, house: House):
    coordinator.submit({"narrative": SAID}, KEEP)
    [event] = kept(house)
    assert (event.adults, event.children, event.contact_type) == ((), (), "ADVICE")
    assert event.allegations[0].adult_id == ""


def test_the_same_page_sent_twice_is_one_contact(coordinator: Visitor, house: House):
    page = coordinator.here
    coordinator.submit({"narrative": SAID}, KEEP)
    first = coordinator.here.heading
    coordinator.page = page
    coordinator.submit({"narrative": SAID}, KEEP)
    assert coordinator.here.heading == first
    assert len(kept(house)) == 1


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"narrative": ""}, "Write down what was said."),
        ({"narrative": "x" * 10_001}, "Use 10,000 characters or fewer."),
        ({"narrative": SAID, "given": "A" * 121}, "Use 120 characters or fewer."),
        ({"narrative": SAID, "surname": "Fi\x00nch"}, "This has characters in it that cannot be shown."),
        ({"narrative": SAID, "born-year": "84"}, "The year must have 4 numbers, like 2026."),
        ({"narrative": SAID, "born-day": "31", "born-month": "2", "born-year": "1984"}, "Enter a real date"),
        ({"narrative": SAID, "referrer_email": "nobody"}, "Enter an e-mail address"),
        ({"narrative": SAID, "role": "KING"}, "Choose from the answers listed."),
        (
            {
                "narrative": SAID, "known_to_employer_at-day": "2", "known_to_employer_at-month": "4",
                "known_to_employer_at-year": "2026", "known_to_employer_at-time": "9am",
            },
            "The employer cannot have known later than the report was made.",
        ),
    ],
)  # fmt: skip
def test_a_wrong_answer_gets_one_sentence_and_keeps_the_others(
    coordinator: Visitor, house: House, answers: dict[str, str], sentence: str
):
    coordinator.submit({"previous": "Alma Wren", **answers}, KEEP, status=422)
    assert len(coordinator.here.errors) == 1
    assert sentence.casefold() in coordinator.here.errors[0].casefold()
    held = {one.get("name"): one.get("value") for one in coordinator.here.form(KEEP).iter("input")}
    assert held["previous"] == "Alma Wren"
    assert kept(house) == []


def test_a_name_in_any_script_comes_back_as_it_was_written(coordinator: Visitor, house: House):
    names = ["Олександра Коваленко", "Nguyễn Thị Ánh", "محمد العربي", "Siân ap Rhŷs", "O’Brien-Šťastná"]
    for name in names:
        coordinator.get(CALL)
        coordinator.submit({"surname": name, "narrative": SAID}, KEEP)
        assert name in coordinator.here.text
    assert [one.adults[0].names[0].surname for one in kept(house)] == names


printable = some.text(some.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Zs")), max_size=130)


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(box=some.sampled_from(["given", "surname", "previous", "setting", "child"]), text=printable)
def test_whatever_is_typed_is_kept_or_refused_with_a_sentence(
    coordinator: Visitor, house: House, box: str, text: str
):
    before = len(kept(house))
    status = coordinator.post_anything(CALL, {"token": text[:40] or "t", box: text, "narrative": SAID})
    assert status in {200, 303, 422}
    assert len(kept(house)) - before in {0, 1}


def test_those_who_do_not_enter_see_neither_button_nor_page(browser: Visitor, people: dict[Role, str]):
    assert "Write down a call" in browser.as_(people[Role.OFFICER]).get("/intake/contacts").text
    browser.as_(people[Role.AUDITOR])
    assert "Write down a call" not in browser.get("/intake/contacts").text
    browser.get(CALL, 403)


def test_the_contact_is_the_callers_authoritys(coordinator: Visitor, opened: Open):
    coordinator.submit({"narrative": SAID}, KEEP)
    with opened(authority="wiltshire") as tx:
        assert contacts.count(tx, contacts.Filter(state="all")) == 0


def test_earlier_concerns_are_looked_up_from_the_half_filled_page(platform: Platform):
    """The button sends the same boxes to search, in a new window, so that what was typed stays."""
    caller = PageClient(platform).as_(Role.COORDINATOR)
    caller.get(CALL)
    caller.submit({"given": "Alma", "surname": "Finch", "born-year": "1984", "narrative": SAID}, KEEP)
    platform.settle()
    page = caller.get(CALL)
    [check] = [one for one in page.form(KEEP).iter("button") if has_class(one, "govuk-button--secondary")]
    assert (check.get("formaction"), check.get("formtarget")) == ("/search/people", "_blank")
    found = caller.post("/search/people", _boxes(page, given="Alma", surname="Finch", narrative=SAID))
    assert found.path.startswith("/search/searches/")
    assert "Finch" in found.text


def _boxes(page: Any, **answers: str) -> dict[str, str]:
    named = [one for one in page.form(KEEP).iter() if one.tag in {"input", "textarea"} and one.get("name")]
    held = {one.get("name"): one.get("value") or "" for one in named if one.get("type") != "radio"}
    return {**held, **answers}


def test_a_coordinator_searches_the_own_authority_only(platform: Platform):
    caller = PageClient(platform).as_(Role.COORDINATOR)
    assert "Every authority that takes part" not in caller.get("/search/people").text
    answers = {"reach": "region", "surname": "Finch", "given": "Alma", "born-year": "1984"}
    page = caller.post(
        "/search/people", {**answers, "purpose": "NEW_CONCERN", "reason": "A call"}, status=403
    )
    assert "Ask an officer or manager" in page.text
