"""A person who uses no mouse."""

from tests.browser import reporting
from tests.browser.visitor import Visitor


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
            page.keyboard.press("Home")
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
