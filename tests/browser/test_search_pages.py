"""The pages of search, of disclosures and of contacts put right, in a real browser: wide and at 320
pixels."""

from collections.abc import Callable

import pytest

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
