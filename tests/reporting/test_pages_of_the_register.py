"""The register of access as people read, search and save it."""

import json
from datetime import timedelta

import pytest

from shared.contracts.casework import CaseRestricted
from shared.contracts.intake import ContactRestricted
from shared.contracts.search import PointerShown
from shared.vocabulary import Role
from shared.web.sheets import cell
from tests.page_client import PageClient
from tests.reporting.newsroom import WHEN, Newsroom, cells, contact, duty, looked, opened, published


@pytest.mark.parametrize("text", ["=1+1", "+44", "-cmd", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_begins_like_a_formula_is_made_plain(text: str):
    assert cell(text) == f"'{text}"


def test_a_formula_in_a_reason_does_not_reach_the_spreadsheet(news: Newsroom, browser: PageClient):
    news.hear(looked(reason='=HYPERLINK("http://bad.example")', when=WHEN))
    table = cells(browser.as_(Role.AUDITOR).get("/reporting/access.csv"))
    assert table[1][7].startswith("'=HYPERLINK")


def test_the_register_says_who_looked_at_whom_when_and_why(news: Newsroom, browser: PageClient):
    browser.as_(Role.OFFICER).get("/reporting/dashboard")
    news.hear(contact(), looked(reason="Rang the school", purpose="TRIAGE"))
    page = browser.as_(Role.AUDITOR).get("/reporting/access")
    (row,) = page.rows()
    assert row == [
        "10 February 2026 at 10:00am",
        "A officer",
        "Viewed",
        "Contact",
        "DOR-c-1",
        "Triage: Rang the school",
        "",
    ]
    assert page.links["DOR-c-1"] == "/intake/contacts/c-1"
    assert [one.subject_kind for one in published(news)] == ["access_register"]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ANALYST])
def test_the_register_is_for_managers_and_auditors(browser: PageClient, role: Role):
    browser.as_(role).get("/reporting/access", 403)


def test_the_register_is_searched_by_who_whom_when_and_what(news: Newsroom, browser: PageClient):
    news.hear(contact(), looked(), looked("c-2", who="u-2", when=WHEN + timedelta(days=5), act="exported"))
    browser.as_(Role.MANAGER)
    for query, subject in (
        ("who=u-2", "c-2"), ("whom=DOR-c-1", "DOR-c-1"), ("act=exported", "c-2"), ("whom=c-2", "c-2"),
        ("since-day=12&since-month=2&since-year=2026", "c-2"),
        ("until-day=10&until-month=2&until-year=2026", "DOR-c-1"),
    ):  # fmt: skip
        rows = browser.get(f"/reporting/access?{query}").rows()
        assert [row[4] for row in rows] == [subject], query
    assert browser.get("/reporting/access?whom=nobody").rows() == [["No entry matches."]]


def test_a_purpose_is_found_as_the_list_says_it_and_by_its_code(news: Newsroom, browser: PageClient):
    news.hear(looked(purpose="NEW_CONCERN"), looked("c-2", purpose="OPEN_CASE"))
    browser.as_(Role.MANAGER)
    for typed in ("New%20concern", "NEW_CONCERN"):
        (row,) = browser.get(f"/reporting/access?purpose={typed}").rows()
        assert row[5] == "New concern"


def test_the_register_is_paged(news: Newsroom, browser: PageClient):
    news.hear(*(looked(f"c-{number}", when=WHEN + timedelta(minutes=number)) for number in range(60)))
    page = browser.as_(Role.MANAGER).get("/reporting/access?act=viewed")
    assert len(page.rows()) == 50
    assert len(browser.get("/reporting/access?act=viewed&page=2").rows()) == 10


def test_the_register_of_another_authority_is_not_shown(news: Newsroom, browser: PageClient):
    news.hear(looked(), authority="wiltshire")
    assert browser.as_(Role.MANAGER).get("/reporting/access").rows() == [["No entry matches."]]


def test_a_line_about_a_record_that_is_closed_to_the_reader_is_left_out(news: Newsroom, browser: PageClient):
    news.hear(looked(), looked("c-2"), ContactRestricted(contact_id="c-2", never=("dorset-manager",)))
    assert [row[4] for row in browser.as_(Role.MANAGER).get("/reporting/access").rows()] == ["c-1"]


def test_what_hangs_on_a_closed_case_is_left_out_too(news: Newsroom, browser: PageClient):
    news.hear(contact(), opened(), duty(), looked(), looked("n-1"), looked("k-1"), looked("c-2"))
    news.hear(CaseRestricted(case_id="k-1", never=("dorset-manager",)))
    assert [row[4] for row in browser.as_(Role.MANAGER).get("/reporting/access").rows()] == ["c-2"]
    assert len(browser.as_(Role.AUDITOR).get("/reporting/access").rows()) > 3


def test_the_register_is_saved_as_json_lines(news: Newsroom, browser: PageClient):
    news.hear(looked(reason="Rang"), looked("c-2"))
    page = browser.as_(Role.AUDITOR).get("/reporting/access.jsonl?whom=c-1")
    (line,) = [json.loads(text) for text in page.body.decode().splitlines()]
    assert (line["subject_id"], line["reason"], line["service"]) == ("c-1", "Rang", "intake")
    assert [(one.act, one.subject_kind) for one in published(news)] == [("exported", "access_register")]


def test_a_pointer_that_another_authority_was_shown_is_an_entry(news: Newsroom, browser: PageClient):
    browser.as_(Role.AUDITOR, "wiltshire").as_(Role.AUDITOR)
    shown = PointerShown(
        reference="ref-1",
        contact_id="c-1",
        person_id="p-1",
        asker="wiltshire",
        purpose="TRIAGE",
        shown_at=WHEN,
    )
    news.hear(contact(), shown)
    (row,) = browser.get("/reporting/access?whom=DOR-c-1").rows()
    assert row[1:6] == ["Wiltshire Council", "Was shown a pointer", "Contact", "DOR-c-1", "Triage"]
    assert len(browser.get("/reporting/access?act=pointed").rows()) == 1


def test_every_line_says_in_words_what_was_looked_at_and_which(news: Newsroom, browser: PageClient):
    some_id = "0195539a-5c00-7000-8000-0000abcd1234"
    news.hear(contact(), opened(), duty())
    news.hear(
        *(
            looked(subject, subject_kind=kind, when=WHEN + timedelta(minutes=number))
            for number, (kind, subject) in enumerate(
                [("match_list", "matches"), ("pattern", some_id), ("match", some_id), ("notice", "n-1")]
            )
        )
    )
    rows = browser.as_(Role.AUDITOR).get("/reporting/access").rows()
    assert [row[3:5] for row in rows] == [
        ["Notice", "N11, CASE-k-1"],
        ["Match", "…ABCD1234"],
        ["Pattern", "PT-ABCD1234"],
        ["List of matches", ""],
    ]
    saved = cells(browser.get("/reporting/access.csv"))
    assert saved[2][4:6] == ["Match", some_id]
