"""The officers' pages: inbox, contact, decision, advice, restriction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.actions import contacts as acts
from services.intake.domain.contact import Contact
from services.intake.domain.report import Report
from services.intake.store import concerns, contacts
from shared import replicas
from shared.contracts.message import Origin
from shared.contracts.people import Referrer
from shared.vocabulary import Role
from tests.intake.builders import a_report
from tests.intake.conftest import House, Open, Visitor
from tests.intake.test_store import a_pointer, an_own
from tests.platform import SetClock

READERS = (Role.OFFICER, Role.MANAGER, Role.COORDINATOR, Role.AUDITOR)


@pytest.fixture
def received(opened: Open) -> Contact:
    """A contact of Dorset."""
    with opened() as tx:
        return acts.receive_contact(tx, a_report())


def another(opened: Open, report: Report | None = None, **differs: Any) -> Contact:
    """One more."""
    with opened(**differs) as tx:
        return acts.receive_contact(tx, report or a_report())


def views(house: House) -> list[tuple[str, str]]:
    """What was looked at, from the access register's facts."""
    found: list[Any] = list(house.events("access.recorded"))
    return [(one.act, one.subject_id) for one in found]


def test_the_first_page_counts_and_orders_the_work(browser: Visitor, opened: Open, clock: SetClock):
    another(opened)
    clock.forward(timedelta(days=2))
    fresh = another(opened)
    browser.as_(Role.OFFICER).get("/intake/")
    assert browser.here.heading == "Your day"
    tiles = browser.here.text
    assert "2 New" in tiles
    assert "1 Overdue" in tiles
    browser.get(f"/intake/contacts/{fresh.id}")
    browser.submit(button="Take it on")
    mine = browser.get("/intake/").rows("With me, by deadline")
    assert [row[0] for row in mine] == [fresh.reference]


def test_the_inbox_shows_the_oldest_clock_first_with_its_badge(
    browser: Visitor, opened: Open, clock: SetClock
):
    first = another(opened)
    clock.forward(timedelta(hours=1))
    second = another(opened, a_report(channel="phone"))
    with opened() as tx:
        concerns.keep(tx, an_own("m-1", second.id, first.id))
        concerns.keep(tx, a_pointer("m-2", second.id))
    rows = browser.as_(Role.OFFICER).get("/intake/contacts").rows()
    assert [row[0] for row in rows] == [first.reference, second.reference]
    assert rows[1][2] == "1 earlier, 1 other authority"
    assert "Finch" not in browser.here.html


def test_the_inbox_is_filtered_by_its_address(browser: Visitor, opened: Open):
    one = another(opened)
    two = another(opened, a_report(channel="phone"))
    officer = browser.as_(Role.OFFICER)
    assert len(officer.get("/intake/contacts?channel=phone").rows()) == 1
    assert len(officer.get("/intake/contacts?state=all&sector=EDUCATION_ACADEMY").rows()) == 2
    found = officer.get(f"/intake/contacts?state=closed&reference={one.reference.lower()}").rows()
    assert [row[0] for row in found] == [one.reference]
    assert officer.get("/intake/contacts?reference=zzz").rows() == [["No contact fits these filters."]]
    officer.get("/intake/contacts?state=moon", 422)
    officer.get("/intake/contacts")
    officer.submit({"channel": "phone"}, button="Show")
    assert [row[0] for row in browser.here.rows()] == [two.reference]


def test_the_inbox_as_a_file_is_recorded_as_an_export(browser: Visitor, house: House, received: Contact):
    page = browser.as_(Role.OFFICER).get("/intake/contacts.csv?state=all")
    assert page.headers["Content-Type"].startswith("text/csv")
    assert received.reference in page.body.decode()
    assert ("exported", "all") in views(house)


def test_the_inbox_has_fifty_rows_a_page(browser: Visitor, opened: Open):
    with opened(origin=Origin.DEMO) as tx:
        for _ in range(51):
            acts.receive_contact(tx, a_report())
    assert len(browser.as_(Role.OFFICER).get("/intake/contacts").rows()) == 50
    assert len(browser.get("/intake/contacts?page=2").rows()) == 1


def test_a_contact_shows_earlier_concerns_before_anything_else(
    browser: Visitor, house: House, opened: Open, received: Contact
):
    other = another(opened)
    with opened() as tx:
        concerns.keep(tx, an_own("m-1", received.id, other.id))
        concerns.keep(tx, a_pointer("m-2", received.id))
    text = browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.id}").text
    assert text.index("This adult may have been named before") < text.index("What we were told")
    assert f"Contact {other.reference}" in text
    assert "Wiltshire Council may hold a record: likely match, last touched under 1 year ago." in text
    assert "What you gave agrees in: surname." in text
    assert ("viewed", received.id) in views(house)


def test_a_contact_that_was_not_checked_says_that_nobody_knows(
    browser: Visitor, opened: Open, received: Contact
):
    browser.as_(Role.OFFICER)
    for page in ("", "/decision"):
        text = browser.get(f"/intake/contacts/{received.id}{page}").text
        assert "Not yet checked for earlier concerns." in text and "No earlier concern" not in text
    assert "Not yet checked" in browser.get("/intake/contacts").text
    assert "not yet checked" in browser.get("/intake/contacts.csv").body.decode()
    with opened() as tx:
        concerns.keep(tx, a_pointer("m-1", received.id))
    assert "more may be found" in browser.get(f"/intake/contacts/{received.id}").text


def test_a_contact_without_earlier_concerns_says_so(browser: Visitor, opened: Open, received: Contact):
    with opened() as tx:
        contacts.note_check(tx, received.id, tx.now)
    assert "Not yet checked" not in browser.as_(Role.OFFICER).get("/intake/contacts").text
    text = browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.id}").text
    assert "No earlier concern about the people of this contact is known" in text
    assert "Alma Finch" in text
    assert "She pushed a boy and he fell." in text


