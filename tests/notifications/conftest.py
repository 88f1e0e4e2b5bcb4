"""Notifications between two mouthpieces."""

from collections.abc import Iterator

import pytest

from shared.settings import Settings
from shared.vocabulary import Role
from tests.notifications.bureau import Bureau
from tests.page_client import PageClient
from tests.platform import SetClock


@pytest.fixture
def bureau(settings: Settings, clock: SetClock) -> Iterator[Bureau]:
    """The service with a bus, two authorities and a letterbox."""
    made = Bureau(settings, clock)
    yield made
    made.close()


@pytest.fixture
def browser(bureau: Bureau) -> PageClient:
    """An officer of Dorset at the pages."""
    return PageClient(bureau).as_(Role.OFFICER)
