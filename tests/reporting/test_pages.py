"""What people read: dashboard, activity and its files, region, definitions."""

from datetime import timedelta

import pytest

from shared.contracts.intake import ContactRestricted
from shared.contracts.platform import ConfigurationChanged
from shared.vitals import HEARD, Vitals
from shared.vocabulary import Outcome, Role
from shared.web.sheets import cell
from tests.page_client import PageClient
from tests.reporting.newsroom import (
    WHEN,
    Newsroom,
    cells,
    concluded,
    contact,
    decided,
    duty,
    held,
    opened,
    published,
    some_work,
)

PAGES = ("/reporting/dashboard", "/reporting/activity", "/reporting/definitions")


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
    news.clock.forward(timedelta(seconds=10))
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
    assert sentence.casefold() in " ".join(page.errors).casefold()


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


def test_the_json_says_what_is_held_back(news: Newsroom, browser: PageClient):
    some_work(news)
    found = browser.as_(Role.ANALYST).get("/reporting/activity.json?period=fy2025&by=sector").json
    assert found["rows"][1]["count"] is None
    assert found["rows"][1]["held_back"] is True
    assert found["total"]["count"] == 12
    assert (found["rounding"], found["suppression"], found["missing"]) == ("half-up", 5, 0)


def test_a_number_below_nought_stays_a_number_and_nothing_stays_nothing():
    assert (cell("-12.5"), cell(-3), cell(None), cell("Police")) == ("-12.5", "-3", "", "Police")


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


def test_the_page_says_up_to_when_it_has_counted(news: Newsroom, browser: PageClient):
    news.hear(contact())
    assert "Nobody has counted" in browser.as_(Role.MANAGER).get("/reporting/dashboard").text
    known = Vitals(news.clock)
    known.note(HEARD, news.clock())
    known.keep(news.runtime.database)
    assert "not counted yet" not in browser.get("/reporting/dashboard").text
    assert browser.get("/reporting/api/dashboard").json["counting"] is True
    news.clock.forward(timedelta(seconds=61))
    assert "since 2 March 2026 at 9:30am is not counted yet" in browser.get("/reporting/dashboard").text
    assert browser.get("/reporting/api/dashboard").json["counting"] is False
