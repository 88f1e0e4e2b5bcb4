"""A tiny service and a browser for it."""

from collections.abc import Iterator

import pytest

from shared.settings import Settings
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.shared.web.tiny import Tiny


@pytest.fixture
def tiny(settings: Settings, clock: SetClock) -> Iterator[Tiny]:
    """The tiny service with Dorset and Wiltshire."""
    made = Tiny(settings, clock)
    yield made
    made.host.database.close()


@pytest.fixture
def browser(tiny: Tiny) -> PageClient:
    """A browser that nobody has signed in with."""
    return PageClient(tiny)


@pytest.fixture
def officer(browser: PageClient) -> PageClient:
    """The same browser with an officer of Dorset."""
    from shared.vocabulary import Role

    return browser.as_(Role.OFFICER)
