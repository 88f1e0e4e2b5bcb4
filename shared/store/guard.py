"""The tenant wall inside every process: no statement on an authority's table without that authority.

Rows of an authority are only reachable through `own(table, tx)`, and new rows take the bound authority by default. A
statement that forgets is refused before it reaches the database, on SQLite and PostgreSQL alike; PostgreSQL's row-level
security stands behind it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, Delete, Engine, Join, Select, String, Table, Update, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, BooleanClauseList, ColumnClause, ColumnElement, TextClause
from sqlalchemy.sql.expression import ClauseElement, FromClause

BOUND = "heed.authority"


class Unscoped(Exception):
    """A statement reaches for an authority's table without naming the bound authority: a fault in our code."""


def _bound(context: DefaultExecutionContext) -> str:
    authority = context.root_connection.info.get(BOUND)
    if not authority:
        raise Unscoped("A row was added while no authority was bound.")
    return str(authority)


def authority_column(*, primary_key: bool = False) -> Column[str]:
    """The tenant of a row; filled with the bound authority when it is added."""
    return Column("authority", String(40), primary_key=primary_key, nullable=False, default=_bound)


def is_tenant(table: FromClause) -> bool:
    """Whether a table (or an alias of it) holds rows of authorities."""
    base = getattr(table, "element", table)
    return isinstance(base, Table) and "authority" in base.c and base.info.get("tenancy") != "exempt"


def watch(engine: Engine) -> None:
    """Put the wall up around an engine."""
    event.listen(engine, "before_execute", _check)


def _check(
    connection: Connection, statement: Any, many: Any, params: Any, options: Any  # noqa: ARG001
) -> None:
    if not isinstance(statement, ClauseElement):
        return
    if isinstance(statement, TextClause):
        raise Unscoped("Written-out SQL cannot be checked; say it with tables.")
    authority = connection.info.get(BOUND)
    if isinstance(statement, Insert):
        if is_tenant(statement.table):
            _check_added(authority, many or ([params] if params else []), statement)
        return
    open_tables = _open_tables(statement, authority)
    if open_tables:
        raise Unscoped(f"A statement on {', '.join(sorted(open_tables))} does not name the bound authority.")


def _check_added(authority: str | None, rows: list[dict[str, Any]], statement: Insert) -> None:
    stated = [row["authority"] for row in rows if "authority" in row]
    stated += [getattr(value, "value", value) for row in _inline_rows(statement)
               for column, value in row.items() if getattr(column, "name", column) == "authority"]
    if not authority or any(value != authority for value in stated):
        raise Unscoped(f"A row for {statement.table} was added outside the bound authority.")


def _inline_rows(statement: Insert) -> Iterator[dict[Any, Any]]:
    yield getattr(statement, "_values", None) or {}
    for batch in getattr(statement, "_multi_values", None) or ():
        yield from batch


def _open_tables(statement: ClauseElement, authority: str | None) -> set[str]:
    needed: dict[int, str] = {}
    tests: list[BinaryExpression[Any]] = []
    for element in visitors.iterate(statement):
        for table in _read_from(element):
            needed[id(table)] = str(getattr(table, "name", "a table"))
        tests.extend(test for test in _conjuncts(element) if test.operator is operators.eq)
    closed = _closed(tests, authority) if needed else set()
    return {name for table, name in needed.items() if table not in closed}


def _read_from(element: ClauseElement) -> Iterator[FromClause]:
    if isinstance(element, Select):
        froms: Iterable[FromClause] = element.get_final_froms()
    else:
        froms = [element.table] if isinstance(element, Update | Delete) else []
    for source in froms:
        yield from (part for part in _parts(source) if is_tenant(part))


def _parts(source: FromClause) -> Iterator[FromClause]:
    if isinstance(source, Join):
        yield from _parts(source.left)
        yield from _parts(source.right)
    else:
        yield source


def _conjuncts(element: ClauseElement) -> Iterator[BinaryExpression[Any]]:
    """The tests that every row must pass: an `or` proves nothing."""
    if isinstance(element, Join):
        yield from _flat(element.onclause)
    for criterion in getattr(element, "_where_criteria", ()):
        yield from _flat(criterion)


def _flat(clause: ClauseElement | None) -> Iterator[BinaryExpression[Any]]:
    if isinstance(clause, BinaryExpression):
        yield clause
    elif isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for part in clause.clauses:
            yield from _flat(part)


def _closed(tests: list[BinaryExpression[Any]], authority: str | None) -> set[int]:
    closed: set[int] = set()
    joined: list[set[int]] = []
    for test in tests:
        tables = {id(side.table) for side in (test.left, test.right) if _is_authority(side)}
        values = {side.effective_value for side in (test.left, test.right) if isinstance(side, BindParameter)}
        if len(tables) == 2:
            joined.append(tables)
        elif tables and authority in values:
            closed |= tables
    for _ in joined:
        closed |= {table for pair in joined if pair & closed for table in pair}
    return closed


def _is_authority(side: ColumnElement[Any]) -> bool:
    return isinstance(side, ColumnClause) and side.name == "authority"
