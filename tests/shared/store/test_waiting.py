"""Rows that wait are written together: at the end, when somebody is to see them, and never when undone."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Executable, insert, select

from shared.actor import Actor, Scope
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.store.waiting import Waiting
from tests.platform import SetClock
from tests.shared.messaging.stage import a_database, heard

DORSET = Scope("dorset", Actor("officer-1"), "thread")
WILTSHIRE = replace(DORSET, authority="wiltshire")


class Lines(Waiting):
    """Lines of the table that the kernel is tried on."""

    def statement(self, _db: Connection) -> Executable:
        return insert(heard)


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Database:
    return a_database(tmp_path, "talker", clock)


def wait(tx: Transaction, *keys: str) -> None:
    for key in keys:
        Lines.put(tx, {"key": key, "what": "waited"})


def seen(tx: Transaction) -> list[str]:
    rows = tx.db.execute(select(heard.c.key).where(heard.c.authority == tx.authority).order_by(heard.c.key))
    return list(rows.scalars())


def test_they_are_there_when_the_transaction_has_ended(store: Database):
    with store.transaction(DORSET) as tx:
        wait(tx, "a", "b")
        assert seen(tx) == []
    with store.reading(DORSET) as tx:
        assert seen(tx) == ["a", "b"]


def test_they_are_there_once_when_somebody_is_to_see_them(store: Database):
    with store.transaction(DORSET) as tx:
        wait(tx, "a")
        Lines.settle(tx)
        assert seen(tx) == ["a"]
        wait(tx, "b")
    with store.reading(DORSET) as tx:
        assert seen(tx) == ["a", "b"]


def test_each_comes_into_the_authority_that_was_bound_when_it_came(store: Database):
    with store.transaction(DORSET) as tx:
        wait(tx, "a")
        with tx.within(WILTSHIRE):
            wait(tx, "w")
        wait(tx, "b")
    with store.reading(DORSET) as tx:
        assert seen(tx) == ["a", "b"]
    with store.reading(WILTSHIRE) as tx:
        assert seen(tx) == ["w"]


def test_what_waited_in_a_savepoint_that_is_undone_goes_with_it(store: Database):
    with store.transaction(DORSET) as tx:
        wait(tx, "a")
        with pytest.raises(LookupError), tx.savepoint():
            wait(tx, "b")
            raise LookupError
        wait(tx, "c")
    with store.reading(DORSET) as tx:
        assert seen(tx) == ["a", "c"]


def test_a_transaction_that_fails_leaves_none_of_them(store: Database):
    with pytest.raises(LookupError), store.transaction(DORSET) as tx:
        wait(tx, "a")
        raise LookupError
    with store.reading(DORSET) as tx:
        assert seen(tx) == []
