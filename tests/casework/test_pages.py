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
from tests.casework.conftest import Desk
from tests.casework.test_consumers import a_duty, a_match, an_own_record, hear
from tests.page_client import PageClient

OFFICER = "officer-1"
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


@pytest.fixture
def case(desk: Desk, browser: PageClient) -> str:
    """The address of an open case, an officer looking."""
    case_id = open_a_case(desk.database)
    browser.as_(Role.OFFICER)
    return f"/casework/cases/{case_id}"


def case_id_of(address: str) -> str:
    return address.rsplit("/", 1)[1]


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
        assert page.title.startswith(page.heading)
        assert "DOR-2026-0001" in page.text


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
    page = browser.get(case)
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


def test_a_meeting_is_scheduled_held_and_stands_in_the_chronology(desk: Desk, case: str, browser: PageClient):
    browser.get(f"{case}/meetings").links["Schedule: IEM"]
    browser.click("Schedule: IEM")
    browser.submit({**moment("starts_at", "4 3 2026 10:00"), "place": "By video"}, "Save")
    assert "By video" in browser.page.text  # type: ignore[union-attr]
    desk.clock.forward(timedelta(days=3))
    browser.get(next(link for link in browser.page.links.values() if link.endswith("/held")))  # type: ignore[union-attr]
    browser.submit({}, "Save", 422)
    assert len(browser.page.errors) == 3  # type: ignore[union-attr]
    answers = {
        **moment("held_at", "4 3 2026 10:00"),
        "attended": ["POLICE", "HR"],
        "record": "Agreed the next steps.",
    }
    page = browser.submit(answers, "Save")
    assert "Human resources" in page.text
    text = browser.get(f"{case}/chronology").text
    assert "IEM held" in text
    assert "Agreed the next steps." in text
    assert "Enquiries under way" in browser.get(case).text


def moment(name: str, text: str) -> dict[str, str]:
    day, month, year, hour = text.split()
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year, f"{name}-time": hour}


SURE = {
    "proved": "true",
    "disproved": "false",
    "basis": "true",
    "outcome": "SUBSTANTIATED",
    "reasons": "Two saw it.",
}


def answers_of(**differ: str) -> dict[str, str]:
    given = {
        "proved": "yes",
        "disproved": "no",
        "basis": "yes",
        "outcome": "SUBSTANTIATED",
        "reasons": "Two saw it.",
    }
    return {**given, **differ}


def test_an_outcome_that_the_evidence_does_not_point_to_is_challenged_then_stands(
    case: str, browser: PageClient
):
    browser.get(f"{case}/allegations/allegation-1/outcome")
    doubted = browser.submit(answers_of(outcome="FALSE"), "Record the outcome", 422)
    assert "points to “Substantiated”, not to “False”" in doubted.errors[0]
    done = browser.submit({"because": "The second witness withdrew."}, "Record the outcome")
    assert "False" in done.text
    assert "The second witness withdrew." in done.text
    assert "needs help" in done.text


def test_answers_that_contradict_each_other_stay_on_the_page(case: str, browser: PageClient):
    browser.get(f"{case}/allegations/allegation-1/outcome")
    page = browser.submit(answers_of(disproved="yes"), "Record the outcome", 422)
    assert page.errors == ["Say yes to one of the two, or no to both."]
    assert "Two saw it." in page.text


def test_all_five_definitions_stand_beside_the_choice(case: str, browser: PageClient):
    text = browser.get(f"{case}/allegations/allegation-1/outcome").text
    for words in (
        "Substantiated",
        "Malicious",
        "meant to deceive",
        "Unsubstantiated",
        "Unfounded",
        "misread",
    ):
        assert words in text


def test_a_recorded_outcome_is_put_right_with_a_reason(case: str, browser: PageClient):
    browser.get(f"{case}/allegations/allegation-1/outcome")
    browser.submit(answers_of(), "Record the outcome")
    browser.get(f"{case}/allegations/allegation-1/correction")
    wrong = answers_of(proved="no", outcome="UNSUBSTANTIATED", reasons="It was somebody else.")
    assert "Unsubstantiated" in browser.submit(wrong, "Correct the outcome").text


def test_what_somebody_else_changed_meanwhile_is_said_and_the_answers_are_kept(
    case: str, browser: PageClient
):
    browser.get(f"{case}/facts")
    first = browser.page
    browser.submit({"serious_harm": "yes", "police_involved": "no"}, "Save")
    browser.page = first
    page = browser.submit({"serious_harm": "no", "police_involved": "yes"}, "Save", 422)
    assert "Somebody else changed this case" in page.errors[0]
    assert browser.submit({}, "Save").path == case
    assert "Police involved" in browser.page.text  # type: ignore[union-attr]


