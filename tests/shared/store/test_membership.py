"""One parameter for many values finds what a parameter for each would, on every database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, String, Table, insert, select

from shared.store.engine import open_engine
from shared.store.membership import one_of, one_pair_of

_META = MetaData()
_ROWS = Table(
    "membership_tried", _META,
    Column("number", Integer, primary_key=True), Column("big", BigInteger), Column("one", String(40)),
    Column("other", String(40)),
)  # fmt: skip
_ODD = ("plain", "it's", 'a "quote"', "back\\slash", "null", "null\u2028", "ż😀", "", "[1]", "%s :x ?")
_BIG = 2**63 - 1


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def db(request: pytest.FixtureRequest) -> Iterator[Connection]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            _META.create_all(connection)
            rows = [{"number": n, "big": _BIG - n, "one": one, "other": one} for n, one in enumerate(_ODD)]
            connection.execute(insert(_ROWS), [*rows, {"number": 99, "big": None, "one": None, "other": "x"}])
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def _numbers(db: Connection, test: object, **asked: object) -> list[int]:
    query = select(_ROWS.c.number).where(test).order_by(_ROWS.c.number)  # type: ignore[arg-type]
    return [*db.execute(query, asked).scalars()]


def test_texts_of_any_kind_are_found(db: Connection) -> None:
    test = one_of(_ROWS.c.one, "some")
    for number, one in enumerate(_ODD):
        assert _numbers(db, test, some=[one]) == [number]
    assert _numbers(db, test, some={*_ODD, "absent"}) == [*range(len(_ODD))]
    assert _numbers(db, ~test, some=_ODD[1:]) == [0]


def test_numbers_keep_all_their_digits(db: Connection) -> None:
    assert _numbers(db, one_of(_ROWS.c.big, "some"), some=[_BIG, _BIG - 3, 7]) == [0, 3]


def test_pairs_are_found_as_pairs(db: Connection) -> None:
    test = one_pair_of(_ROWS.c.one, _ROWS.c.other, "some")
    assert _numbers(db, test, some=[(one, one) for one in _ODD[:4]]) == [0, 1, 2, 3]
    assert _numbers(db, test, some=[(_ODD[0], _ODD[1])]) == []


def test_of_nothing_nothing_is_found(db: Connection) -> None:
    assert _numbers(db, one_of(_ROWS.c.one, "some"), some=[]) == []
    assert _numbers(db, one_pair_of(_ROWS.c.one, _ROWS.c.other, "some"), some=()) == []


def test_ten_thousand_values_are_one_parameter(db: Connection) -> None:
    assert _numbers(db, one_of(_ROWS.c.number, "some"), some=range(5, 10_005)) == [*range(5, len(_ODD)), 99]
