"""A worker whose database or index is away waits for it, and is still the same process when it is back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep

import pytest
from sqlalchemy import MetaData

from shared.contracts.intake import ContactClosed
from shared.errors import Misconfigured, Unavailable
from shared.keeper import Keeper
from shared.messaging.worker import ATTEMPTS
from shared.region import Region, open_region
from shared.service import Office, Service, Subscriptions
from shared.settings import Settings
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from tests.outage import without_database
from tests.platform import Letterbox, SetClock

PATIENCE = 30.0


class Index:
    """Something outside that the listener's handler and pump need."""

    def __init__(self) -> None:
        self.away, self.asked, self.heard, self.pumped = False, 0, list[str](), 0

    def note(self, _: Transaction, event: ContactClosed) -> None:
        self.ask()
        self.heard.append(event.contact_id)

    def pump(self, _: Office) -> int:
        self.ask()
        self.pumped += 1
        return 0

    def ask(self) -> None:
        self.asked += 1
        if self.away:
            raise Unavailable("The index does not answer.")


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def region(settings: Settings, clock: SetClock, index: Index) -> Iterator[Region]:
    hears = Subscriptions()
    hears.on(ContactClosed)(index.note)
    talker = Service("intake", MetaData(), Subscriptions(), tuple)
    listener = Service("search", MetaData(), hears, tuple, (index.pump,))
    made = open_region(settings, [talker, listener], Letterbox(), clock)
    yield made
    made.close()


@contextmanager
def kept(region: Region, service: str) -> Iterator[None]:
    keeper = Keeper(region[service], f"{service}-0")
    thread = threading.Thread(target=keeper.run)
    thread.start()
    try:
        yield
        assert thread.is_alive(), "The process has ended."
    finally:
        keeper.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def say(region: Region, contact_id: str) -> None:
    intake = region["intake"]
    with intake.database.transaction(intake.system("dorset")) as tx:
        tx.publish(ContactClosed(contact_id=contact_id, decision=Decision.MET, closed_at=tx.now))


def comes_true(state: Callable[[], bool]) -> bool:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        if state():
            return True
        sleep(0.02)
    return False


def test_a_worker_takes_up_its_work_when_its_database_comes_back(region: Region, index: Index):
    sign = region.settings.data / "search.alive"
    with ExitStack() as running:
        with without_database(region["search"].database):
            running.enter_context(kept(region, "search"))
            assert comes_true(sign.exists), "It waits, and shows that it lives."
        running.enter_context(kept(region, "intake"))
        say(region, "a")
        assert comes_true(lambda: index.heard == ["a"])


def test_a_worker_outlives_its_database(region: Region, index: Index):
    with kept(region, "intake"), kept(region, "search"):
        say(region, "a")
        assert comes_true(lambda: index.heard == ["a"])
        with without_database(region["search"].database):
            say(region, "b")
            sleep(0.5)
        assert comes_true(lambda: index.heard == ["a", "b"])


def test_a_record_waits_for_a_part_that_is_away_however_long_that_takes(region: Region, index: Index):
    index.away = True
    with kept(region, "intake"), kept(region, "search"):
        say(region, "a")
        assert comes_true(lambda: index.asked > ATTEMPTS), "More often than a fault would be tried."
        index.away = False
        assert comes_true(lambda: index.heard == ["a"])


def test_other_faults_are_not_waited_for(region: Region, settings: Settings, clock: SetClock):
    with region["search"].database.engine.begin() as db:
        db.exec_driver_sql("DELETE FROM alembic_version")
    with pytest.raises(Misconfigured, match="heed migrate search"):
        Keeper(region["search"], "search-0").run()
