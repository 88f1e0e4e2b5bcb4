"""The tenant wall inside every process: no statement on an authority's table without that authority.

Rows of an authority are only reached by `table.c.authority == tx.authority`, and new rows take the bound
authority by default. A statement that forgets is refused before it reaches the database, on SQLite and
PostgreSQL alike; PostgreSQL's row-level security stands behind it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Engine, Insert, String, Update
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.sql.elements import BindParameter, ColumnClause
from sqlalchemy.sql.expression import ClauseElement

from shared.store.proof import Proof, Unscoped, is_tenant, prove

__all__ = ["BOUND", "Unscoped", "authority_column", "is_tenant", "watch"]

BOUND = "heed.authority"


def _bound(context: DefaultExecutionContext) -> str | None:
    # A row of nobody is refused below, like every other.
    return context.root_connection.info.get(BOUND) or None


def authority_column(*, primary_key: bool = False) -> Column[str]:
    """The tenant of a row; filled with the bound authority when it is added."""
    return Column("authority", String(40), primary_key=primary_key, nullable=False, default=_bound)


def watch(engine: Engine) -> None:
    """Put the wall up around an engine."""
    # Not as listeners: with a single one SQLAlchemy goes through all its kinds of them at each statement.
    engine.dialect.execution_ctx_cls = _walled(engine.dialect.execution_ctx_cls)


def _walled(context: Any) -> Any:
    class Walled(context):  # type: ignore[misc]  # SQLAlchemy has one for each database
        def pre_exec(self) -> None:
            """Called before each statement that was compiled, with the values it will have."""
            _check(self)
            super().pre_exec()

    return Walled


def _check(context: DefaultExecutionContext) -> None:
    compiled = context.compiled
    # Nothing is compiled of what a driver is given as it is.
    if compiled is None:
        return
    authority, rows = context.root_connection.info.get(BOUND), context.compiled_parameters
    shape = _shape_of(compiled)
    if shape.writes:
        _check_written(authority, rows, context.invoked_statement, shape)
    open_tables = shape.proof.open(rows, authority) if shape.proof.tables else set()
    if open_tables:
        raise Unscoped(f"A statement on {', '.join(sorted(open_tables))} does not name the bound authority.")


def _check_written(
    authority: str | None, rows: Sequence[Mapping[str, Any]], statement: Any, shape: "_Shape"
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
# Walking a statement costs more than running it. SQLAlchemy keeps what it compiled for all statements of one
# form, and so it is walked once.
_SHAPES: WeakKeyDictionary[Compiled, _Shape] = WeakKeyDictionary()


def _shape_of(compiled: Compiled) -> _Shape:
    shape = _SHAPES.get(compiled)
    if shape is None:
        names = getattr(compiled, "bind_names", {})
        shape = _SHAPES[compiled] = _judged(compiled.statement, names)
    return shape


def _judged(statement: Any, names: Mapping[BindParameter[Any], str]) -> _Shape:
    writes = isinstance(statement, Insert | Update) and is_tenant(statement.table)
    moves = writes and (_chooses(statement) or _merges(statement))
    plain = isinstance(statement, Insert) and not _reads(statement)
    return _Shape(writes, moves, _NOTHING_READ if plain else prove(statement, names))


def _chooses(statement: ClauseElement) -> bool:
    """Whether an insert takes the authority from what it selects."""
    return "authority" in (getattr(statement, "_select_names", None) or ())
