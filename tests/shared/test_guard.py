"""The tenant wall: every way to forget the authority is refused, and what is allowed gives only its rows."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    bindparam,
    delete,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql

from shared.store.engine import begin, open_engine
from shared.store.guard import Unscoped, is_tenant
from shared.store.proof import prove
from tests.shared.statements import ALLOWED, REFUSED, A, B, c, case, exempt, metadata, other, p, part, plain


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = open_engine("sqlite://")
    metadata.create_all(made)
    for authority in (A, B):
        with begin(made, authority, writing=True) as db:
            db.execute(insert(case), [{"id": number, "name": f"{authority}-{number}"} for number in (1, 2)])
            db.execute(insert(part), [{"id": number, "case_id": number, "other": None} for number in (1, 2)])
    yield made
    made.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Connection]:
    """Bound to Dorset; nothing stays."""
    with engine.connect() as connection, connection.begin() as transaction:
        connection.info["heed.authority"] = A
        yield connection
        connection.info.pop("heed.authority")
        transaction.rollback()


@pytest.mark.parametrize("name", ALLOWED)
def test_what_names_the_authority_runs_and_gives_only_its_rows(db: Connection, name: str) -> None:
    found = db.execute(ALLOWED[name]())
    if found.returns_rows:
        assert not [row for row in found.all() for value in row if B in str(value)]


@pytest.mark.parametrize("name", REFUSED)
def test_what_forgets_the_authority_is_refused(db: Connection, name: str) -> None:
    statement = REFUSED[name]()
    for _ in range(2):
        with pytest.raises(Unscoped):
            db.execute(statement)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in ALLOWED
        if name not in {"no tenant", "exempt", "one", "insert elsewhere", "insert exempt"}
    ],
)
def test_what_dorset_may_say_nobody_else_may(engine: Engine, name: str) -> None:
    statement = ALLOWED[name]()
    with pytest.raises(Unscoped), begin(engine, "", writing=True) as db:
        db.execute(statement)
    if not name.startswith("insert") or "stated" in name:
        with pytest.raises(Unscoped), begin(engine, B, writing=True) as db:
            db.execute(statement)


def test_a_value_given_at_the_call_is_the_one_that_counts(db: Connection) -> None:
    query = select(case).where(c.authority == bindparam("whose", A))
    assert len(db.execute(query).all()) == 2
    assert len(db.execute(query, {"whose": A}).all()) == 2
    with pytest.raises(Unscoped):
        db.execute(query, {"whose": B})
    with pytest.raises(Unscoped):
        db.execute(select(case).where(c.authority == bindparam("whose")), {"whose": B})


def test_every_row_of_a_batch_counts(db: Connection) -> None:
    change = (
        update(case).where(c.authority == bindparam("whose"), c.id == bindparam("which")).values(name="x")
    )
    db.execute(change, [{"whose": A, "which": 1}, {"whose": A, "which": 2}])
    with pytest.raises(Unscoped):
        db.execute(change, [{"whose": A, "which": 1}, {"whose": B, "which": 2}])
    with pytest.raises(Unscoped):
        db.execute(change, [{"whose": A, "which": 1, "authority": B}])
    with pytest.raises(Unscoped):
        db.execute(insert(case), [{"id": 7, "authority": A}, {"id": 8, "authority": B}])
    # What the first row does not state is stated of none: SQLAlchemy leaves it out.
    db.execute(insert(case), [{"id": 7}, {"id": 8, "authority": B}])
    assert db.execute(select(c.id).where(c.authority == A, c.id == 8)).scalar_one() == 8


def test_a_new_row_takes_the_bound_authority(db: Connection) -> None:
    db.execute(insert(case).values(id=7, name="x"))
    db.execute(insert(case), [{"id": 8, "name": "x"}])
    found = select(c.authority).where(c.authority == A, c.id.in_([7, 8]))
    assert db.execute(found).scalars().all() == [A, A]


def test_a_statement_is_judged_anew_for_each_authority(engine: Engine) -> None:
    def mine(authority: str) -> Select[Any]:
        return select(c.name).where(c.authority == authority)

    for authority, stranger in ((A, B), (B, A)):
        with begin(engine, authority, writing=False) as db:
            assert db.execute(mine(authority)).scalars().all() == [f"{authority}-1", f"{authority}-2"]
            with pytest.raises(Unscoped):
                db.execute(mine(stranger))


def test_the_binding_ends_with_the_transaction(engine: Engine) -> None:
    with begin(engine, A, writing=False):
        pass
    with engine.connect() as connection, pytest.raises(Unscoped):
        connection.execute(select(case).where(c.authority == A))


def test_a_delete_that_reads_another_table_holds_that_too() -> None:
    # SQLite cannot say it; PostgreSQL can.
    statement = delete(case).where(c.authority == A, p.case_id == c.id)
    compiled: Any = statement.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    proof = prove(compiled.statement, compiled.bind_names)
    assert proof.open([compiled.construct_params()], A) == {"part"}


def test_a_condition_that_is_always_true_holds_nothing(db: Connection) -> None:
    with pytest.raises(Unscoped):
        db.execute(select(case).where(true()))


def test_tables_know_whose_they_are() -> None:
    assert is_tenant(case)
    assert is_tenant(other.alias())
    assert not is_tenant(plain)
    assert not is_tenant(exempt)
