"""What people see and do on the pages of casework."""

from datetime import timedelta

import pytest

from services.casework.actions import closure, timing
from services.casework.actions.closure import Barrier
from services.casework.store import cases, clocks
from shared.contracts.message import Origin
from shared.contracts.platform import AccessRecorded
from shared.vocabulary import Role
from tests.casework.builders import (
    CONTACT,
    MONDAY,
    hold,
    open_a_case,
    open_within,
    prepare,
    system,
)
from tests.casework.conftest import Desk, case_id_of
from tests.casework.test_consumers import a_duty, a_match, an_own_record, hear
from tests.page_client import PageClient

TABS = ("", "/chronology", "/people", "/meetings", "/outcome", "/duties", "/close")
FORMS = (
    "/facts",
    "/child",
    "/review",
    "/notes/new",
    "/meetings/new",
    "/meetings/not-needed",
    "/people/adult-1/facts",
    "/people/adult-1/support",
    "/people/adult-1/safeguards/new",
    "/allegations/allegation-1/outcome",
)


def seen(desk: Desk) -> list[AccessRecorded]:
    desk.stepper.settle(pumps=False)
    from sqlalchemy import select

    from shared.contracts.message import decode
    from shared.store.publication import journal_place
    from shared.store.tables import journal

    with desk.database.plumbing(writing=False) as db:
        rows = db.execute(select(journal).where(journal.c.type == "access.recorded")).all()
    vault = desk.database.tools.vault
    found = [
        decode(vault.open(row.authority, f"casework/{journal_place(row.event_id)}", row.body)).event()
        for row in rows
    ]
    return [one for one in found if isinstance(one, AccessRecorded)]


def test_every_page_and_form_of_a_case_is_shown(case: str, browser: PageClient):
    for path in (*TABS, *FORMS):
        page = browser.get(case + path)
        assert page.title.startswith(f"{page.heading} - DOR-2026-0001 - ")
        assert "DOR-2026-0001" in page.text


def test_a_case_leads_to_the_contact_that_it_grew_from(case: str, browser: PageClient):
    assert browser.get(case).links["The contact as it came in"] == f"/intake/contacts/{CONTACT}"


def test_every_page_of_a_case_is_kept_in_the_access_register(desk: Desk, case: str, browser: PageClient):
    for path in TABS:
        browser.get(case + path)
    browser.get("/casework/cases")
    browser.get("/casework/cases.csv")
    looks = [(one.act, one.subject_kind, one.subject_id) for one in seen(desk)]
    assert looks.count(("viewed", "case", case_id_of(case))) == len(TABS)
    assert ("viewed", "case_list", "cases") in looks
    assert ("exported", "case_list", "cases") in looks


def test_another_authority_and_a_closed_case_are_both_not_found(desk: Desk, case: str, browser: PageClient):
    with desk.database.transaction(system()) as tx:
        closure.restrict_case(
            tx, case_id_of(case), Barrier(never=("dorset-officer",), reason="They are related.")
        )
    for role, authority in (
        (Role.OFFICER, "dorset"),
        (Role.OFFICER, "wiltshire"),
        (Role.MANAGER, "wiltshire"),
    ):
        browser.as_(role, authority)
        for path in (*TABS, *FORMS):
            browser.get(case + path, 404)
        assert "DOR-2026-0001" not in browser.get("/casework/cases").text
    assert "Restricted" in browser.as_(Role.MANAGER).get(case).text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.AUDITOR, "", 200),
        (Role.AUDITOR, "/notes/new", 403),
        (Role.COORDINATOR, "/notes/new", 200),
        (Role.COORDINATOR, "/meetings/new", 200),
        (Role.COORDINATOR, "/allegations/allegation-1/outcome", 403),
        (Role.COORDINATOR, "/close", 403),
        (Role.OFFICER, "/access", 403),
        (Role.MANAGER, "/access", 200),
        (Role.ANALYST, "", 403),
        (Role.ADMINISTRATOR, "", 403),
        (Role.OPERATOR, "", 403),
    ],
)
def test_each_role_opens_what_it_may(case: str, browser: PageClient, role: Role, path: str, status: int):
    browser.as_(role).get(case + path, status)


def test_nobody_comes_in_without_signing_in(case: str, browser: PageClient):
    assert (
        browser.leave().get(case, 302, follow=False).headers["Location"].startswith("/intake/session/renew")
    )


def test_the_overview_says_why_a_date_is_that_date(case: str, browser: PageClient):
    text = browser.get(case).text
    assert "Due 9 March 2026." in text
    assert "Why this date" in text
    assert "Saturday 7 March 2026 does not count" in text
    assert "Rule: Dorset key indicator 1" in text
    assert "IEM" in text


def test_earlier_concerns_stand_on_the_case_as_pointer_or_own_record(
    desk: Desk, case: str, browser: PageClient
):
    with desk.database.transaction(system()) as tx:
        hear(tx, a_match(), a_match("match-2", own=an_own_record()))
    prepare(desk.database, "wiltshire")
    page = browser.get(case)
    assert "Held by wiltshire" not in page.text
    assert "lado@wiltshire.example" in page.text
    assert "Surname sounds alike" in page.text
    assert "/intake/contacts/earlier" in page.links.values()


def test_a_contact_leads_to_its_case_and_waits_until_it_is_open(desk: Desk, case: str, browser: PageClient):
    assert browser.get(f"/casework/by-contact/{CONTACT}").heading == "Case overview"
    waiting = browser.get("/casework/by-contact/not-yet-here")
    assert waiting.heading == "The case is being opened"
    assert 'http-equiv="refresh"' in waiting.html
    again = waiting.links["Look again now"]
    desk.clock.forward(timedelta(seconds=61))
    delayed = browser.get(again)
    assert delayed.heading == "The case is delayed"
    assert "safe with intake" in delayed.text
    assert "refresh" not in browser.get(case).html


