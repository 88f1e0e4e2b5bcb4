"""One running region and one browser for the lane; a new window for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "playwright", reason="Playwright is not installed: `make test` brings it where Chromium is"
)
from playwright.sync_api import Browser, sync_playwright

from shared.clock import wall_clock
from shared.settings import from_environment
from tests.browser.running import Running
from tests.browser.visitor import Visitor
from tests.lanes import chromium
from tests.platform import Platform, SetClock
from tests.rehearsed import rehearse

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}
CONTACTS = 120


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The region with a short invented history, which is played before it starts so that nothing moves
    during the tests."""
    folder = tmp_path_factory.mktemp("region")
    _play(folder / "data")
    region = Running(folder, "--empty")
    try:
        yield region.wait()
    finally:
        region.stop()


def _play(data: Path) -> None:
    platform = Platform(from_environment({"HEED_DATA": str(data)}), SetClock(wall_clock()))
    rehearse(platform, CONTACTS)
    platform.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visitor(
    browser: Browser, running: Running, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """Opens a window of one's own: `visitor(viewport=…, java_script_enabled=…)`."""
    contexts = []

    def open_window(**options: Any) -> Visitor:
        contexts.append(
            browser.new_context(
                locale="en-GB", timezone_id="Europe/London", viewport=options.pop("viewport", DESK), **options
            )
        )
        name = Path(request.node.name).name.removeprefix("test_")[:60] + (
            f"-{len(contexts)}" if len(contexts) > 1 else ""
        )
        return Visitor(contexts[-1], running.url, name, scripts=options.get("java_script_enabled", True))

    yield open_window
    for context in contexts:
        context.close()
