"""The pages of search, of disclosures and of contacts put right, in a real browser: wide and at 320
pixels."""

from collections.abc import Callable

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.reporting import Answers
from tests.browser.test_officer import sign_in
from tests.browser.visitor import Visitor

LISTS = (
    "/search/settings",
    "/search/settings?show=all",
    "/search/profiles",
    "/search/patterns",
    "/search/patterns?state=reviewed",
    "/search/look-backs",
    "/notifications/disclosures",
    "/notifications/disclosures?side=asking",
    "/intake/erasures",
)
FIRST = "main table a"


def opened(visitor: Callable[..., Visitor], width: int) -> Visitor:
    """An officer in a window of that width."""
    one = visitor(viewport={"width": width, "height": 900})
    sign_in(one)
    one.narrow = width == 320
    return one


@pytest.mark.parametrize("width", [1280, 320])
def test_every_list_and_the_first_of_each_can_be_read(visitor: Callable[..., Visitor], width: int):
    one = opened(visitor, width)
    for path in LISTS:
        page = one.go(path)
        if page.locator(FIRST).count():
            one.go(page.locator(FIRST).first.get_attribute("href") or "")
    assert {"Patterns", "Look-backs", "Settings", "People", "Erasing contacts"} <= set(one.seen)


def test_on_paper_every_table_has_all_its_columns_and_nothing_is_asked(visitor: Callable[..., Visitor]):
    one = opened(visitor, 1280)
    for path in ("/search/settings", "/notifications/notices", "/casework/cases"):
        page = one.go(path)
        for address in (path, page.locator(FIRST).first.get_attribute("href") or ""):
            page.goto(one.url + address)
            # A sheet of A4 without its margins.
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 673, "height": 900})
            assert one.width() <= 673, f"{address} is {one.width()} pixels wide on paper."
            assert not page.locator("main form select:visible").count(), address
            assert "As it stood on" in page.locator(".heed-print-line").inner_text()
            page.emulate_media(media="screen")


def test_a_pattern_is_reviewed_without_a_mouse(visitor: Callable[..., Visitor]):
    one = opened(visitor, 1280)
    keyboard = Keyboard(one)
    one.go("/search/patterns")
    keyboard.press_on(FIRST)
    keyboard.choose("finding", "explained")
    keyboard.answer(Answers({"reason": "Two reports of one afternoon."}))
    keyboard.press_on("main form button")
    assert "Explained by something else" in one.page.inner_text("main")


def test_a_setting_of_the_register_is_found_and_looked_back_at_without_a_mouse(
    visitor: Callable[..., Visitor],
):
    one = opened(visitor, 1280)
    keyboard = Keyboard(one)
    word = one.go("/search/settings").locator(FIRST).first.inner_text().split()[0]
    keyboard.answer(Answers({"words": word}, {"show": "all"}))
    keyboard.press_on("main form button")
    keyboard.press_on(FIRST)
    keyboard.press_on("main a[href$='/look-back']")
    keyboard.answer(Answers({"reason": "Three concerns within a year."}))
    keyboard.press_on("main form button")
    keyboard.press_on("main table a[href*='/records/']")
    keyboard.choose("found", "actioned")
    keyboard.answer(Answers({"reason": "The meeting was held and the child told."}))
    keyboard.press_on("main form button")
    one.go("/search/look-backs")
    keyboard.press_on(FIRST)
    assert "Acted on" in one.page.inner_text("main")


def test_a_match_is_judged_without_a_mouse_and_its_person_can_be_read(visitor: Callable[..., Visitor]):
    one = opened(visitor, 1280)
    keyboard = Keyboard(one)
    one.go("/search/matches")
    keyboard.press_on("main table a")
    keyboard.choose("verdict", "unsure")
    keyboard.answer(Answers({"reason": "The school does not answer yet."}))
    keyboard.press_on("main form button")
    assert "Unsure" in one.page.inner_text("main")
