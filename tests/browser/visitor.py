"""A person in a real browser. Every page they come to is judged by axe-core, photographed and listened to
for errors."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.architecture.source import ROOT

AXE = ROOT / "tests" / "browser" / "vendor" / "axe.min.js"
SCREENS = ROOT / "build" / "screens"
# What a browser says by itself of a page that answers 4xx on purpose.
_EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of (401|403|404|409|412|422|428)"
)
_AXE_RUN = """async () => {
  const result = await axe.run(document, {resultTypes: ['violations']});
  const places = one => one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(' | ');
  return result.violations.map(one => `${one.id}: ${one.help} ${places(one)}`);
}"""


class Visitor:
    """One window. `path` is where it is; `look` judges the page that is open."""

    def __init__(self, context: BrowserContext, url: str, name: str, *, scripts: bool = True) -> None:
        self.url = url
        self.name = name
        self.scripts = scripts
        self.narrow = False
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.seen: list[str] = []
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        """Open an address and look at it."""
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self.look()

    def press(self, button: str) -> Page:
        """Press a button and look at what comes."""
        self.page.get_by_role("button", name=button, exact=True).first.click()
        return self.look()

    def follow(self, link: str | re.Pattern[str]) -> Page:
        """Follow a link and look at what comes."""
        self.page.get_by_role("link", name=link, exact=isinstance(link, str)).first.click()
        return self.look()

    def look(self) -> Page:
        """Judge the page that is open: no fault for axe, none in the console, no sideways scrolling, a
        header with words."""
        self.page.wait_for_load_state("load")
        self._photograph()
        assert not self.complaints, f"{self.page.url}: {self.complaints}"
        if self.scripts:
            faults = self._axe()
            assert not faults, f"{self.page.url}:\n" + "\n".join(faults)
            assert not self.narrow or self.width() <= 320, f"{self.page.url} is {self.width()} pixels wide."
            assert not self.narrow or not self._moved_sideways(), (
                f"A table of {self.page.url} moves sideways."
            )
            assert "govuk-frontend-supported" in (self.page.get_attribute("body", "class") or ""), (
                "The scripts did not start."
            )
        return self.page

    def _photograph(self) -> None:
        heading = (
            self.page.locator("h1").first.inner_text() if self.page.locator("h1").count() else "no heading"
        )
        words = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")[:50]
        folder = SCREENS / self.name
        folder.mkdir(parents=True, exist_ok=True)
        self.seen.append(heading)
        self.page.screenshot(path=folder / f"{len(self.seen):02}-{words}.png", full_page=True)

    def _axe(self) -> Sequence[str]:
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        faults: list[str] = self.page.evaluate(_AXE_RUN)
        return faults

    def width(self) -> int:
        """How wide the page is in pixels, which is more than the window when it scrolls sideways."""
        found: Any = self.page.evaluate("document.documentElement.scrollWidth")
        return int(found)

    def _moved_sideways(self) -> int:
        found: Any = self.page.evaluate(
            "[...document.querySelectorAll('.heed-scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
        )
        return int(found)

    def picture(self, path: Path) -> None:
        """A picture of the window for a document."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
