"""Stale cookies: nothing that was typed is lost, and nobody is led away."""

from datetime import timedelta

import pytest

from shared.vocabulary import Role
from shared.web import renewal
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.shared.web.tiny import Tiny

ANSWERS = {"name": "Zoë O'Brien", "story": "one\ntwo", "wants": ["X", "Y"]}


def test_a_stale_page_is_renewed_unnoticed(officer: PageClient, clock: SetClock):
    officer.grow_old()
    clock.forward(timedelta(minutes=6))
    page = officer.get("/tiny/work?a=1")
    assert page.heading == "Work" and page.path == "/tiny/work?a=1"


def test_a_form_sent_with_a_stale_cookie_arrives_whole(officer: PageClient, clock: SetClock):
    officer.get("/tiny/ask")
    officer.grow_old()
    clock.forward(timedelta(minutes=6))
    answer = officer.submit(ANSWERS, "Send").json
    assert (
        answer["name"] == "Zoë O'Brien" and answer["wants"] == "['X', 'Y']" and answer["story"] == "one\ntwo"
    )


def _kept(officer: PageClient, clock: SetClock) -> PageClient:
    officer.get("/tiny/ask")
    officer.grow_old()
    clock.forward(timedelta(minutes=16))
    page = officer.submit(ANSWERS, "Send", 401)
    assert page.heading == "Sign in again to send your answers"
    return officer


def test_when_the_session_has_ended_the_answers_wait_on_the_page(officer: PageClient, clock: SetClock):
    page = _kept(officer, clock).page
    assert page is not None
    assert "O'Brien" not in page.html and "Zo" not in page.text
    assert page.links["Sign in (opens in a new tab)"] == "/intake/sign-in?next=/tiny/signed-in"
    answer = officer.as_(Role.OFFICER).submit(button="Send my answers").json
    assert answer["name"] == "Zoë O'Brien" and answer["wants"] == "['X', 'Y']"


def test_kept_answers_are_for_who_typed_them(officer: PageClient, clock: SetClock, tiny: Tiny):
    _kept(officer, clock)
    tiny.user("somebody-else", Role.OFFICER)
    officer.as_("somebody-else").submit(button="Send my answers", status=403)


def test_altered_answers_are_refused(officer: PageClient, clock: SetClock):
    _kept(officer, clock)
    officer.as_(Role.OFFICER).post("/tiny/ask", {renewal.KEPT: "AAAA"}, 403)
    officer.post("/tiny/ask", {renewal.KEPT: "no base64 …"}, 403)


def test_a_program_is_told_to_sign_in(browser: PageClient):
    page = browser.get("/tiny/api/works", 401)
    assert page.json["detail"] == "Sign in, then try again."
    assert page.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/tiny/work", "/a?b=c&d=e#f", "/refer/dorset"])
def test_a_path_of_ours_is_followed(address: str):
    assert renewal.local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\\/evil",
        "javascript:alert(1)",
        "evil",
        "/a\nb",
        "\\\\evil",
        "/a\\b",
    ],
)
def test_any_other_address_is_not(address: str | None):
    assert renewal.local(address) == "/"


def test_the_tab_of_a_sign_in_says_that_it_may_be_closed(officer: PageClient):
    assert officer.get("/tiny/signed-in").heading == "You are signed in"
