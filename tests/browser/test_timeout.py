"""The warning before a session runs out, on the running region."""

from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor

IN_TIME, SIGNED_OUT = "You will soon be signed out", "You have been signed out"


@pytest.fixture
def officer(visitor: Callable[..., Visitor]) -> Visitor:
    """An officer at a page, whose clock the test moves."""
    window: Visitor = visitor()
    window.page.clock.install()
    window.go("/intake/sign-in")
    window.press("Sign in as Tom Ashdown, Dorset Council")
    return window


def test_a_warning_comes_five_minutes_before_and_can_be_answered(officer: Visitor):
    box = officer.page.get_by_role("alert")
    officer.page.clock.fast_forward("09:58")
    assert not box.is_visible()
    officer.page.clock.fast_forward("00:05")
    assert IN_TIME in box.inner_text()
    officer.look()
    with officer.page.expect_response(lambda answer: answer.url.endswith("/signed-in")):
        officer.page.get_by_role("button", name="Stay signed in").click()
    box.wait_for(state="hidden")
    officer.page.clock.fast_forward("10:05")
    assert IN_TIME in box.inner_text()


def test_after_the_time_the_page_says_what_has_become_of_it(officer: Visitor):
    officer.page.clock.fast_forward("15:05")
    box = officer.page.get_by_role("alert")
    assert SIGNED_OUT in box.inner_text()
    assert not officer.page.get_by_role("button", name="Stay signed in").is_visible()
    officer.look()


def test_without_scripts_the_foot_of_the_page_says_it(visitor: Callable[..., Visitor]):
    window: Visitor = visitor(java_script_enabled=False)
    window.go("/intake/sign-in")
    page = window.press("Sign in as Tom Ashdown, Dorset Council")
    assert "You are signed out after 15 minutes without use" in page.get_by_role("contentinfo").inner_text()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="stay signed in").click()
    opened.value.wait_for_load_state()
    assert opened.value.get_by_role("heading", name="You are signed in").is_visible()
