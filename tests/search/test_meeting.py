"""The worker and a command enter one register at the same time."""

import io
from collections.abc import Iterator

import pytest

import services
from services.search.actions import loading
from services.search.store import loads
from shared.actor import Actor, Scope
from shared.settings import Settings
from shared.store.database import Database
from tests.meeting import meet, on_server
from tests.platform import SetClock

pytestmark = pytest.mark.servers
DORSET = Scope("dorset", Actor("system:test"), "thread")


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("search"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_two_who_enter_one_register_take_turns_and_count_each_row_once(database: Database):
    rows = [
        f"School {number},community school,Dorchester,DT1 9ZZ,{number}" for number in range(100_001, 100_502)
    ]
    file = io.BytesIO("\n".join(["Name,Kind,Town,Postcode,URN", *rows]).encode())
    with database.transaction(DORSET) as tx:
        load_id = loading.take_in(tx, file)

    def enter() -> int:
        with database.transaction(DORSET) as tx:
            return loading.step(tx)

    assert meet(database, enter, enter) == [loading.BATCH, 1]
    with database.transaction(DORSET) as tx:
        one = loads.one(tx, load_id)
    assert one is not None
    assert (one.done, one.tally.added, one.tally.same) == (501, 501, 0)
