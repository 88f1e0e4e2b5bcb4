"""What people read: dashboard, activity, files, register, region, definitions."""

import csv
import io
import json
from datetime import timedelta

import pytest

from services.reporting.web.exports import cell
from shared.contracts.intake import ContactRestricted
from shared.contracts.platform import AccessRecorded, ConfigurationChanged
from shared.vocabulary import Decision, Outcome, Role
from tests.page_client import Page, PageClient
from tests.reporting.newsroom import WHEN, Newsroom, concluded, contact, decided, duty, held, looked, opened

PAGES = ("/reporting/dashboard", "/reporting/activity", "/reporting/definitions")


def some_work(news: Newsroom, authority: str = "dorset", contacts: int = 12) -> None:
    """A dozen contacts of February 2026, a third of them cases."""
    for number in range(contacts):
        name = f"{authority}-{number}"
        sector = "EDUCATION_ACADEMY" if number % 4 else "POLICE"
        news.hear(contact(name, WHEN + timedelta(days=number % 6), sector=sector), authority=authority)
        met = number % 3 == 0
        news.hear(decided(name, Decision.MET if met else Decision.NOT_MET_INTERNAL), authority=authority)
        if met:
            case = f"k-{name}"
            news.hear(
                opened(case, name),
                held(case),
                concluded(case, outcome=Outcome.UNFOUNDED),
                authority=authority,
            )


def cells(page: Page) -> list[list[str]]:
    """A CSV answer."""
    return list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"))))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.ANALYST])
def test_who_reads_figures_sees_the_pages(news: Newsroom, browser: PageClient, path: str, role: Role):
    some_work(news)
    browser.as_(role).get(path)


@pytest.mark.parametrize("path", [*PAGES, "/reporting/access", "/reporting/region", "/reporting/records"])
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR])
def test_who_does_not_read_figures_is_refused(browser: PageClient, path: str, role: Role):
    browser.as_(role).get(path, 403)


@pytest.mark.parametrize("path", PAGES)
def test_pages_work_before_the_first_fact(browser: PageClient, path: str):
    browser.as_(Role.MANAGER).get(path)


def test_the_front_page_is_the_dashboard(browser: PageClient):
    assert browser.as_(Role.MANAGER).get("/reporting/").heading == "Figures"


def test_the_dashboard_shows_the_work_and_how_current_it_is(news: Newsroom, browser: PageClient):
    some_work(news)
    news.hear(duty("n-1"), late=3.0)
    page = browser.as_(Role.MANAGER).get("/reporting/dashboard")
    months = {row[0]: row[1:] for row in page.rows("Contacts and referrals by month")}
    assert months["February 2026"][:1] == ["12"]
    assert months["Total"][:4] == ["12", "100.0 %", "4", "33.3 %"]
    assert "it was counted 3 seconds later" in page.text
    assert page.rows("Duties to tell somebody")[0] == ["Past their date", "1"]
    assert page.rows("Open cases by age")[0] == ["Up to 4 weeks", "4"]
    assert ["Answered in time", "12", "12", "100.0 %"] in page.rows("In time")
    assert ["First meetings held in time", "4", "4", "100.0 %"] in page.rows("In time")


def test_a_new_fact_is_on_the_dashboard_at_the_next_look(news: Newsroom, browser: PageClient):
    browser.as_(Role.OFFICER).get("/reporting/dashboard")
    news.hear(contact())
    assert "1 contact without an answer" in browser.get("/reporting/dashboard").text
    assert "1 contact without an answer" in browser.get("/reporting/dashboard/now").json["sentence"]


def test_a_missed_meeting_counts_as_late_and_one_that_is_not_due_does_not(
    news: Newsroom, browser: PageClient
):
    news.hear(
        contact(),
        opened(),
        contact("c-2"),
        opened("k-2", "c-2", first_meeting_due=WHEN.date() + timedelta(days=60)),
    )
    page = browser.as_(Role.MANAGER).get("/reporting/dashboard")
    assert ["First meetings held in time", "0", "1", "0.0 %"] in page.rows("In time")


def test_both_substantiation_rates_are_printed(news: Newsroom, browser: PageClient):
    news.hear(
        contact(),
        decided(),
        opened(allegations=2),
        held(),
        concluded(),
        concluded(number=1, outcome=Outcome.FALSE),
    )
    text = browser.as_(Role.MANAGER).get("/reporting/dashboard").text
    assert "Substantiated: 1 of 2 allegations concluded (50.0 %), and of 1 referrals (100.0 %)" in text


def test_the_dashboard_of_another_authority_is_empty(news: Newsroom, browser: PageClient):
    some_work(news)
    page = browser.as_(Role.MANAGER, "wiltshire").get("/reporting/dashboard")
    assert page.rows("Contacts and referrals by month")[-1][1] == "0"


