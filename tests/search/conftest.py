"""Search alone, and a browser on its pages."""

from collections.abc import Iterator

import pytest

from shared.settings import Settings
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.search.desk import Desk


@pytest.fixture
def desk(settings: Settings, clock: SetClock) -> Iterator[Desk]:
    """Search with nothing heard yet but its authorities."""
    made = Desk(settings, clock)
    yield made
    made.close()


@pytest.fixture
def browser(desk: Desk) -> PageClient:
    """A browser on search's pages that nobody has signed in with."""
    return PageClient(desk)