def test_facts_support_safeguards_and_the_childs_part_are_recorded(case: str, browser: PageClient):
    facts = {
        "serious_harm": "yes",
        "police_involved": "unknown",
        **moment("provider_aware_at", "1 3 2026 8:00"),
    }
    browser.get(f"{case}/facts")
    assert "1 March 2026 at 8:00am" in browser.submit(facts, "Save").text
    browser.get(f"{case}/people/adult-1/facts")
    answers = {"regulated_activity": "yes", "removed": "yes", "harm_test": "yes"}
    removed = {**answers, "removed_on-day": "2", "removed_on-month": "3", "removed_on-year": "2026"}
    assert "Yes, on 2 March 2026" in browser.submit(removed, "Save").text
    browser.get(f"{case}/people/adult-1/support")
    assert "Her union" in browser.submit({"support": "Her union"}, "Save").text
    browser.get(f"{case}/people/adult-1/safeguards/new")
    step = {"code": "SUSPENDED", "step": "made", "reason": "No other post.", **moment("at", "2 3 2026 9:00")}
    assert "alternative" in browser.submit(step, "Save", 422).errors[0]
    assert "No other post." in browser.submit({"alternatives": ["SUPERVISED"]}, "Save").text
    browser.get(f"{case}/child")
    assert "I was scared." in browser.submit({"voice": "I was scared."}, "Save").text
    assert "I was scared." in browser.get(f"{case}/child").html


def test_closing_lists_what_is_missing_with_links_and_then_closes(case: str, browser: PageClient):
    page = browser.get(f"{case}/close")
    assert page.text.count("To do") == 5
    assert f"{case}/child" in page.links.values()
    browser.get(f"{case}/meetings/not-needed")
    browser.submit({"reason": "Clear at once."}, "Save")
    browser.get(f"{case}/allegations/allegation-1/outcome")
    browser.submit(answers_of(), "Record the outcome")
    browser.get(f"{case}/child")
    browser.submit({"no_voice_reason": "Too young.", "not_told_reason": "Too young."}, "Save")
    browser.get(f"{case}/people/adult-1/support")
    browser.submit({"no_support_reason": "She declined."}, "Save")
    browser.get(f"{case}/close")
    closed = browser.submit({}, "Close the case")
    assert "Closed" in closed.text
    assert browser.get(f"{case}/facts").status == 200
    refused = browser.submit({"serious_harm": "yes", "police_involved": "yes"}, "Save", 422)
    assert "Reopen it" in refused.errors[0]
    browser.get(f"{case}/reopen")
    assert "Reopened" in browser.submit({"reason": "A new witness."}, "Reopen the case").text


def test_a_case_that_is_not_finished_cannot_be_closed_by_force(case: str, browser: PageClient):
    assert "closing checks" in browser.post(f"{case}/close", {"version": "1"}, 422).errors[0]


def test_a_note_is_added_once_and_corrected_by_another(case: str, browser: PageClient):
    browser.get(f"{case}/notes/new")
    form = browser.page
    browser.submit({"words": "Rang the school."}, "Add to the chronology")
    browser.page = form
    page = browser.submit({"words": "Rang the school."}, "Add to the chronology")
    assert page.text.count("Rang the school.") == 1
    browser.get(next(link for link in page.links.values() if "corrects=" in link))
    corrected = browser.submit({"words": "It was the nursery."}, "Add to the chronology")
    assert "Corrects an earlier note" in corrected.text


def test_the_chronology_is_narrowed_and_printed(case: str, browser: PageClient):
    assert "Case opened" not in browser.get(f"{case}/chronology?source=contact").text
    assert "Case opened" in browser.get(f"{case}/chronology?print=yes").text
    assert "Case opened" in browser.get(f"{case}/chronology?source=nonsense&page=x").text


def test_a_clock_is_paused_with_a_reason_and_resumed(desk: Desk, case: str, browser: PageClient):
    page = browser.get(case)
    browser.get(page.links["Pause IEM"])
    assert browser.submit({}, "Pause the clock", 422).errors
    paused = browser.submit({"reason": "POLICE_ENQUIRY", "words": "Interview next week."}, "Pause the clock")
    assert "Resume IEM" in paused.links
    desk.clock.forward(timedelta(days=3))
    browser.get(paused.links["Resume IEM"])
    resumed = browser.submit({}, "Resume the clock")
    assert "Running for 3 days; 0 hours without pauses." in resumed.text
    assert "It was paused from Monday 2 March 2026" in resumed.text


def test_a_review_is_recorded(case: str, browser: PageClient):
    browser.get(f"{case}/review")
    assert "Reviewed" in browser.submit({"reason": "COURT", "words": "Trial in May."}, "Save").text


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


def test_a_manager_closes_the_case_to_an_officer(desk: Desk, case: str, browser: PageClient):
    browser.as_(Role.MANAGER).get(f"{case}/access")
    said = {"way": "never", "reason": "They are related."}
    assert "at least one person" in browser.submit(said, "Change who may see it", 422).errors[0]
    browser.submit({"people": ["dorset-officer"]}, "Change who may see it")
    browser.as_(Role.OFFICER).get(case, 404)
    browser.as_(Role.MANAGER).get(f"{case}/access")
    browser.submit({"way": "open", "reason": "A mistake."}, "Change who may see it")
    browser.as_(Role.OFFICER).get(case)


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