def test_an_analyst_sees_no_small_number(news: Newsroom, browser: PageClient):
    some_work(news)
    page = browser.as_(Role.ANALYST).get("/reporting/activity?by=sector&suppress=0")
    assert [row[:2] for row in page.rows()] == [
        ["Academy or free school", "[c]"], ["Police", "[c]"], ["Total", "12"],
    ]  # fmt: skip
    assert "hold nothing back" not in page.text.lower()


def test_a_manager_may_see_small_numbers_but_not_by_default(news: Newsroom, browser: PageClient):
    some_work(news)
    browser.as_(Role.MANAGER)
    assert browser.get("/reporting/activity?by=sector").rows()[1][1] == "[c]"
    assert browser.get("/reporting/activity?by=sector&suppress=0").rows()[1][:3] == ["Police", "3", "25.0 %"]


def test_figures_that_count_a_closed_record_hold_small_numbers_back_from_who_may_not_see_it(
    news: Newsroom, browser: PageClient
):
    some_work(news)
    news.hear(ContactRestricted(contact_id="dorset-0", never=("dorset-manager",)))
    page = browser.as_(Role.MANAGER).get("/reporting/activity?by=sector&suppress=0")
    assert page.rows()[1][1] == "[c]"
    assert "DOR-dorset-0 " not in browser.get("/reporting/records?by=sector&code=POLICE").text
    browser.as_(Role.OFFICER)
    assert "DOR-dorset-0 " in browser.get("/reporting/records?by=sector&code=POLICE").text


@pytest.mark.parametrize(
    "by", ["month", "week", "criterion", "outcome", "band", "kind", "rule", "standing", "repeat", "role"]
)
def test_every_grouping_has_its_table_and_chart(news: Newsroom, browser: PageClient, by: str):
    some_work(news)
    news.hear(duty())
    page = browser.as_(Role.OFFICER).get(f"/reporting/activity?by={by}&suppress=0")
    assert "do not add up" not in page.text
    assert page.rows()[-1][0] == "Total"
    assert 'role="img"' in page.html


def test_the_choice_stands_in_the_address_and_in_the_form(news: Newsroom, browser: PageClient):
    some_work(news)
    browser.as_(Role.OFFICER).get("/reporting/activity")
    page = browser.submit(
        {"period": "fy2025", "by": "sector", "rounding": "truncate", "places": "0", "suppress": "0"}, "Show"
    )
    assert "rounding=truncate" in page.path
    assert page.rows()[0][:5] == ["Academy or free school", "9", "75 %", "3", "33 %"]
    assert "cut off to whole numbers" in page.text


def test_the_period_before_is_compared(news: Newsroom, browser: PageClient):
    news.hear(contact(when=WHEN - timedelta(days=365)), contact("c-2"), contact("c-3"))
    page = browser.as_(Role.OFFICER).get("/reporting/activity?period=fy2025&by=sector&suppress=0")
    assert page.rows()[0][-2:] == ["1", "+100.0 %"]
    assert "100.0 % more than in the period before" in page.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("period=soon", "Choose a period"),
        ("by=name", "Choose from the answers"),
        ("suppress=3", "Choose from the answers"),
    ],
)
def test_a_choice_that_makes_no_sense_is_named_and_the_rest_is_shown(
    browser: PageClient, query: str, sentence: str
):
    page = browser.as_(Role.OFFICER).get(f"/reporting/activity?{query}", 422)
    assert sentence in " ".join(page.errors)


def test_weekly_figures_by_sector_are_not_kept_and_say_so(browser: PageClient):
    page = browser.as_(Role.OFFICER).get("/reporting/activity?period=2026-w01..2026-w10&by=sector", 422)
    assert "whole months" in page.text


def test_the_csv_is_the_table_and_its_saving_is_entered(news: Newsroom, browser: PageClient):
    some_work(news)
    page = browser.as_(Role.ANALYST).get("/reporting/activity.csv?period=fy2025&by=sector")
    assert "activity-fy2025-sector.csv" in page.headers["Content-Disposition"]
    table = cells(page)
    assert table[0][:3] == ["Where the adult works", "Contacts", "Share %"]
    assert table[1][:2] == ["Academy or free school", "[c]"]
    assert table[-1][:2] == ["Total", "12"]
    assert [(one.act, one.subject_kind, one.subject_id) for one in published(news)] == [
        ("exported", "figures", "activity/fy2025/sector")
    ]  # fmt: skip


