"""Reporting alone: its real database, consumer and pages, fed with facts as the bus would bring them."""

from collections.abc import Iterator

import pytest

from shared.settings import Settings
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.reporting.newsroom import Newsroom


@pytest.fixture
def news(settings: Settings, clock: SetClock) -> Iterator[Newsroom]:
    """Reporting with nothing heard yet."""
    made = Newsroom(settings, clock)
    yield made
    made.close()


@pytest.fixture
def browser(news: Newsroom) -> PageClient:
    """A browser on reporting's pages that nobody has signed in with."""
    return PageClient(news)
