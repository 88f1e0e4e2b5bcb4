"""Only our own pages may make us change something."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.vocabulary import Role
from shared.web import csrf
from shared.web.app import create_app
from tests.page_client import ORIGIN, PageClient
from tests.platform import SetClock
from tests.shared.web.tiny import Tiny


def _post(tiny: Tiny, path: str, headers: dict[str, str], cookie: str = "") -> int:
    client = tiny.app.test_client()
    if cookie:
        client.set_cookie("heed-session", cookie)
    return client.post(path, data={"name": "x"}, headers=headers, base_url=ORIGIN).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost.evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_request_that_another_site_caused_is_refused(tiny: Tiny, headers: dict[str, str]):
    assert _post(tiny, "/tiny/ask", headers) == 403


def test_a_cookie_without_an_origin_is_refused(tiny: Tiny):
    assert _post(tiny, "/tiny/ask", {}, cookie="anything") == 403


def test_a_program_without_cookies_needs_no_origin(tiny: Tiny):
    assert tiny.app.test_client().put("/tiny/api/works/1", json={}).status_code == 401


@pytest.mark.parametrize("origin", [ORIGIN, "http://127.0.0.1:8000"])
def test_our_own_addresses_pass(tiny: Tiny, origin: str):
    assert _post(tiny, "/tiny/ask", {"Origin": origin}) == 307


def test_reading_is_free(tiny: Tiny):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert tiny.app.test_client().get("/tiny/health", headers=headers).status_code == 200


def test_a_public_form_needs_the_token_of_its_browser(browser: PageClient, tiny: Tiny):
    browser.get("/tell/dorset")
    browser.submit({"name": "Robin", csrf.FIELD: "forged"}, "Send", 409)
    stolen = PageClient(tiny)
    stolen.get("/tell/dorset")
    assert stolen.page is not None
    theirs = next(
        one.get("value") for one in stolen.page.form("Send").iter("input") if one.get("name") == csrf.FIELD
    )
    browser.get("/tell/dorset")
    page = browser.submit({"name": "Robin", csrf.FIELD: theirs}, "Send", 409)
    assert "reload the page" in page.text


def test_the_token_lasts_a_day(browser: PageClient, clock: SetClock):
    browser.get("/tell/dorset")
    clock.forward(timedelta(hours=23))
    browser.submit({"name": "Robin"}, "Send")
    browser.get("/tell/dorset")
    clock.forward(timedelta(hours=25))
    browser.submit({"name": "Robin"}, "Send", 409)


def test_two_open_tabs_share_their_cookie(browser: PageClient):
    first = browser.get("/tell/dorset")
    browser.get("/tell/wiltshire")
    browser.page = first
    assert browser.submit({"name": "Robin"}, "Send").json["authority"] == "dorset"


def test_a_signed_in_form_is_guarded_by_its_origin_alone(browser: PageClient):
    officer = browser.as_(Role.OFFICER)
    officer.post("/tiny/ask", {"name": "Robin", csrf.FIELD: ""})


def test_in_production_only_the_published_address_is_our_own(tiny: Tiny):
    tiny.host.settings = replace(
        tiny.host.settings, environment="production", public_url="https://heed.example", gateways="1"
    )
    assert _post(tiny, "/tiny/ask", {"Origin": ORIGIN}) == 403
    assert _post(tiny, "/tiny/ask", {"Origin": "https://heed.example"}) == 307


def test_production_says_nothing_of_invented_data_and_believes_its_gateway(tiny: Tiny):
    test_in_production_only_the_published_address_is_our_own(tiny)
    app = create_app(tiny.host)
    page = app.test_client().get("/tiny/cookies", headers={"X-Forwarded-Proto": "https"}).text
    assert "Invented data" not in page and "OFFICIAL-SENSITIVE" in page
