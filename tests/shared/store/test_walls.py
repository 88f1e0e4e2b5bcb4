"""Row-level security on PostgreSQL, in the roles that the processes have."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Connection, Engine, Table, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

import services
from shared.settings import Settings, from_environment
from shared.store.proof import is_tenant
from shared.store.roles import Role, Roles
from shared.store.schema import metadatas
from shared.store.types import UtcDateTime
from shared.store.walls import POLICY
from tests.servers import Server, made_on_server

pytestmark = pytest.mark.servers

# Worked for all authorities, or the region's own; each for the reason that its table gives.
WITHOUT_WALL = {
    "journal", "outbox", "inbox", "deferred", "lease", "vital", "sequence_in", "sequence_out",
    "authority", "known_user", "ended_session",
    "match_key", "term", "unsent", "key_count", "index_name",
    "alembic_version",
}  # fmt: skip


@pytest.fixture(scope="module")
def region(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """All five databases as the migrate job leaves them."""
    place = str(tmp_path_factory.mktemp("region"))
    made = from_environment({"HEED_DATA": place, **postgres_server.environment})
    made_on_server(made)
    yield made


def _as_login(settings: Settings, name: str) -> Engine:
    return create_engine(settings.database_url(name))


def _wear(db: Connection, settings: Settings, name: str, role: Role, authority: str | None) -> None:
    db.execute(text(f"SET LOCAL ROLE {_roles(settings, name).name(role)}"))
    if authority is not None:
        db.execute(text("SELECT set_config('heed.authority', :code, true)"), {"code": authority})


def _roles(settings: Settings, name: str) -> Roles:
    return Roles(str(make_url(settings.database_url(name)).username))


def _tables(name: str) -> list[Table]:
    return [table for one in metadatas(services.load(name).metadata) for table in one.sorted_tables]


@pytest.mark.parametrize("name", services.NAMES)
def test_every_table_has_a_forced_wall_or_is_a_named_exception(name: str, region: Settings):
    query = text(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced, p.qual, p.with_check"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_policies p ON p.tablename = c.relname AND p.policyname = :policy"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')"
    )
    with _as_login(region, name).connect() as db:
        found = {row.relname: row for row in db.execute(query, {"policy": POLICY})}
    assert set(found) == {table.name for table in _tables(name)} | {"alembic_version"}
    for relation, row in found.items():
        if relation in WITHOUT_WALL:
            assert not row.forced
        else:
            assert row.forced, relation
            assert "heed.authority" in row.qual
            assert row.with_check == row.qual


@pytest.mark.parametrize("name", services.NAMES)
def test_no_role_of_a_process_is_superuser_bypasses_walls_or_owns_a_table(name: str, region: Settings):
    query = text(
        "SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolinherit, r.rolcreaterole,"
        " EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) AS owns"
        " FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')"
    )
    roles = _roles(region, name)
    with _as_login(region, name).connect() as db:
        found = db.execute(query).all()
    assert {row.rolname for row in found} == {roles.login, *roles.names}
    assert not [row for row in found if any(row[1:])]


@pytest.mark.parametrize("name", services.NAMES)
def test_the_login_alone_may_read_nothing(name: str, region: Settings):
    for table in _tables(name):
        with _as_login(region, name).connect() as db, pytest.raises(ProgrammingError, match="permission"):
            db.execute(text(f'SELECT count(*) FROM "{table.name}"'))


def _sample(table: Table) -> dict[str, object]:
    return {column.name: _value(column) for column in table.c}


def _value(column: Column[Any]) -> object:
    if column.name in {"authority", "holder"}:
        return "dorset"
    if isinstance(column.type, UtcDateTime):
        return datetime(2026, 3, 2, tzinfo=UTC)
    if isinstance(column.type, JSON):
        return {}
    samples: dict[type, object] = {
        int: 1,
        float: 1.0,
        bool: True,
        bytes: b"x",
        str: "x",
        date: date(2026, 3, 2),
    }
    return samples[column.type.python_type]


@pytest.mark.parametrize("name", services.NAMES)
@pytest.mark.parametrize("role", [Role.APPLICATION, Role.WORKER])
def test_a_row_of_one_authority_cannot_be_seen_changed_or_made_by_another(
    name: str, role: Role, region: Settings
):
    engine = _as_login(region, name)
    walled = [table for table in _tables(name) if is_tenant(table) or "crossed" in table.info]
    assert walled
    for table in walled:
        # One transaction that is undone, so that nothing is left for the next test.
        with engine.connect() as db, db.begin() as undone:
            _wear(db, region, name, role, "dorset")
            db.execute(table.insert().values(_sample(table)))
            for other in ("wiltshire", ""):
                _wear(db, region, name, role, other)
                _assert_closed(db, table)
            _wear(db, region, name, role, "dorset")
            assert db.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one() == 1
            undone.rollback()


@pytest.mark.parametrize("name", services.NAMES)
def test_where_no_authority_was_ever_bound_nothing_is_shown_or_taken(name: str, region: Settings):
    with _as_login(region, name).connect() as db:
        for table in _tables(name):
            if is_tenant(table) or "crossed" in table.info:
                with db.begin():
                    _wear(db, region, name, Role.APPLICATION, None)
                    _assert_closed(db, table)


def _assert_closed(db: Connection, table: Table) -> None:
    column = table.info.get("crossed", "authority")
    assert db.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one() == 0
    for change in (f'UPDATE "{table.name}" SET {column} = {column}', f'DELETE FROM "{table.name}"'):
        assert _touched(db, change) == 0, (table.name, change)
    with pytest.raises(ProgrammingError, match="row-level security"), db.begin_nested():
        db.execute(table.insert().values(_sample(table)))


def _touched(db: Connection, change: str) -> int:
    """How many rows; a refusal touches none."""
    try:
        with db.begin_nested():
            return db.execute(text(change)).rowcount
    except ProgrammingError as problem:
        assert "permission denied" in str(problem)
        return 0


@pytest.mark.parametrize("role", [Role.APPLICATION, Role.WORKER])
def test_what_the_audit_says_can_only_be_added_to(role: Role, region: Settings):
    for change in ("UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with _as_login(region, "intake").begin() as db:
            _wear(db, region, "intake", role, "dorset")
            with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
                db.execute(text(change))


@pytest.mark.parametrize("table", ["journal", "outbox", "inbox", "deferred", "lease", "sequence_in"])
def test_only_the_worker_reads_what_is_kept_for_all_authorities(table: str, region: Settings):
    with _as_login(region, "intake").begin() as db:
        _wear(db, region, "intake", Role.WORKER, None)
        db.execute(text(f"SELECT * FROM {table}"))
    for role in (Role.APPLICATION, Role.CROSSING):
        with _as_login(region, "intake").begin() as db:
            _wear(db, region, "intake", role, "dorset")
            with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
                db.execute(text(f"SELECT * FROM {table}"))


@pytest.mark.parametrize("name", services.NAMES)
def test_who_reads_across_authorities_reads_only_the_tables_made_for_it(name: str, region: Settings):
    readable = set()
    for table in _tables(name):
        with _as_login(region, name).begin() as db:
            _wear(db, region, name, Role.CROSSING, "dorset")
            for verb in ("INSERT", "UPDATE", "DELETE"):
                query = text("SELECT has_table_privilege(current_user, :table, :verb)")
                assert not db.execute(query, {"table": f'"{table.name}"', "verb": verb}).scalar_one()
            if db.execute(
                text("SELECT has_table_privilege(current_user, :table, 'SELECT')"),
                {"table": f'"{table.name}"'},
            ).scalar_one():
                readable.add(table.name)
    crossed = {"search": {"portrait"}, "reporting": {"region_tally", "region_definition"}}
    assert readable == crossed.get(name, set())


def _may(db: Connection, table: Table, verb: str) -> bool:
    query = text("SELECT has_table_privilege(current_user, :table, :verb)")
    return bool(db.execute(query, {"table": f'"{table.name}"', "verb": verb}).scalar_one())
