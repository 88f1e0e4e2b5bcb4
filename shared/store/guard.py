"""The tenant wall inside every process: no statement on an authority's table without that authority.

Rows of an authority are only reached by `table.c.authority == tx.authority`, and new rows take the bound
authority by default. A statement that forgets is refused before it reaches the database, on SQLite and
PostgreSQL alike; PostgreSQL's row-level security stands behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    shape, parameters = _shape_of(statement)
    if shape.writes:
        _check_written(authority, rows, statement, shape)
    open_tables = shape.proof.open(_values(parameters, rows), authority) if shape.proof.tables else set()
    if open_tables:
        raise Unscoped(f"A statement on {', '.join(sorted(open_tables))} does not name the bound authority.")


def _check_written(
    authority: str | None, rows: Sequence[dict[str, Any]], statement: Any, shape: "_Shape"
) -> None:
    """No row is added to another authority, or moved or merged into it."""
    stated = [row["authority"] for row in rows if "authority" in row]
    stated += [
        getattr(value, "value", value)
        for row in _inline_rows(statement)
        for column, value in row.items()
        if getattr(column, "name", column) == "authority"
    ]
    if not authority or shape.moves or any(value != authority for value in stated):
        raise Unscoped(f"A row for {statement.table} was written outside the bound authority.")


def _inline_rows(statement: Insert | Update) -> Iterator[dict[Any, Any]]:
    yield getattr(statement, "_values", None) or {}
    for batch in getattr(statement, "_multi_values", None) or ():
        yield from batch


def _merges(statement: ClauseElement) -> bool:
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


@dataclass(frozen=True)
class _Shape:
    """What statements of one form have in common. `moves`: a row could come into another authority."""

    writes: bool
    moves: bool
    proof: Proof


_NOTHING_READ = Proof({}, (), ())
# Walking a statement costs more than running it; statements of one shape share SQLAlchemy's cache key.
_SHAPES: dict[Any, _Shape] = {}
_MANY = 5_000


def _shape_of(statement: ClauseElement) -> tuple[_Shape, Sequence[BindParameter[Any]]]:
    """The form, and the parameters that fill it this time."""
    key = statement._generate_cache_key()
    if key is None:
        parameters = [one for one in visitors.iterate(statement) if isinstance(one, BindParameter)]
        return _judged(statement, parameters), parameters
    shape = _SHAPES.get(key.key)
    if shape is None:
        if len(_SHAPES) >= _MANY:
            _SHAPES.clear()
        shape = _SHAPES[key.key] = _judged(statement, key.bindparams)
    return shape, key.bindparams


def _judged(statement: ClauseElement, parameters: Sequence[BindParameter[Any]]) -> _Shape:
    writes = isinstance(statement, Insert | Update) and is_tenant(statement.table)
    moves = writes and (_chooses(statement) or _merges(statement))
    plain = isinstance(statement, Insert) and not _reads(statement)
    return _Shape(writes, moves, _NOTHING_READ if plain else prove(statement, parameters))


def _chooses(statement: ClauseElement) -> bool:
    """Whether an insert takes the authority from what it selects."""
    return "authority" in (getattr(statement, "_select_names", None) or ())


def _values(parameters: Sequence[BindParameter[Any]], rows: Sequence[dict[str, Any]]) -> list[Any]:
    """What the parameters will be; one that the rows of a batch fill differently is nothing."""
    values = []
    for one in parameters:
        given = [row[one.key] for row in rows if one.key in row] or [one.effective_value]
        values.append(given[0] if all(value == given[0] for value in given) else None)
    return values
