"""Two members that hear of one contact at the same moment, each on a topic of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

import services
from services.reporting.domain.facts import Contact
from services.reporting.store import desk
from shared.actor import Actor, Scope
from shared.settings import Settings
from shared.store.database import Database
from tests.batches import Fact, Listener
from tests.meeting import meet, on_server
from tests.platform import SetClock
from tests.reporting.newsroom import contact, decided, opened

pytestmark = pytest.mark.servers
DORSET = Scope("dorset", Actor("system:test"), "thread")


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("reporting"), settings, clock, empty_postgres)
    yield made
    made.close()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("case_first", [True, False])
def test_neither_loses_what_the_other_learned(database: Database, *, known: bool, case_first: bool):
    listener = Listener("reporting", database)
    if known:
        listener.hear(Fact(contact()))
    told: Any = decided() if known else contact()
    batches = [lambda: listener.hear(Fact(opened())), lambda: listener.hear(Fact(told))]
    assert meet(database, *(batches if case_first else reversed(batches))) == [None, None]
    with database.transaction(DORSET) as tx:
        one = desk.find(tx, Contact, "c-1")
    assert one is not None and one.received_on is not None and one.case_id == "k-1"
    assert one.decision == ("MET" if known else None) or not known
