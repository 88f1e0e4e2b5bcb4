"""Notifications between two mouthpieces."""

from collections.abc import Iterator

import pytest

from shared.mail.carriers import Letterhead, SmtpCarrier
from shared.settings import Settings
from shared.vocabulary import Role
from tests.notifications.bureau import Bureau
from tests.notifications.scenes import facts, opened, received
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.shared.mail.server import Post, listening


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


@pytest.fixture
def nursery(bureau: Bureau) -> Bureau:
    """A case in a nursery: the provider's duty N10 and the officer's own N15."""
    bureau.say(received(), opened(), facts())
    return bureau


@pytest.fixture
def post() -> Post:
    """A mail server that takes everything."""
    return Post()


@pytest.fixture
def posting(settings: Settings, clock: SetClock, post: Post) -> Iterator[Bureau]:
    """The service with real mail, a nursery's case and confirmed recipients."""
    with listening(post) as where:
        carrier = Letterhead(
            SmtpCarrier(f"smtp://{where}", timeout=1.0), "heed@region.example", invented=True
        )
        made = Bureau(settings, clock, carrier)
        made.say(received(), opened(), facts())
        made.vouch("ofsted_early_years", "early-years@inspectorate.example")
        yield made
        made.close()
