"""A service that does not hear of ended sessions believes only the freshest cookies."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from shared.contracts.intake import SessionEnded
from shared.errors import Unavailable
from shared.messaging.open import open_log
from shared.messaging.ports import Log, Message, Standing
from shared.settings import Settings
from shared.vocabulary import Role
from shared.web.freshness import Freshness
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.shared.web.tiny import Tiny


@pytest.fixture
def log(settings: Settings) -> Iterator[Log]:
    """A bus with a fact about a session that nobody has read."""
    made = open_log(settings)
    made.ensure([SessionEnded.topic])
    made.append([Message(SessionEnded.topic, "user-1", b"{}")])
    yield made
    made.close()


def _read_all(log: Log) -> None:
    reader = log.reader("tiny", [SessionEnded.topic], "tiny-0")
    reader.poll(1, 10)
    reader.commit()
    reader.close()


def test_the_lag_is_the_time_since_everything_was_known(log: Log, clock: SetClock):
    watch = Freshness(log, "tiny", clock)
    assert watch.lag() == timedelta(0)
    clock.forward(timedelta(seconds=70))
    assert watch.lag() == timedelta(seconds=70)
    _read_all(log)
    clock.forward(timedelta(seconds=5))
    assert watch.lag() == timedelta(seconds=75), "The bus is asked every ten seconds only."
    clock.forward(timedelta(seconds=5))
    assert watch.lag() == timedelta(0)


class Away:
    """A bus that does not answer."""

    def standing(self, *_: object) -> Sequence[Standing]:
        """Nothing is known."""
        raise Unavailable("The bus does not answer.")


def test_a_bus_that_is_away_makes_the_replica_old(clock: SetClock):
    watch = Freshness(Away(), "tiny", clock)
    clock.forward(timedelta(seconds=61))
    assert watch.lag() == timedelta(seconds=61)


@pytest.fixture
def behind(tiny: Tiny, log: Log, clock: SetClock) -> Tiny:
    """The tiny service, two minutes after it last knew everything."""
    tiny.app.extensions["heed_freshness"] = Freshness(log, "tiny", clock)
    clock.forward(timedelta(minutes=2))
    return tiny


def test_a_cookie_of_the_last_minute_passes(behind: Tiny, browser: PageClient, clock: SetClock):
    officer = browser.as_(Role.OFFICER).grow_old()
    clock.forward(timedelta(seconds=59))
    assert officer.get("/tiny/work", follow=False).heading == "Work"


def test_an_older_one_goes_by_way_of_the_front_door(behind: Tiny, browser: PageClient, clock: SetClock):
    officer = browser.as_(Role.OFFICER).grow_old()
    clock.forward(timedelta(seconds=61))
    officer.get("/tiny/work", 302, follow=False)
    assert officer.get("/tiny/work").heading == "Work"


def test_a_program_is_told_why(behind: Tiny, browser: PageClient, clock: SetClock):
    officer = browser.as_(Role.OFFICER).grow_old()
    clock.forward(timedelta(seconds=61))
    assert "not up to date" in officer.get("/tiny/api/works", 503).json["detail"]
