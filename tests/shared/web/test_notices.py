"""What the pages of each service say while the bus, a worker, the index or the mail server is away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

import services
from shared.mail import letters
from shared.messaging.worker import Worker
from shared.settings import Settings, from_environment
from shared.vitals import HEARD, Vitals
from shared.vocabulary import Role
from tests.page_checker import has_class, words
from tests.page_client import PageClient
from tests.platform import Platform, SetClock

PAGES = {
    "intake": "/intake/",
    "casework": "/casework/",
    "notifications": "/notifications/",
    "search": "/search/people",
    "reporting": "/reporting/dashboard",
}
MISSING = {
    "intake": "Earlier concerns",
    "casework": "New contacts",
    "notifications": "New duties",
    "search": "not found yet",
    "reporting": "figures do not count it",
}


@pytest.fixture
def manager(platform: Platform, page: PageClient) -> PageClient:
    """A manager in a region where everything is well."""
    page.as_(Role.MANAGER)
    platform.settle()
    return page


def said(browser: PageClient, path: str) -> str:
    tree = browser.get(path).tree
    assert tree is not None
    return " ".join(words(one) for one in tree.iter("section") if has_class(one, "heed-notices"))


@pytest.mark.parametrize("service", services.NAMES)
def test_a_page_says_nothing_while_all_is_well(manager: PageClient, service: str):
    assert said(manager, PAGES[service]) == ""


@pytest.mark.parametrize("service", services.NAMES)
def test_a_page_says_since_when_nothing_arrives_and_what_may_be_missing(
    platform: Platform, manager: PageClient, service: str
):
    platform.clock.forward(timedelta(seconds=61))
    notice = said(manager, PAGES[service])
    assert "since 2 March 2026 at 9:30am has not arrived here" in notice
    assert MISSING[service] in notice and "Nothing is lost" in notice
    platform.settle()
    assert said(manager, PAGES[service]) == ""


def test_a_service_whose_worker_has_never_run_says_so(page: PageClient):
    assert "Nothing has arrived here" in said(page.as_(Role.MANAGER), PAGES["casework"])


def test_a_page_says_what_has_not_left_while_the_bus_takes_nothing(platform: Platform, manager: PageClient):
    casework = platform["casework"]
    with casework.database.transaction(casework.system("dorset")) as tx:
        tx.accessed("viewed", "case", "a-case")
    worker = Worker(casework)
    platform.clock.forward(timedelta(minutes=2))
    worker.pump_once()
    notice = said(manager, PAGES["casework"])
    assert "What was done here since 2 March 2026 at 9:30am has not reached the other parts" in notice
    platform.settle()
    assert said(manager, PAGES["casework"]) == ""


def test_letters_that_the_mail_server_does_not_take_are_named(platform: Platform, manager: PageClient):
    notifications = platform["notifications"]
    platform.letterbox.away = True
    with notifications.database.transaction(notifications.system("dorset")) as tx:
        for number in range(2):
            letters.plan(tx, to="head@hill.example", subject="A", body="B", about=f"n-{number}")
    platform.settle()
    notice = said(manager, PAGES["notifications"])
    assert "2 letters wait for the mail server, since 2 March 2026 at 9:30am." in notice
    platform.letterbox.away = False
    platform.clock.forward(timedelta(minutes=2))
    platform.settle()
    assert said(manager, PAGES["notifications"]) == "" and len(platform.letterbox.letters) == 2


@pytest.fixture
def without_index(settings: Settings, clock: SetClock) -> Iterator[Platform]:
    """A region whose index is on a server that is not there."""
    away = from_environment({"HEED_DATA": str(settings.data), "HEED_INDEX_URL": "http://127.0.0.1:9"})
    made = Platform(away, clock)
    yield made
    made.close()


def test_a_search_without_its_index_says_so_before_and_after_it_is_asked(without_index: Platform):
    browser = PageClient(without_index).as_(Role.OFFICER)
    without_index.settle()
    notice = said(browser, "/search/people")
    assert "index of earlier concerns does not answer. Searches may fail" in notice
    assert "has not arrived" not in notice


def test_a_part_is_late_since_it_was_last_well(platform: Platform, clock: SetClock):
    known = Vitals(clock)
    known.note(HEARD, clock())
    known.note(HEARD, clock() - timedelta(hours=1))
    assert known.is_due()
    known.keep(platform["search"].database)
    assert not known.is_due()
    clock.forward(timedelta(hours=-2))
    assert known.is_due(), "A clock that is set back does not silence it."


def test_an_operator_sees_how_each_part_of_a_service_stands(platform: Platform, page: PageClient):
    page.as_(Role.OPERATOR)
    rows = page.get("/search/held").rows("How this service stands")
    assert {row[1] for row in rows} == {"never"} and {row[2] for row in rows} == {"Late"}
    platform.settle()
    rows = page.get("/search/held").rows("How this service stands")
    assert [row[2] for row in rows] == ["Well", "Well", "Well"]
    assert len(page.get("/casework/held").rows("How this service stands")) == 2
