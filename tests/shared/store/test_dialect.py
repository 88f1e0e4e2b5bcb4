"""The statement that the two databases spell differently says alike what became of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, create_engine

from shared.store.dialect import upsert

shelf = Table("shelf", MetaData(), Column("place", String(9), primary_key=True), Column("label", String(9)))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def db(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An empty table in a database of the test's own."""
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    engine = create_engine(url)
    with engine.begin() as connection:
        shelf.create(connection)
        yield connection
    engine.dispose()


@pytest.mark.parametrize("rows", [[{"place": "a", "label": "x"}], [{"place": "a"}, {"place": "b"}]])
def test_rows_that_were_added_are_counted_and_those_that_were_there_are_not(
    db: Connection, rows: list[dict[str, str]]
):
    statement = upsert(db, shelf, rows).on_conflict_do_nothing(index_elements=["place"])
    assert db.execute(statement).rowcount == len(rows)
    assert db.execute(statement).rowcount == 0
