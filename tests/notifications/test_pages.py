"""The pages, fetched and filled in as people do."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from shared.contracts.casework import CaseRestricted
from shared.contracts.intake import ContactRestricted
from shared.contracts.message import Event, Origin
from shared.contracts.notifications import NoticeDue
from shared.contracts.platform import AccessRecorded
from shared.vocabulary import Decision, Role
from tests.notifications.bureau import Bureau
from tests.notifications.scenes import (
    CASE,
    CONTACT,
    REFERENCE,
    adult,
    closed,
    facts,
    opened,
    outcome,
    received,
)
from tests.page_client import PageClient

ALL = "/notifications/notices"


def path(bureau: Bureau, rule: str, act: str = "") -> str:
    return f"{ALL}/{bureau.notice(rule).id}{act}"


def seen(bureau: Bureau) -> list[tuple[str, str, str]]:
    return [(one.act, one.subject_kind, one.subject_id) for one in bureau.published(AccessRecorded)]


def test_the_front_page_sorts_the_days_work(nursery: Bureau, browser: PageClient):
    page = browser.get("/notifications/")
    assert page.heading == "Notices to be given"
    assert [row[0] for row in page.rows("Due today")] == [f"{REFERENCE} N15"]
    coming = page.rows("In the next 14 days, or without a date in law")
    assert [row[0] for row in coming] == [f"{REFERENCE} N10"]
    nursery.clock.forward(timedelta(days=2))
    page = browser.get("/notifications/")
    assert [row[3] for row in page.rows("Overdue")] == ["Overdue"]
    assert "Marlowe" not in page.text


def test_the_list_filters_by_state_rule_reference_and_lateness(nursery: Bureau, browser: PageClient):
    assert len(browser.get(ALL).rows()) == 2
    assert [row[0] for row in browser.submit({"rule": "N10"}, "Filter").rows()] == [f"{REFERENCE} N10"]
    assert browser.get(f"{ALL}?state=sent").text.count("No notice matches") == 1
    assert len(browser.get(f"{ALL}?reference=dor-2026").rows()) == 2
    assert browser.get(f"{ALL}?reference=WIL").rows() == [["No notice matches."]]
    nursery.clock.forward(timedelta(days=2))
    assert [row[0] for row in browser.get(f"{ALL}?late=yes").rows()] == [f"{REFERENCE} N15"]


def test_a_filter_that_makes_no_sense_is_named_and_left_out(nursery: Bureau, browser: PageClient):
    page = browser.get(f"{ALL}?state=lost", status=422)
    assert page.errors == ["State: choose from the answers listed."]
    assert len(page.rows()) == 2


def test_the_list_has_pages_of_fifty(bureau: Bureau, browser: PageClient):
    many = tuple(adult(adult_id=f"adult-{number:02}") for number in range(40))
    said = tuple(outcome(allegation_id=f"a-{one.adult_id}", adult_id=one.adult_id) for one in many)
    bureau.say(opened(), facts(*many, outcomes=said))
    page = browser.get(f"{ALL}?rule=")
    assert "Showing 1 to 50 of 80" in page.text
    assert "Showing 51 to 80 of 80" in browser.get(f"{ALL}?page=2").text
    assert len(browser.get(f"{ALL}.csv").body.splitlines()) == 81


def test_the_csv_holds_the_same_list_and_is_an_export(nursery: Bureau, browser: PageClient):
    lines = browser.get(f"{ALL}.csv?rule=N10").body.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(
        f"{REFERENCE},N10,Early years or childcare provider tells Ofsted,Legal duty,the registered provider,"
        "Ofsted (early years and childcare),To send,2026-03-12,"
    )
    nursery.settle()
    assert ("exported", "notices", "list") in seen(nursery)


def test_a_notice_says_in_plain_words_why_by_when_and_what_is_missing(nursery: Bureau, browser: PageClient):
    page = browser.get(path(nursery, "N10"))
    assert page.heading == "Early years or childcare provider tells Ofsted"
    for words in (
        "12 March 2026",
        "The provider knew on 26 February 2026",
        "Legal duty",
        "paragraph 3.8",
        "The allegation is one of abuse: Physical harm.",
        "1 that the rule requires still missing",
        "Ofsted, early years",
    ):
        assert words in page.text, words
    assert ["Action taken by the provider", "", "Missing"] in page.rows("What the notice must say")
    assert ("viewed", "notice", nursery.notice("N10").id) in seen(nursery)


def test_the_buttons_are_those_that_the_role_and_the_state_allow(nursery: Bureau, browser: PageClient):
    assert {"Send by e-mail", "Record advice to whoever has the duty", "Propose not to send it"} <= set(
        browser.get(path(nursery, "N10")).links
    )
    assert "Record advice to whoever has the duty" not in browser.get(path(nursery, "N15")).links
    clerk = browser.as_(Role.COORDINATOR).get(path(nursery, "N10")).links
    assert "Send by e-mail" not in clerk
    assert "Record that it was sent another way" in clerk
    assert "What you can do" not in browser.as_(Role.AUDITOR).get(path(nursery, "N10")).text


def test_advising_keeps_the_notice_open_and_says_so(nursery: Bureau, browser: PageClient):
    browser.get(path(nursery, "N10", "/advise"))
    assert browser.submit({"advice": ""}, status=422).errors == ["Write what you told them."]
    page = browser.submit({"advice": "Told the manager to tell Ofsted today."})
    assert "still to be sent" in page.text
    assert "Advised, not sent" in page.text
    assert "Told the manager to tell Ofsted today." in page.text


def test_a_letter_is_written_read_downloaded_and_sent(nursery: Bureau, browser: PageClient):
    nursery.vouch("ofsted_early_years", "early-years@inspectorate.example")
    browser.get(path(nursery, "N10", "/content"))
    browser.submit({"action_taken": "Moved away from children.\nParents told."})
    letter = browser.get(path(nursery, "N10", "/letter"))
    assert "Moved away from children." in letter.text
    pdf = browser.get(path(nursery, "N10", "/letter.pdf"))
    assert "Odette Marlowe" in PdfReader(io.BytesIO(pdf.body)).pages[0].extract_text()
    browser.get(path(nursery, "N10", "/send"))
    page = browser.submit(button="Send the notice")
    assert "Letter on its way" in page.text
    assert "Send by e-mail" not in page.links
    nursery.settle()
    page = browser.get(path(nursery, "N10"))
    assert "By e-mail" in page.text
    assert "early-years@inspectorate.example" in page.text
    assert browser.get(path(nursery, "N10", "/letter.pdf")).body.startswith(b"%PDF")
    assert {("exported", "letter"), ("viewed", "letter")} <= {one[:2] for one in seen(nursery)}


def test_sending_is_refused_in_words_while_nobody_confirmed_the_address(nursery: Bureau, browser: PageClient):
    page = browser.get(path(nursery, "N15", "/send"))
    assert "not confirmed" in page.text
    page = browser.submit({"although_incomplete": "yes"}, status=422)
    assert "This recipient's address is not confirmed" in page.errors[0]


def test_an_incomplete_letter_asks_first(nursery: Bureau, browser: PageClient):
    nursery.vouch("ofsted_early_years")
    browser.get(path(nursery, "N10", "/send"))
    assert "does not say yet" in browser.submit(status=422).errors[0]
    assert "Letter on its way" in browser.submit({"although_incomplete": "yes"}).text


def test_what_was_sent_another_way_is_recorded_then_acknowledged(nursery: Bureau, browser: PageClient):
    browser.get(path(nursery, "N10", "/by-hand"))
    assert len(browser.submit({}, status=422).errors) == 3
    when = {"sent_at-day": "2", "sent_at-month": "3", "sent_at-year": "2026", "sent_at-time": "9:15am"}
    later = browser.submit(
        {"method": "portal", "evidence": "Ref 12", **when, "sent_at-time": "5pm"}, status=422
    )
    assert later.errors == ["Enter a time that has passed."]
    assert "Through the recipient’s online form" in browser.submit({"sent_at-time": "9:15am"}).text
    browser.get(path(nursery, "N10", "/acknowledge"))
    at = {"acknowledged_at-day": "2", "acknowledged_at-month": "3", "acknowledged_at-year": "2026"}
    page = browser.submit({**at, "acknowledged_at-time": "09:20", "acknowledgement": "They wrote back."})
    assert "Acknowledged" in page.text


def test_not_sending_takes_two_people(nursery: Bureau, browser: PageClient):
    browser.get(path(nursery, "N10", "/decline"))
    page = browser.submit({"reason": "The inspectorate told us itself."})
    assert "waits for another person" in page.text
    browser.get(path(nursery, "N10", "/approval"), status=403)
    assert len(browser.get("/notifications/").rows("Proposed not to send")) == 1
    browser.as_(Role.MANAGER).get(path(nursery, "N10", "/approval"))
    assert "The inspectorate told us itself." in browser.submit({}, status=422).text
    assert "Not sent, approved" in browser.submit({"decision": "approve"}).text


def test_who_saves_over_a_newer_version_is_told_and_keeps_the_words(nursery: Bureau, browser: PageClient):
    stale = browser.get(path(nursery, "N10", "/advise"))
    browser.submit({"advice": "First."})
    browser.page = stale
    page = browser.submit({"advice": "Second thoughts."}, status=422)
    assert "changed since you opened it" in page.errors[0]
    assert "Second thoughts." in page.html


def test_a_recipient_is_confirmed_by_an_administrator_and_by_no_officer(bureau: Bureau, browser: PageClient):
    page = browser.get("/notifications/recipients")
    assert page.text.count("Not confirmed: nothing can be sent") == 4
    browser.get("/notifications/recipients/cqc", status=403)
    browser.as_(Role.ADMINISTRATOR, stepped_up=True).get("/notifications/recipients/cqc")
    assert browser.submit({"email": "not an address", "taken_from": "Their site"}, status=422).errors == [
        "Enter an e-mail address, like notices@body.example."
    ]
    page = browser.submit({"email": "real@commission.example"})
    assert "Their site" in page.text
    assert page.heading == "Directory of recipients"
    assert "real@commission.example" in page.text
    assert page.text.count("Not confirmed: nothing can be sent") == 3
    page = browser.submit(button="Take the confirmation back from Care Quality Commission")
    assert page.text.count("Not confirmed: nothing can be sent") == 4


def test_the_rules_are_shown_with_source_and_whether_they_are_on(bureau: Bureau, browser: PageClient):
    page = browser.as_(Role.ADMINISTRATOR).get("/notifications/rules")
    assert page.text.count(" Off ") == 1
    assert "Safeguarding Vulnerable Groups Act 2006, section 35" in page.text
    assert "does not end the duty" in page.text


def test_the_cases_page_says_what_every_rule_says_of_every_adult(nursery: Bureau, browser: PageClient):
    page = browser.get(f"/notifications/by-case/{CASE}")
    said = {row[0][:3]: row[1:] for row in page.rows("What each rule says about each adult")}
    assert said["N03"][:2] == ["Odette Marlowe", "Cannot be said yet"]
    assert said["N10"][1] == "A notice is due"
    assert said["N14"][1] == "No notice"
    assert len(page.rows("Notices")) == 2
    assert ("viewed", "case", CASE) in seen(nursery)


def test_a_case_that_has_not_arrived_is_explained(bureau: Bureau, browser: PageClient):
    assert "wait a moment" in browser.get(f"/notifications/by-case/{CASE}", status=404).text


def test_an_imported_notice_waits_for_a_person_to_confirm_it(bureau: Bureau, browser: PageClient):
    bureau.say(received(), opened(), facts(), origin=Origin.IMPORT)
    assert "To confirm" in browser.get(path(bureau, "N10")).text
    browser.get(path(bureau, "N10", "/confirm"))
    assert "count from now on" in browser.submit(button="Confirm the notice").text


def test_the_referrers_notice_has_a_page_without_a_case(bureau: Bureau, browser: PageClient):
    bureau.say(received(), closed(Decision.NOT_MET_SIGNPOST))
    page = browser.get(path(bureau, "N28"))
    assert "Imogen Thatch" in page.text
    assert "another service is the right one" in page.text
    assert "All notices of this case" not in page.links


EVERYWHERE = (
    "",
    "/advise",
    "/send",
    "/by-hand",
    "/acknowledge",
    "/decline",
    "/content",
    "/letter",
    "/letter.pdf",
    "/resolve",
    "/confirm",
)


def test_another_authority_finds_nothing_at_any_address(nursery: Bureau, browser: PageClient):
    stranger = browser.as_(Role.OFFICER, "wiltshire")
    for act in EVERYWHERE:
        stranger.get(path(nursery, "N10", act), status=404)
    stranger.get(f"/notifications/by-case/{CASE}", status=404)
    assert stranger.get(ALL).rows() == [["No notice matches."]]
    assert len(stranger.get(f"{ALL}.csv").body.splitlines()) == 1


@pytest.mark.parametrize(
    "shut",
    [
        ContactRestricted(contact_id=CONTACT, never=("dorset-officer",)),
        CaseRestricted(case_id=CASE, only=("boss",)),
    ],
)
def test_a_record_closed_to_the_reader_is_nowhere(nursery: Bureau, browser: PageClient, shut: Event):
    nursery.say(shut)
    for act in EVERYWHERE:
        browser.get(path_for(nursery, act), status=404)
    browser.get(f"/notifications/by-case/{CASE}", status=404)
    assert browser.get(ALL).rows() == [["No notice matches."]]
    assert REFERENCE not in browser.get("/notifications/").text
    assert len(browser.get(f"{ALL}.csv").body.splitlines()) == 1


def path_for(bureau: Bureau, act: str) -> str:
    due = bureau.published(NoticeDue)[0]
    return f"{ALL}/{due.notice_id}{act}"


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR, Role.ADMINISTRATOR])
def test_those_without_case_work_see_no_notice(nursery: Bureau, browser: PageClient, role: Role):
    browser.as_(role).get(path(nursery, "N10"), status=403)
    browser.get("/notifications/", status=403)
