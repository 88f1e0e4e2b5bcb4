"""The tenant wall inside every process: no statement on an authority's table without that authority.

Rows of an authority are only reached by `table.c.authority == tx.authority`, and new rows take the bound
authority by default. A statement that forgets is refused before it reaches the database, on SQLite and
PostgreSQL alike; PostgreSQL's row-level security stands behind it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Engine, Insert, String, Update, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, ColumnClause
from sqlalchemy.sql.expression import ClauseElement

from shared.store.proof import Proof, Unscoped, is_tenant, prove

__all__ = ["BOUND", "Unscoped", "authority_column", "is_tenant", "watch"]

BOUND = "heed.authority"


def _bound(context: DefaultExecutionContext) -> str:
    authority = context.root_connection.info.get(BOUND)
    if not authority:
        raise Unscoped("A row was added while no authority was bound.")
    return str(authority)


def authority_column(*, primary_key: bool = False) -> Column[str]:
    """The tenant of a row; filled with the bound authority when it is added."""
    return Column("authority", String(40), primary_key=primary_key, nullable=False, default=_bound)


def watch(engine: Engine) -> None:
    """Put the wall up around an engine."""
    event.listen(engine, "before_execute", _check)


def _check(
    connection: Connection,
    statement: Any,
    many: Sequence[dict[str, Any]],
    params: dict[str, Any],
    _options: Any,
) -> None:
    if not isinstance(statement, ClauseElement):
        return
    authority, rows = connection.info.get(BOUND), many or ([params] if params else [])
    if isinstance(statement, Insert | Update) and is_tenant(statement.table):
        _check_written(authority, rows, statement)
    if isinstance(statement, Insert) and not _reads(statement):
        return
    open_tables = _open_tables(statement, authority, rows)
    if open_tables:
        raise Unscoped(f"A statement on {', '.join(sorted(open_tables))} does not name the bound authority.")


def _check_written(authority: str | None, rows: Sequence[dict[str, Any]], statement: Insert | Update) -> None:
    """No row is added to another authority, or moved or merged into it."""
    stated = [row["authority"] for row in rows if "authority" in row]
    stated += [
        getattr(value, "value", value)
        for row in _inline_rows(statement)
        for column, value in row.items()
        if getattr(column, "name", column) == "authority"
    ]
    chosen = "authority" in (getattr(statement, "_select_names", None) or ())
    if not authority or chosen or any(value != authority for value in stated) or _merges(statement):
        raise Unscoped(f"A row for {statement.table} was written outside the bound authority.")


def _inline_rows(statement: Insert | Update) -> Iterator[dict[Any, Any]]:
    yield getattr(statement, "_values", None) or {}
    for batch in getattr(statement, "_multi_values", None) or ():
        yield from batch


def _merges(statement: Insert | Update) -> bool:
    """Whether an upsert could change a row of another authority, or give one away."""
    clause = getattr(statement, "_post_values_clause", None)
    changes = getattr(clause, "update_values_to_set", None)
    if changes is None:
        return False
    targets = getattr(clause, "inferred_target_elements", None) or ()
    given = [value for name, value in dict(changes).items() if getattr(name, "name", name) == "authority"]
    kept = all(isinstance(value, ColumnClause) and value.name == "authority" for value in given)
    # A conflict on an id alone could be with a row of another authority.
    return not kept or "authority" not in {getattr(target, "name", target) for target in targets}


def _reads(statement: Insert) -> bool:
    """Whether an insert takes anything from other tables."""
    if statement.select is not None or getattr(statement, "_post_values_clause", None) is not None:
        return True
    values = (value for row in _inline_rows(statement) for value in row.values())
    return any(isinstance(value, ClauseElement) and not isinstance(value, BindParameter) for value in values)


# Walking a statement costs more than running it; statements of one shape share SQLAlchemy's cache key.
_PROOFS: dict[Any, Proof] = {}
_MANY = 5_000


def _open_tables(statement: ClauseElement, authority: str | None, rows: Sequence[dict[str, Any]]) -> set[str]:
    key = statement._generate_cache_key()
    if key is None:
        parameters = [one for one in visitors.iterate(statement) if isinstance(one, BindParameter)]
        return prove(statement, parameters).open(_values(parameters, rows), authority)
    proof = _PROOFS.get(key.key)
    if proof is None:
        if len(_PROOFS) >= _MANY:
            _PROOFS.clear()
        proof = _PROOFS[key.key] = prove(statement, key.bindparams)
    return proof.open(_values(key.bindparams, rows), authority) if proof.tables else set()


def _values(parameters: Sequence[BindParameter[Any]], rows: Sequence[dict[str, Any]]) -> list[Any]:
    """What the parameters will be; one that the rows of a batch fill differently is nothing."""
    values = []
    for one in parameters:
        given = {row.get(one.key, one.effective_value) for row in rows if one.key in row}
        values.append(one.effective_value if not given else given.pop() if len(given) == 1 else None)
    return values
