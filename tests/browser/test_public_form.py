"""The public form in a real browser: with scripts and without, by keyboard, on a small window, with
errors."""

import re
from collections.abc import Callable

from tests.browser import reporting
from tests.browser.keyboard import Keyboard
from tests.browser.visitor import Visitor

REFERENCE = re.compile(r"[A-Z]{2,4}-[0-9A-Z-]{5,}")


def test_a_concern_is_reported(visitor: Callable[..., Visitor]):
    one = visitor()
    assert REFERENCE.fullmatch(reporting.report(one))
    assert "will answer you by" in one.page.inner_text("main")


def test_a_concern_is_reported_without_scripts(visitor: Callable[..., Visitor]):
    assert REFERENCE.fullmatch(reporting.report(visitor(java_script_enabled=False)))


def test_a_concern_is_reported_on_a_window_of_320_pixels(visitor: Callable[..., Visitor]):
    one = visitor(viewport={"width": 320, "height": 640})
    one.narrow = True
    assert REFERENCE.fullmatch(reporting.report(one))


def test_a_concern_is_reported_by_keyboard_alone(visitor: Callable[..., Visitor]):
    one = visitor()
    keyboard = Keyboard(one)
    one.go("/refer/dorset")
    keyboard.press_on("button:has-text('Start now')")
    for name, value in reporting.SCREENER.values():
        keyboard.choose(name, value)
        keyboard.press_on(f"main button:has-text('{reporting.NEXT}')")
    for first in reporting.NEEDED:
        one.go(f"/refer/dorset/form/{first}")
        while (answers := reporting.answers_for(one.page)) is not None:
            keyboard.answer(answers)
            keyboard.press_on(f"main button:has-text('{reporting.NEXT}')")
    one.go("/refer/dorset/check")
    keyboard.press_on("main a.govuk-button:has-text('Continue')")
    keyboard.choose("accurate", "yes")
    keyboard.press_on("main button:has-text('Send report')")
    assert REFERENCE.fullmatch(reporting.reference_on(one.page))


def test_a_mistake_is_said_at_the_top_where_the_reader_is_and_beside_the_box(visitor: Callable[..., Visitor]):
    one = visitor()
    reporting.begin(one)
    one.go("/refer/dorset/form/you/agency")
    page = one.press(reporting.NEXT)
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "agency"


def test_what_was_typed_is_there_again_after_a_mistake(visitor: Callable[..., Visitor]):
    one = visitor()
    reporting.begin(one)
    one.go("/refer/dorset/form/events/new/words")
    one.page.locator('[name="narrative"]').fill("It was on the field.\n" * 1200)
    page = one.press(reporting.NEXT)
    assert page.title().startswith("Error: ")
    assert page.locator('[name="narrative"]').input_value().startswith("It was on the field.")
