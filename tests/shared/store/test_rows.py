"""Many rows at once stay behind the tenant wall and read back as they were given, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, MetaData, String, Table, select

from shared.store.engine import begin, open_engine
from shared.store.guard import Unscoped, authority_column
from shared.store.rows import Rows
from shared.store.types import UtcDateTime

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
shelf = Table(
    "shelf",
    MetaData(),
    authority_column(primary_key=True),
    Column("place", String(9), primary_key=True),
    Column("open", Boolean),
    Column("at", UtcDateTime),
    Column("body", LargeBinary),
    Column("number", Integer),
)
SHELVED = Rows(shelf, "place", "open", "at", "body", "number", settled="DO NOTHING")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def db(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Bound to Dorset, with an empty table."""
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    engine = open_engine(url)
    with begin(engine, "dorset", writing=True) as connection:
        shelf.create(connection)
        yield connection
    engine.dispose()


def test_rows_read_back_as_they_were_given_in_the_bound_authority(db: Connection):
    given = [("a", True, NOON, b"\x00\xff", 1), ("b", False, None, b"", None)]
    SHELVED.add(db, given)
    found = db.execute(select(shelf).where(shelf.c.authority == "dorset").order_by(shelf.c.place))
    assert [tuple(row) for row in found] == [("dorset", *row) for row in given]


def test_what_is_there_stays_when_it_is_told_to(db: Connection):
    SHELVED.add(db, [("a", True, NOON, b"", 1)])
    SHELVED.add(db, [("a", True, NOON, b"", 2), ("b", True, NOON, b"", 3)])
    found = db.execute(select(shelf.c.number).where(shelf.c.authority == "dorset").order_by(shelf.c.place))
    assert list(found.scalars()) == [1, 3]


def test_without_a_bound_authority_nothing_is_added(db: Connection):
    db.info.pop("heed.authority")
    with pytest.raises(Unscoped):
        SHELVED.add(db, [("a", True, NOON, b"", 1)])
    db.info["heed.authority"] = "dorset"


def test_nothing_to_add_is_no_statement(db: Connection):
    SHELVED.add(db, [])
    found = db.execute(select(shelf.c.place).where(shelf.c.authority == "dorset"))
    assert not found.all()