def test_both_clocks_say_why(browser: Visitor, opened: Open):
    late = a_report(known_to_employer_at=datetime(2026, 2, 20, 9, tzinfo=UTC))
    one = another(opened, late)
    text = browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}").text
    assert "Why this date for Our answer" in text
    assert "The employer told us late" in text
    assert "24 hours left" in text


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_work_with_contacts_may_look(browser: Visitor, received: Contact, role: Role):
    status = 200 if role in READERS else 403
    browser.as_(role).get(f"/intake/contacts/{received.id}", status)
    browser.get("/intake/contacts", status)


def test_who_only_reads_is_offered_no_act(browser: Visitor, received: Contact):
    text = browser.as_(Role.AUDITOR).get(f"/intake/contacts/{received.id}").text
    for words in ("Take it on", "Give advice", "Close it to somebody"):
        assert words not in text
    browser.post(f"/intake/contacts/{received.id}/take", {"version": "1"}, 403)
    browser.get(f"/intake/contacts/{received.id}/decision", 403)


def test_another_authority_s_contact_is_not_there(browser: Visitor, received: Contact):
    wiltshire = browser.as_(Role.OFFICER, "wiltshire")
    for path in ("", "/decision", "/advice", "/restriction"):
        wiltshire.get(f"/intake/contacts/{received.id}{path}", 404)
    assert wiltshire.get("/intake/contacts").rows() == [["No contact fits these filters."]]


def test_advice_is_checked_sent_and_put_right_by_more(browser: Visitor, house: House, received: Contact):
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.id}")
    browser.click("Give advice")
    browser.submit({"kind": "INTERNAL"}, button="Continue", status=422)
    assert browser.here.errors == ["Write the advice."]
    browser.submit({"text": "Keep notes.\nTell nobody."}, button="Continue")
    assert "E-mail to the person who told us: head@oakfield.example" in browser.here.text
    browser.submit(button="Change")
    browser.submit(button="Continue")
    browser.submit(button="Send the advice")
    assert "Waiting to be sent" in browser.here.text
    house.settle()
    assert "Sent 2 March 2026" in browser.get(f"/intake/contacts/{received.id}").text
    browser.click("Put right by further advice")
    browser.submit({"kind": "GENERAL", "text": "One more.", "method": "phone"}, button="Continue")
    browser.submit(button="Record the advice")
    assert "(puts earlier advice right)" in browser.here.text
    assert "Keep notes." in browser.here.text


def test_advice_cannot_be_mailed_without_an_address(browser: Visitor, opened: Open):
    one = another(opened, a_report(referrer=Referrer(agency="PUBLIC")))
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}/advice")
    browser.submit({"kind": "GENERAL", "text": "Keep notes.", "method": "email"}, button="Continue")
    browser.submit(button="Send the advice", status=422)
    assert browser.here.errors == ["We have no e-mail address for them. Say how you gave the advice instead."]


def test_a_contact_is_closed_to_somebody_and_opened_again(
    browser: Visitor, opened: Open, received: Contact, people: dict[Role, str]
):
    mine, manager = people[Role.OFFICER], people[Role.MANAGER]
    address = f"/intake/contacts/{received.id}"
    browser.as_(mine).get(f"{address}/restriction")
    browser.submit({}, status=422)
    assert browser.here.errors == ["Choose at least one person."]
    browser.submit({"barred": [mine]})
    assert browser.here.heading == "Contacts"
    browser.get(address, 404)
    browser.post(f"{address}/take", {"version": "1"}, 404)
    browser.as_(manager).get(address)
    assert "Restricted" in browser.here.text
    browser.click("Change who may see it")
    assert [
        one.get("value")
        for one in browser.here.form("Close it").iter("input")
        if one.get("checked") is not None
    ] == [mine]
    browser.get(address)
    browser.submit(button="Open it again")
    browser.as_(mine).get(address)


def test_a_contact_that_is_closed_with_its_case_says_so_and_is_opened_there(
    browser: Visitor, opened: Open, received: Contact, people: dict[Role, str]
):
    with opened() as tx:
        contacts.save(tx, replace(received, case_id="case-1"))
        replicas.restrict(tx, "case-1", never=(people[Role.OFFICER],))
    address = f"/intake/contacts/{received.id}"
    browser.as_(people[Role.OFFICER]).get(address, 404)
    page = browser.as_(people[Role.MANAGER]).get(address)
    assert (
        "Restricted" in page.text and "Closed to some people of this authority, with its case." in page.text
    )
    assert "Open it again" not in page.text
    assert page.links["Who may see the case"] == "/casework/cases/case-1/access"


def test_a_restricted_earlier_concern_is_not_shown(browser: Visitor, opened: Open, received: Contact):
    other = another(opened)
    with opened() as tx:
        concerns.keep(tx, an_own("m-1", received.id, other.id))
        contacts.note_check(tx, received.id, tx.now)
        replicas.restrict(tx, other.id, only=("somebody",))
    text = browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.id}").text
    assert "No earlier concern" in text
    assert other.reference not in text


def test_a_page_that_names_no_version_is_refused(browser: Visitor, received: Contact):
    browser.as_(Role.OFFICER).post(f"/intake/contacts/{received.id}/take", {}, 422)


def test_only_colleagues_who_see_records_are_offered_to_be_kept_from_one(
    browser: Visitor, received: Contact, people: dict[Role, str]
):
    page = browser.as_(people[Role.OFFICER]).get(f"/intake/contacts/{received.id}/restriction")
    assert "Coordinator Person" in page.text and "Auditor Person" in page.text
    for blind in (Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        assert f"{blind.value.capitalize()} Person" not in page.text
