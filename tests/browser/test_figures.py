"""Figures in a real browser: every page of reporting, in both widths, and the live line with its pause."""

from collections.abc import Callable

import pytest

from tests.browser.test_officer import sign_in
from tests.browser.visitor import Visitor

PATHS = (
    "/reporting/dashboard",
    "/reporting/activity?by=month",
    "/reporting/activity?by=sector&suppress=0",
    "/reporting/activity?by=outcome",
    "/reporting/activity?by=criterion&rounding=truncate&places=0",
    "/reporting/region",
    "/reporting/access",
    "/reporting/definitions",
    "/reporting/records?by=decision&code=MET",
)
LIVE = "/reporting/dashboard/now"


@pytest.fixture
def manager(visitor: Callable[..., Visitor]) -> Visitor:
    """A manager of Dorset at the dashboard, whose clock the test moves."""
    window: Visitor = visitor()
    sign_in(window, "Martin Vale")
    window.page.clock.install()
    window.go("/reporting/dashboard")
    return window


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_figures_is_read_in_a_wide_and_in_a_narrow_window(
    visitor: Callable[..., Visitor], width: int
):
    window: Visitor = visitor(viewport={"width": width, "height": 800})
    sign_in(window, "Martin Vale")
    window.narrow = width == 320
    for path in PATHS:
        window.go(path)


def test_the_live_line_is_renewed_after_a_minute_and_not_before(manager: Visitor):
    asked: list[str] = []
    manager.page.on("request", lambda request: asked.append(request.url))
    manager.page.clock.fast_forward("00:55")
    assert not [url for url in asked if url.endswith(LIVE)]
    with manager.page.expect_response(lambda answer: answer.url.endswith(LIVE)) as answer:
        manager.page.clock.fast_forward("00:06")
    words = manager.page.locator("[data-heed-live-words]")
    assert words.get_attribute("aria-live") == "polite"
    manager.page.wait_for_function(
        "words => document.querySelector('[data-heed-live-words]').textContent === words",
        arg=answer.value.json()["sentence"],
    )
    manager.look()


def test_the_live_line_rests_while_it_is_paused(manager: Visitor):
    manager.page.get_by_role("button", name="Pause updates").click()
    asked: list[str] = []
    manager.page.on("request", lambda request: asked.append(request.url))
    manager.page.clock.fast_forward("05:00")
    assert not [url for url in asked if url.endswith(LIVE)]
    with manager.page.expect_response(lambda answer: answer.url.endswith(LIVE)):
        manager.page.get_by_role("button", name="Resume updates").click()


def test_without_scripts_a_reload_does_the_same_and_no_button_is_offered(visitor: Callable[..., Visitor]):
    window: Visitor = visitor(java_script_enabled=False)
    sign_in(window, "Martin Vale")
    page = window.go("/reporting/dashboard")
    assert not page.get_by_role("button", name="Pause updates").is_visible()
    assert "without an answer" in page.locator("[data-heed-live-words]").inner_text()


def test_a_table_is_saved_as_a_file(manager: Visitor):
    manager.go("/reporting/activity?by=sector")
    with manager.page.expect_download() as saved:
        manager.page.get_by_role("link", name="Save as CSV").click()
    assert saved.value.suggested_filename.startswith("activity-")
