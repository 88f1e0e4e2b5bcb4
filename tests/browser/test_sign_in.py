"""Signing in at a real provider, in a real browser, in a region as it runs in production."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, text

import services
from tests.browser.live_region import LiveRegion, live_region
from tests.browser.test_officer import PATIENCE, wait_for
from tests.browser.visitor import Visitor
from tests.production import heed
from tests.servers import Server

pytestmark = pytest.mark.servers

RULE = "/reporting/configuration/figures/rule/all"


def person(name: str, *groups: str) -> dict[str, Any]:
    """What the provider says of one of the council's people."""
    return {
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@dorset-council.example",
        "email_verified": True,
        "department": "Dorset Council",
        "realm_access": {"roles": groups},
    }


@pytest.fixture(scope="module")
def region(
    postgres_server: Server, opensearch_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveRegion]:
    with live_region(tmp_path_factory.mktemp("live"), postgres_server, opensearch_url) as made:
        made.organisation.say("petra", person("Petra Lane", "IT desk"))
        made.organisation.say("meera", person("Meera Holloway", "LADO team", "choir"))
        made.organisation.say("gus", person("Gus Pell", "choir"))
        yield made


@pytest.fixture
def window(region: LiveRegion, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    context = browser.new_context(
        locale="en-GB", viewport={"width": 1280, "height": 900}, ignore_https_errors=True
    )
    yield Visitor(context, region.url, request.node.name.removeprefix("test_")[:60])
    context.close()


def say_who(page: Page, account: str, code: str = "") -> None:
    """At the provider."""
    page.get_by_label("Account").fill(account)
    if code:
        page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def come_in(one: Visitor, account: str) -> Page:
    """From Heed's page by way of the provider's."""
    one.go("/intake/sign-in")
    one.page.get_by_role("button", name="Sign in").click()
    say_who(one.page, account)
    return one.look()


def stands_at(one: Visitor) -> str:
    return urlsplit(one.page.url).path


def until_it_leads_to(one: Visitor, path: str, page: str) -> None:
    """Ask for a page of Heed until the other one comes."""
    end = time.monotonic() + PATIENCE
    while stands_at(one) != page:
        assert time.monotonic() < end, f"{path} leads to {one.page.url}"
        one.page.goto(one.url + path)


def test_the_administrator_whom_the_command_line_named_signs_in_and_all_five_services_know_her(
    window: Visitor,
):
    come_in(window, "petra")
    for name in services.NAMES:
        wait_for(window, f"/{name}/configuration", "Rules")
    window.go("/intake/administration/users")
    assert window.page.locator("main tbody tr").count() == 1


def test_an_officer_comes_in_by_the_groups_of_their_organisation(window: Visitor):
    come_in(window, "meera")
    assert stands_at(window) == "/intake/"
    window.go("/intake/account")
    assert "officer" in window.page.inner_text("main").lower()


def test_whom_the_organisation_gave_no_role_is_told_so(window: Visitor):
    assert "no role in Heed" in come_in(window, "gus").inner_text("main")


def test_a_grave_step_wants_the_second_factor_and_nothing_less(window: Visitor):
    come_in(window, "petra")
    wait_for(window, "/reporting/configuration", "Rules")
    window.go(RULE)
    window.page.get_by_role("button", name="Sign in again").click()
    say_who(window.page, "petra")
    assert "needs a stronger sign-in" in window.look().inner_text("main")
    window.go(RULE)
    window.page.get_by_role("button", name="Sign in again").click()
    say_who(window.page, "petra", code="123456")
    window.look()
    assert stands_at(window) == RULE
    assert window.page.locator('[name="limit"]').count() == 1


def test_a_grave_step_is_not_proved_by_somebody_else(window: Visitor):
    come_in(window, "petra")
    wait_for(window, "/reporting/configuration", "Rules")
    window.go(RULE)
    window.page.get_by_role("button", name="Sign in again").click()
    say_who(window.page, "meera", code="123456")
    assert "Somebody else" in window.look().inner_text("main")


def test_signing_out_here_ends_the_session_in_every_service_and_at_the_organisation(window: Visitor):
    come_in(window, "meera")
    window.press("Sign out")
    window.page.get_by_role("button", name="Sign out of your organisation’s account").click()
    window.page.get_by_role("button", name="Yes, sign me out").click()
    window.look()
    assert stands_at(window) == "/intake/signed-out"
    for name in services.NAMES:
        window.page.goto(f"{window.url}/{name}/configuration")
        assert stands_at(window) == "/intake/sign-in"
    window.page.get_by_role("button", name="Sign in").click()
    assert window.page.get_by_label("Account").is_visible()


def test_signing_out_at_the_organisation_ends_the_session_in_every_service(
    region: LiveRegion, window: Visitor
):
    come_in(window, "petra")
    for name in services.NAMES:
        wait_for(window, f"/{name}/configuration", "Rules")
    window.page.goto(f"{region.organisation.url}/session/end")
    window.page.get_by_role("button", name="Yes, sign me out").click()
    for name in services.NAMES:
        until_it_leads_to(window, f"/{name}/configuration", "/intake/sign-in")
        window.page.goto("about:blank")


def test_a_role_that_the_organisation_changes_or_takes_is_so_at_the_next_renewal(
    region: LiveRegion, window: Visitor
):
    region.organisation.say("tom", person("Tom Ashdown", "LADO team"))
    come_in(window, "tom")
    region.organisation.say("tom", person("Tom Ashdown", "LADO figures"))
    window.go("/intake/session/renew?next=/intake/account")
    assert "analyst" in window.page.inner_text("main").lower()
    region.organisation.say("tom", None)
    window.go("/intake/session/renew?next=/intake/account")
    assert stands_at(window) == "/intake/sign-in"


def test_no_token_of_the_provider_stands_in_the_database(window: Visitor, postgres_server: Server):
    come_in(window, "meera")
    address = f"{postgres_server.admin.rpartition('/')[0]}/intake_{postgres_server.mark}"
    intake = create_engine(address)
    with intake.connect() as db:
        rows = [str(row[0]) for row in db.execute(text("SELECT session::text FROM session"))]
        bodies = [
            bytes(row[0]) for row in db.execute(text("SELECT body FROM session WHERE body IS NOT NULL"))
        ]
    intake.dispose()
    assert rows and bodies
    assert not [one for one in rows if re.search(r"eyJ|meera", one)]
    assert not [one for one in bodies if b"eyJ" in one]


def test_the_doctor_asks_the_provider(region: LiveRegion):
    said = heed(region.environment, "doctor").stdout.splitlines()
    assert [line for line in said if "intake outside: the issuer answers" in line]
