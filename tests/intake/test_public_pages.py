"""Every page that the public can reach: help in the same place, no way to get lost, nothing said too much."""

import re
from dataclasses import replace

import pytest

from services.intake.web.journey import JOURNEY, SCREENER
from shared.settings import Settings
from shared.vocabulary import Role
from tests.intake.conftest import House, Visitor
from tests.intake.test_form import HOME, begin, fill_in, send
from tests.platform import SetClock

SINGLE = [
    f"form/{section.name}/{page.name}"
    for section in JOURNEY.sections
    for page in section.pages
    if not section.many
]
FIRST = [f"form/{section.name}/new/{section.pages[0].name}" for section in JOURNEY.sections if section.many]
SCREENS = [f"before/{page.name}" for page in SCREENER.pages]
OTHERS = ["tasks", "files", "check", "save", "stop/danger", "stop/child", "stop/not-work", "stop/elsewhere"]
WITHOUT_A_DRAFT = ["", "/return", "/return/code"]


@pytest.mark.parametrize("path", [*SINGLE, *FIRST, *SCREENS, *OTHERS])
def test_every_page_of_the_form_offers_help_and_a_way_out(browser: Visitor, path: str):
    begin(browser)
    page = browser.get(f"{HOME}/{path}")
    assert "Talk to somebody" in page.text
    assert "01632 960 100" in page.text
    assert page.text.rindex("If a child is in danger now, call 999.") > page.text.index("Talk to somebody")
    assert any("Exit this page" in words for words in page.links)
    assert page.title.endswith("Report a concern about an adult who works with children - Dorset Council")


@pytest.mark.parametrize("path", [*SINGLE, *FIRST, "tasks", "files", "check", "save"])
def test_every_page_of_a_draft_says_how_long_it_is_kept(browser: Visitor, path: str):
    begin(browser)
    page = browser.get(f"{HOME}/{path}")
    assert "1 April 2026" in page.text
    assert re.search(r"DOR-2026-[2-9A-Z]{6}", page.text)


@pytest.mark.parametrize("path", WITHOUT_A_DRAFT)
def test_pages_before_a_draft_need_none(browser: Visitor, path: str):
    assert "Talk to somebody" in browser.get(f"{HOME}{path}").text


@pytest.mark.parametrize(
    "path", [*SINGLE[:2], *FIRST[:2], "tasks", "check", "declaration", "sent", "status", "save"]
)
def test_without_a_draft_one_is_led_to_the_way_back(browser: Visitor, path: str):
    assert browser.get(f"{HOME}/{path}").heading == "Come back to a report"


@pytest.mark.parametrize("path", ["tasks", "check", "files", "form/you/agency", "form/adults/new/name"])
def test_after_sending_nothing_can_be_changed(browser: Visitor, path: str):
    fill_in(browser)
    send(browser)
    assert browser.get(f"{HOME}/{path}").heading == "How your report stands"


def test_before_sending_there_is_no_confirmation(browser: Visitor):
    begin(browser)
    for path in ("sent", "status"):
        assert browser.get(f"{HOME}/{path}").heading == "Your report"


def test_the_own_data_of_the_referrer_can_be_filled_in_by_the_browser(browser: Visitor):
    begin(browser)
    browser.get(f"{HOME}/form/you/agency")
    browser.submit({"agency": "EDU_SCHOOL"})
    assert 'autocomplete="given-name"' in browser.here.html
    adult = browser.get(f"{HOME}/form/adults/new/name")
    tokens = set(re.findall(r'autocomplete="([^"]*)"', adult.html))
    assert tokens == {"off"}


def test_a_signed_in_officer_may_use_the_form_too(browser: Visitor):
    browser.as_(Role.OFFICER)
    begin(browser)
    assert browser.here.heading == "Your report"


def test_outside_the_demonstration_there_are_no_accounts_to_choose(settings: Settings, clock: SetClock):
    house = House(replace(settings, oidc_issuer="https://issuer.example"), clock)
    browser = Visitor(house)
    page = browser.get("/intake/sign-in")
    assert "invented" not in page.text
    browser.post("/intake/sign-in", {"authority": "dorset", "user_id": "x"}, 404)
    house.close()


def test_no_page_of_the_form_is_kept_by_the_browser_s_cache(browser: Visitor):
    begin(browser)
    page = browser.get(f"{HOME}/check")
    assert "no-store" in page.headers.get("Cache-Control", "")


def test_the_form_token_of_another_browser_does_not_count(browser: Visitor, house: House):
    begin(browser)
    other = Visitor(house)
    other.get(HOME)
    answers = {"agency": "POLICE", "csrf_token": other.token_of_this_browser()}
    browser.post(f"{HOME}/form/you/agency", answers, 409)
