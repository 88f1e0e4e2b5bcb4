"""A visitor who asks too often is told when to come back; others do not notice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.vocabulary import Role
from shared.web.pace import Pace
from tests.page_client import PageClient
from tests.shared.web.tiny import Tiny

FORM = "/tell/dorset"


@given(some.integers(1, 600), some.lists(some.floats(0, 90), max_size=300))
def test_nobody_is_let_in_more_often_than_a_minute_allows_beyond_one_minute_ahead(per_minute, pauses):
    pace, now, let_in = Pace(per_minute), 1_000.0, 0
    for pause in pauses:
        now += pause
        let_in += pace.wait("a", now) == 0
    assert let_in <= per_minute + (now - 1_000.0) * per_minute / 60 + 1


@given(some.integers(1, 600))
def test_whoever_waits_as_long_as_was_said_is_let_in(per_minute):
    pace = Pace(per_minute)
    assert all(pace.wait("a", 0.0) == 0 for _ in range(per_minute))
    seconds = pace.wait("a", 0.0)
    assert seconds > 0
    assert pace.wait("b", 0.0) == 0, "Another visitor notices nothing."
    assert pace.wait("a", seconds * 1.001) == 0


def test_only_so_many_visitors_are_remembered():
    pace = Pace(1, most=3)
    assert pace.wait("a", 0.0) == 0 < pace.wait("a", 0.0)
    assert [pace.wait(one, 0.0) for one in ("b", "c")] == [0, 0]
    assert pace.wait("a", 0.0) > 0, "It is one of the last three."
    assert [pace.wait(one, 0.0) for one in ("d", "e", "f")] == [0, 0, 0]
    assert pace.wait("a", 0.0) == 0, "It was forgotten, as one that has been quiet would be."


@pytest.fixture
def slow(tiny: Tiny) -> Tiny:
    """Three requests a minute to the form, two to the API, one gateway before it."""
    tiny.host.settings = replace(tiny.host.settings, pace_form=3, pace_api=2, gateways="1")
    return tiny


def ask(tiny: Tiny, visitor: str) -> int:
    return tiny.app.test_client().get(FORM, headers={"X-Forwarded-For": visitor}).status_code


def test_the_public_form_has_a_pace_for_each_address(slow: Tiny):
    assert [ask(slow, "192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
    assert ask(slow, "192.0.2.2") == 200
    slow.clock.forward(timedelta(seconds=20))
    assert ask(slow, "192.0.2.1") == 200


def test_the_refusal_is_a_page_that_says_when_to_come_back(slow: Tiny):
    browser = PageClient(slow)
    for _ in range(3):
        browser.get(FORM)
    page = browser.get(FORM, 429)
    assert page.headers["Retry-After"] == "20"
    assert "send it again in 20 seconds" in page.text and "Nothing of this request was kept" in page.text


def test_without_a_gateway_nobody_is_believed_to_come_from_elsewhere(slow: Tiny):
    slow.host.settings = replace(slow.host.settings, gateways="0")
    assert [ask(slow, f"192.0.2.{number}") for number in range(4)] == [200, 200, 200, 429]


def test_a_signed_in_program_has_a_pace_of_its_own(slow: Tiny):
    browser = PageClient(slow).as_(Role.OFFICER)
    for _ in range(2):
        browser.send("GET", "/tiny/api/works")
    answer = browser.send("GET", "/tiny/api/works", status=429)
    assert answer.json["status"] == 429 and int(answer.headers["Retry-After"]) > 0
    browser.get("/tiny/work")