@pytest.mark.parametrize("since", ["", "tomorrow", "9" * 30, "-1", "²"])
def test_an_address_that_makes_no_sense_still_waits(desk: Desk, browser: PageClient, since: str):
    browser.as_(Role.OFFICER)
    browser.get(f"/casework/by-contact/nothing?since={since}")


def test_my_work_shows_what_is_late_due_and_waiting(desk: Desk, browser: PageClient):
    prepare(desk.database)
    browser.as_(Role.OFFICER)
    assert "Nothing is due" in browser.get("/casework/").text
    case_id = open_a_case(desk.database)
    with desk.database.transaction(system()) as tx:
        first = next(one for one in clocks.of_case(tx, case_id) if one.rule.id == "first-meeting-limit")
        timing.pause_clock(tx, case_id, first.id, "COURT")
    desk.clock.forward(timedelta(days=7))
    page = browser.get("/casework/?whose=all")
    assert page.rows("Late, and due in the next 7 days")[0][:2] == ["DOR-2026-0001", "IEM"]
    assert page.rows("Late, and due in the next 7 days")[0][3] == "Due today"
    assert page.rows("Waiting: clocks that are paused")[0][1] == "IEM, latest day"
    assert "1 Due today" in page.text
    desk.clock.forward(timedelta(days=1))
    assert "1 Overdue" in browser.get("/casework/?whose=all").text
    assert "0 Overdue" in browser.get("/casework/").text


def test_the_list_is_narrowed_and_downloaded(desk: Desk, case: str, browser: PageClient):
    page = browser.get("/casework/cases?stage=open&owner=officer-1")
    assert page.rows("Cases")[0][:3] == ["DOR-2026-0001", "Morag Testwick", "Open"]
    assert browser.get("/casework/cases?stage=closed").rows("Cases") == [["No case matches these filters."]]
    found = browser.get("/casework/cases?stage=open").links["Download this list as CSV"]
    assert "Morag Testwick" in browser.get(found).html
    assert browser.get("/casework/cases?owner=me&untouched=yes").rows("Cases") == [
        ["No case matches these filters."]
    ]


def test_filters_that_make_no_sense_are_said_and_left_out(case: str, browser: PageClient):
    page = browser.get("/casework/cases?stage=asleep", 422)
    assert page.errors
    assert page.rows("Cases")[0][0] == "DOR-2026-0001"


SURE_ = {
    "proved": "true",
    "disproved": "false",
    "basis": "true",
    "outcome": "SUBSTANTIATED",
    "reasons": "Two saw it.",
}


def test_the_chronology_is_narrowed_and_printed(case: str, browser: PageClient):
    assert "Case opened" not in browser.get(f"{case}/chronology?source=contact").text
    assert "Case opened" in browser.get(f"{case}/chronology?print=yes").text
    assert "Case opened" in browser.get(f"{case}/chronology?source=nonsense&page=x").text


def test_duties_stand_on_the_case_with_their_state(desk: Desk, case: str, browser: PageClient):
    with desk.database.transaction(system()) as tx:
        hear(tx, a_duty(case_id_of(case)))
    row = browser.get(f"{case}/duties").rows("Duties on this case")[0]
    assert row == [
        "Disclosure and Barring Service",
        "Employer",
        "Duty",
        "N03",
        "Morag Testwick",
        "Without delay",
        "To do",
    ]


def test_a_case_of_a_history_is_shown_to_confirm(desk: Desk, browser: PageClient):
    from shared.actor import Actor, Scope

    prepare(desk.database)
    history = Scope("dorset", Actor("system:casework"), "test", Origin.DEMO, MONDAY - timedelta(days=30))
    with desk.database.transaction(history) as tx:
        case_id = open_within(tx, received_at=MONDAY - timedelta(days=30), known_to_employer_at=None)
    page = browser.as_(Role.OFFICER).get(f"/casework/cases/{case_id}")
    assert "From a history, to confirm" in page.text
    assert "To confirm" in browser.get("/casework/cases").rows("Cases")[0][5]


def test_an_overdue_clock_is_marked_by_the_pump_and_shown(desk: Desk, case: str, browser: PageClient):
    desk.clock.forward(timedelta(days=9))
    desk.stepper.settle()
    page = browser.get(case)
    assert "Overdue" in page.text
    assert "A clock has run out" in page.text
    with desk.database.reading(system()) as tx:
        assert sum(one.marked_at is not None for one in clocks.of_case(tx, case_id_of(case))) == 1


def test_a_case_with_nobody_named_is_still_shown(desk: Desk, browser: PageClient):
    case_id = open_a_case(desk.database, adults=(), children=(), allegations=())
    browser.as_(Role.OFFICER)
    for path in TABS:
        browser.get(f"/casework/cases/{case_id}{path}")
    for path in ("/people/nobody/facts", "/people/nobody/support", "/people/nobody/safeguards/new"):
        browser.get(f"/casework/cases/{case_id}{path}", 404)
    browser.get(f"/casework/cases/{case_id}/allegations/none/outcome", 404)


def test_a_held_meeting_shows_the_closing_check_as_done(desk: Desk, case: str, browser: PageClient):
    with desk.database.transaction(system()) as tx:
        hold(tx, case_id_of(case))
        assert cases.get(tx, case_id_of(case)).meetings
    assert browser.get(f"{case}/close").text.count("To do") == 4
