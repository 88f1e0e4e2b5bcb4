"""Row-level security and grants in PostgreSQL, computed from the tables and put up by `heed migrate`.

A table of authorities shows and takes only rows of the bound authority, to its owner too. `info` of a table
says what differs: `tenancy: exempt` has no wall, `crossed: column` has one on that column through which the
role `crossing` reads, `application: …` is what the application may do there (all, on a table of authorities),
`kept: True` can be added to and read only.
"""

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, MetaData, Table, text

from shared.store.proof import is_tenant
from shared.store.roles import Role, Roles

POLICY = "own_authority"
_CROSSING = "read_across"
# Unset is NULL at first and '' after a transaction that set it: both are nobody.
_BOUND = "nullif(current_setting('heed.authority', true), '')"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_ADD_ONLY = "SELECT, INSERT"


def walled(table: Table) -> str:
    """The column by which rows are kept apart; '' for a table without a wall."""
    return "authority" if is_tenant(table) else str(table.info.get("crossed", ""))


def rights(table: Table, role: Role) -> str:
    """What a role may do on a table, in SQL; '' for nothing."""
    if role is Role.CROSSING:
        return "SELECT" if "crossed" in table.info else ""
    if table.info.get("kept"):
        return _ADD_ONLY
    if role is Role.WORKER:
        return _ALL
    return str(table.info.get("application", _ALL if walled(table) else ""))


def put_up(
    db: Connection, metadatas: Sequence[MetaData], roles: Roles | None, schema: str = "public"
) -> None:
    """Walls for these tables, and rights for these roles (None where the server's administrator works)."""
    present = _marks(db, schema)
    for metadata in metadatas:
        for table in metadata.sorted_tables:
            # Taken anew only when it says something else: a wall cannot be changed without a lock.
            wall = list(_wall(db, table, roles, schema))
            mark = hashlib.sha256("\n".join(wall).encode()).hexdigest()
            if wall and present.get(table.name) != mark:
                _run(db, [*wall, f"COMMENT ON POLICY {POLICY} ON {_name(db, table, schema)} IS '{mark}'"])
            if roles:
                _run(db, _grants(db, table, roles, schema))
    if roles:
        _run(db, _around(db, roles, schema))


def let_read(db: Connection, table: str, roles: Roles) -> None:
    """Let every process see a table that is in no metadata: how far the migrations went."""
    names = ", ".join(_quoted(db, roles.name(one)) for one in (Role.APPLICATION, Role.WORKER))
    db.exec_driver_sql(f"GRANT SELECT ON {table} TO {names}")


def _marks(db: Connection, schema: str) -> dict[str, str]:
    """What each table's wall was put up from."""
    query = text(
        "SELECT c.relname, coalesce(obj_description(p.oid, 'pg_policy'), '') AS mark FROM pg_policy p"
        " JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = :schema AND p.polname = :policy"
    )
    return {row.relname: row.mark for row in db.execute(query, {"schema": schema, "policy": POLICY})}


def _wall(db: Connection, table: Table, roles: Roles | None, schema: str) -> Iterator[str]:
    column, name = walled(table), _name(db, table, schema)
    if not column:
        return
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS {POLICY} ON {name}"
    yield f"CREATE POLICY {POLICY} ON {name} USING ({column} = {_BOUND}) WITH CHECK ({column} = {_BOUND})"
    if roles and "crossed" in table.info:
        reader = _quoted(db, roles.name(Role.CROSSING))
        yield f"DROP POLICY IF EXISTS {_CROSSING} ON {name}"
        yield f"CREATE POLICY {_CROSSING} ON {name} FOR SELECT TO {reader} USING (true)"


def _grants(db: Connection, table: Table, roles: Roles, schema: str) -> Iterator[str]:
    name = _name(db, table, schema)
    for role in Role:
        reader, allowed = _quoted(db, roles.name(role)), rights(table, role)
        # Taken away first, or what an earlier build granted would stay.
        yield f"REVOKE ALL ON {name} FROM {reader}"
        if allowed:
            yield f"GRANT {allowed} ON {name} TO {reader}"


def _around(db: Connection, roles: Roles, schema: str) -> Iterator[str]:
    """What every role needs besides tables: the schema, the counters, and the mark of the migrations."""
    everybody = ", ".join(_quoted(db, one) for one in roles.names)
    writers = ", ".join(_quoted(db, roles.name(one)) for one in (Role.APPLICATION, Role.WORKER))
    worker = _quoted(db, roles.name(Role.WORKER))
    yield f"GRANT USAGE ON SCHEMA {schema} TO {everybody}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {writers}"
    # A rebuild sets the counters of the rows that it swaps in.
    yield f"GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {worker}"


def _run(db: Connection, statements: Sequence[str] | Iterator[str]) -> None:
    for statement in statements:
        db.exec_driver_sql(statement)


def _name(db: Connection, table: Table, schema: str) -> str:
    return f"{schema}.{_quoted(db, table.name)}"


def _quoted(db: Connection, name: str) -> str:
    return db.dialect.identifier_preparer.quote_identifier(name)