def published(news: Newsroom) -> list[AccessRecorded]:
    """The accesses that reporting itself has put on record."""
    from sqlalchemy import select

    from shared.contracts.message import decode
    from shared.store.publication import journal_place
    from shared.store.tables import journal

    with news.database.plumbing(writing=False) as db:
        found = db.execute(select(journal).order_by(journal.c.position)).all()
    vault = news.database.tools.vault
    opened_ = [
        vault.open(row.authority, f"reporting/{journal_place(row.event_id)}", row.body) for row in found
    ]
    events = [decode(body).event() for body in opened_]
    return [event for event in events if isinstance(event, AccessRecorded)]


def test_the_json_says_what_is_held_back(news: Newsroom, browser: PageClient):
    some_work(news)
    found = browser.as_(Role.ANALYST).get("/reporting/activity.json?period=fy2025&by=sector").json
    assert found["rows"][1]["count"] is None
    assert found["rows"][1]["held_back"] is True
    assert found["total"]["count"] == 12
    assert (found["rounding"], found["suppression"], found["missing"]) == ("half-up", 5, 0)


@pytest.mark.parametrize("text", ["=1+1", "+44", "-cmd", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_begins_like_a_formula_is_made_plain(text: str):
    assert cell(text) == f"'{text}"


def test_a_number_below_nought_stays_a_number_and_nothing_stays_nothing():
    assert (cell("-12.5"), cell(-3), cell(None), cell("Police")) == ("-12.5", "-3", "", "Police")


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
        "contact",
        "DOR-c-1",
        "TRIAGE: Rang the school",
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


def test_the_register_is_saved_as_json_lines(news: Newsroom, browser: PageClient):
    news.hear(looked(reason="Rang"), looked("c-2"))
    page = browser.as_(Role.AUDITOR).get("/reporting/access.jsonl?whom=c-1")
    (line,) = [json.loads(text) for text in page.body.decode().splitlines()]
    assert (line["subject_id"], line["reason"], line["service"]) == ("c-1", "Rang", "intake")
    assert [(one.act, one.subject_kind) for one in published(news)] == [("exported", "access_register")]


def test_the_region_shows_every_authority_by_one_definition_and_no_small_number(
    news: Newsroom, browser: PageClient
):
    browser.as_(Role.MANAGER, "wiltshire").as_(Role.ANALYST, "hampshire").as_(Role.ANALYST)
    some_work(news, contacts=30)
    some_work(news, "wiltshire", contacts=24)
    news.hear(contact("h-1"), authority="hampshire")
    page = browser.get("/reporting/region")
    rows = {row[0]: row[1:4] for row in page.rows("Authorities side by side")}
    assert rows["Dorset Council"] == ["First multi-agency meeting held", "30", "10"]
    assert rows["Wiltshire Council"] == ["Threshold met", "[c]", "8"]
    assert rows["Hampshire Council"] == ["Threshold met", "[c]", "0"]
    assert rows["Region"][1:] == ["55", "18"]


def test_an_authority_s_own_definition_is_shown_in_the_region(news: Newsroom, browser: PageClient):
    browser.as_(Role.ANALYST, "wiltshire").as_(Role.ANALYST)
    changed = ConfigurationChanged(
        configuration_id="wiltshire/figures", kind="figures", value='{"referral": "CASE_OPENED"}',
        effective_from=WHEN, changed_by="u",
    )  # fmt: skip
    news.hear(changed, authority="wiltshire")
    rows = {row[0]: row[1] for row in browser.get("/reporting/region").rows("Authorities side by side")}
    assert rows["Wiltshire Council"] == "Case opened"


def test_records_behind_a_figure_are_listed_and_the_look_is_entered(news: Newsroom, browser: PageClient):
    some_work(news)
    browser.as_(Role.MANAGER).get("/reporting/activity?period=fy2025&by=sector&suppress=0")
    page = browser.click("Police")
    assert len(page.rows()) == 3
    (entry,) = published(news)
    assert (entry.subject_kind, len(entry.result_ids)) == ("contact_list", 3)


def test_an_analyst_gets_no_records(news: Newsroom, browser: PageClient):
    some_work(news)
    page = browser.as_(Role.ANALYST).get("/reporting/activity?by=sector")
    assert not [href for href in page.links.values() if "/records" in href]
    browser.get("/reporting/records", 403)


def test_each_figure_of_the_dashboard_leads_to_its_definition(news: Newsroom, browser: PageClient):
    some_work(news)
    page = browser.as_(Role.MANAGER).get("/reporting/dashboard")
    anchors = {href.partition("#")[2] for href in page.links.values() if "/definitions#" in href}
    defined = browser.get("/reporting/definitions").html
    assert anchors >= {
        "contacts",
        "referrals",
        "responses",
        "first_meetings",
        "outcomes",
        "band",
        "open_cases",
        "duties",
    }
    assert all(f'id="{anchor}"' in defined for anchor in anchors)
