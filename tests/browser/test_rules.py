"""The pages on which an administrator changes the rules, and the page of a call, in a real browser: on a
small window, by keyboard and without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest

from shared.web.navigation import TITLES
from tests.browser.keyboard import Keyboard
from tests.browser.reporting import Answers, fill
from tests.browser.test_officer import sign_in
from tests.browser.visitor import Visitor

ADMINISTRATOR = "Petra Lane"
LIMIT = "/reporting/configuration/figures/rule/all"
CALL = "/intake/contacts/new"
PREVIEW = "See what would change"
SAID = Answers(
    {"surname": "Mossgrove", "setting": "Invented Nursery", "narrative": "He shouted at the children."},
    {"category": "EMOTIONAL", "agency": "EARLY_YEARS"},
)


def keeper(one: Visitor) -> Visitor:
    """The administrator at the rules, who has just proved themselves afresh."""
    sign_in(one, ADMINISTRATOR)
    one.go(LIMIT)
    one.press("It is me")
    return one


def lists_of_rules(one: Visitor) -> Iterator[str]:
    """The address of every rule set of every service."""
    for service in TITLES:
        page = one.go(f"/{service}/configuration")
        links: list[str] = page.locator("main h2 a").evaluate_all("links => links.map(link => link.href)")
        assert links, f"{service} shows no rules."
        yield from links


@pytest.mark.parametrize("width", [1280, 320])
def test_every_list_of_rules_and_its_first_rule_can_be_read(visitor: Callable[..., Visitor], width: int):
    one = visitor(viewport={"width": width, "height": 900})
    keeper(one)
    one.narrow = width == 320
    for address in list(lists_of_rules(one)):
        page = one.go(address)
        assert "{" not in page.inner_text("main")
        one.go(page.locator("main table a").first.get_attribute("href") or "")


def test_a_rule_is_changed_by_keyboard_alone_after_its_effect_was_shown(visitor: Callable[..., Visitor]):
    one = keeper(visitor())
    keyboard = Keyboard(one)
    keyboard.answer(Answers({"limit": "7", "reason": "Agreed by the partnership"}))
    keyboard.press_on(f"main button:has-text('{PREVIEW}')")
    assert "Make this change" in one.page.inner_text("main")
    keyboard.press_on("main button:has-text('Go back to the answers')")
    assert one.page.locator('[name="limit"]').input_value() == "7"


def test_a_rule_is_changed_without_scripts(visitor: Callable[..., Visitor]):
    one = keeper(visitor(java_script_enabled=False))
    fill(one.page, Answers({"limit": "many", "reason": "Agreed by the partnership"}))
    assert one.press(PREVIEW).title().startswith("Error: ")
    fill(one.page, Answers({"limit": "6"}))
    one.press(PREVIEW)
    one.press("Make this change")
    assert "Agreed by the partnership" in one.page.inner_text("main")


def test_a_call_is_written_down_by_keyboard_alone(visitor: Callable[..., Visitor]):
    one = visitor()
    sign_in(one)
    one.go(CALL)
    keyboard = Keyboard(one)
    keyboard.answer(SAID)
    keyboard.press_on("main button:has-text('Keep this contact')")
    assert re.search("Contact [A-Z]+", one.page.inner_text("h1"))


def test_a_call_is_written_down_on_a_small_window(visitor: Callable[..., Visitor]):
    one = visitor(viewport={"width": 320, "height": 640})
    one.narrow = True
    sign_in(one)
    one.go(CALL)
    assert one.press("Keep this contact").title().startswith("Error: ")
    fill(one.page, SAID)
    one.press("Keep this contact")
    assert "Invented Nursery" in one.page.inner_text("main")


def test_a_call_is_looked_up_beside_the_page_without_scripts(visitor: Callable[..., Visitor]):
    one = visitor(java_script_enabled=False)
    sign_in(one)
    one.go(CALL)
    fill(one.page, SAID)
    with one.page.context.expect_page() as opened:
        one.page.get_by_role("button", name="Check earlier concerns").click()
    opened.value.wait_for_load_state()
    assert "Mossgrove" in opened.value.inner_text("main")
    one.press("Keep this contact")
    assert "Mossgrove" in one.page.inner_text("main")
