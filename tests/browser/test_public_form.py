"""The public form in a real browser: with scripts and without, by keyboard, on a small window, with
errors."""

import re
from collections.abc import Callable

from tests.browser import reporting
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


class Keyboard:
    """Nothing but Tab, arrows, Space and Enter, and the focus can always be seen."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def reach(self, selector: str) -> None:
        """Tab until the focus is there."""
        page = self._visitor.page
        target = page.locator(selector).first.element_handle()
        for _ in range(80):
            if page.evaluate("one => document.activeElement === one", target):
                assert page.evaluate(_FOCUS_IS_SEEN), f"The focus on {selector} cannot be seen."
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{page.url}: {selector} is not reached by Tab.")

    def press_on(self, selector: str) -> None:
        """Enter, and look at what comes."""
        self.reach(selector)
        before = self._visitor.page.url
        with self._visitor.page.expect_navigation():
            self._visitor.page.keyboard.press("Enter")
        assert (
            self._visitor.look().url != before
            or self._visitor.page.locator(".govuk-error-summary").count() == 0
        )

    def answer(self, answers: reporting.Answers) -> None:
        """Answer a page."""
        for name, value in answers.typed.items():
            self.reach(f'[name="{name}"]')
            self._visitor.page.keyboard.press("Control+A")
            self._visitor.page.keyboard.type(value)
        for name, value in answers.chosen.items():
            self.choose(name, value)

    def choose(self, name: str, value: str) -> None:
        """Radios by arrows, boxes by Space, lists by typing."""
        page = self._visitor.page
        if page.locator(f'select[name="{name}"]').count():
            self.reach(f'select[name="{name}"]')
            self._by_arrows(f'select[name="{name}"]', value)
            return
        kind = page.locator(f'[name="{name}"]').first.get_attribute("type")
        if kind == "checkbox":
            self.reach(f'[name="{name}"][value="{value}"]')
            page.keyboard.press("Space")
            return
        self.reach(f'[name="{name}"]')
        page.keyboard.press("Space")
        self._by_arrows(f'[name="{name}"]:checked', value)

    def _by_arrows(self, selector: str, value: str) -> None:
        page = self._visitor.page
        for _ in range(60):
            if page.locator(selector).input_value() == value:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{page.url}: {value} is not reached by the arrows.")


_FOCUS_IS_SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const shown = one.type === 'radio' || one.type === 'checkbox' ? one.nextElementSibling : one;
  const style = getComputedStyle(shown), mark = getComputedStyle(shown, '::before');
  const marked = [style.outlineStyle, mark.outlineStyle].some(it => it !== 'none') || [style.boxShadow,
  mark.boxShadow].some(it => it !== 'none');
  return marked && box.bottom > 0 && box.top < innerHeight;
}"""
