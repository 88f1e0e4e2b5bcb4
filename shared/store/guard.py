"""The tenant wall inside every process: no statement on an authority's table without that authority.

Rows of an authority are only reachable through `own(table, tx)`, and new rows take the bound authority by default. A
statement that forgets is refused before it reaches the database, on SQLite and PostgreSQL alike; PostgreSQL's row-level
security stands behind it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Proof:
    """What the shape of a statement says: the authority's tables it reads (by number), which of them are compared with
    the value of which parameter, and which with each other."""

    tables: dict[int, str]
    compared: tuple[tuple[int, int], ...]
    joined: tuple[frozenset[int], ...]

    def open(self, values: Sequence[Any], authority: str | None) -> set[str]:
        """The tables that are not held to the authority when the parameters have these values."""
        closed = {table for table, place in self.compared if authority and values[place] == authority}
        for _ in self.joined:
            closed |= {table for pair in self.joined if pair & closed for table in pair}
        return {name for table, name in self.tables.items() if table not in closed}


# Walking a statement costs more than running it; statements of one shape share SQLAlchemy's cache key.
_PROOFS: dict[Any, Proof] = {}
_MANY = 5_000


def _open_tables(statement: ClauseElement, authority: str | None) -> set[str]:
    key = statement._generate_cache_key()  # noqa: SLF001  the same key that SQLAlchemy compiles by
    if key is None:
        parameters = [one for one in visitors.iterate(statement) if isinstance(one, BindParameter)]
        return _prove(statement, parameters).open([one.effective_value for one in parameters], authority)
    proof = _PROOFS.get(key.key)
    if proof is None:
        if len(_PROOFS) >= _MANY:
            _PROOFS.clear()
        proof = _PROOFS[key.key] = _prove(statement, key.bindparams)
    return proof.open([one.effective_value for one in key.bindparams], authority) if proof.tables else set()


def _prove(statement: ClauseElement, parameters: Sequence[BindParameter[Any]]) -> Proof:
    tables: dict[FromClause, str] = {}
    tests: list[BinaryExpression[Any]] = []
    for element in visitors.iterate(statement):
        tables.update({table: str(getattr(table, "name", "a table")) for table in _read_from(element)})
        tests.extend(test for test in _conjuncts(element) if test.operator is operators.eq)
    numbers = {table: number for number, table in enumerate(tables)}
    places = {id(one): place for place, one in enumerate(parameters)}
    compared, joined = [], []
    for test in tests:
        sides = (test.left, test.right)
        found = [numbers[side.table] for side in sides if _is_authority(side) and side.table in numbers]
        values = [places[id(side)] for side in sides if id(side) in places]
        if len(found) == 2:
            joined.append(frozenset(found))
        elif found:
            compared += [(found[0], place) for place in values]
    return Proof({numbers[table]: name for table, name in tables.items()}, tuple(compared), tuple(joined))


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


def _is_authority(side: ColumnElement[Any]) -> bool:
    return isinstance(side, ColumnClause) and side.name == "authority"
