"""What the shape of a statement proves: which authority's rows each of its tables can give.

A table is held to an authority where its rows must pass `authority = value`, or `authority = authority` of a
table that is held. Every `select` is judged by itself: what a subquery asks of its own rows says nothing
about those around it, an `or` proves nothing, and the condition of an outer join binds only the side that may
be missing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Delete, Join, Select, Table, Update
from sqlalchemy.sql import operators
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    TextClause,
)
from sqlalchemy.sql.expression import ClauseElement, FromClause, SelectBase, TableClause
from sqlalchemy.sql.selectable import CTE, FromGrouping, Subquery, TextualSelect

_HARMLESS = re.compile(r"\*|\d+")
_WRITTEN_OUT = "Written-out SQL cannot be checked; say it with tables."


class Unscoped(Exception):
    """A statement reaches for an authority's table without naming the bound one: a fault in our code."""


@dataclass(frozen=True)
class Proof:
    """The tables of authorities in a statement (by number), the name of the parameter that each is compared
    with, and which table is held when another is.
    """

    tables: Mapping[int, str]
    compared: Sequence[tuple[int, str]]
    follows: Sequence[tuple[int, int]]

    def open(self, rows: Sequence[Mapping[str, Any]], authority: str | None) -> set[str]:
        """The tables that are not held to the authority when each of these rows fills the parameters."""
        closed = {
            table
            for table, name in self.compared
            if authority and rows and all(row[name] == authority for row in rows)
        }
        for _ in self.follows:
            closed |= {table for other, table in self.follows if other in closed}
        return {name for table, name in self.tables.items() if table not in closed}


def is_tenant(table: FromClause) -> bool:
    """Whether a table (or an alias of it) holds rows of authorities."""
    base = table
    while not isinstance(base, TableClause | SelectBase) and hasattr(base, "element"):
        base = base.element
    return isinstance(base, Table) and "authority" in base.c and base.info.get("tenancy") != "exempt"


def prove(statement: ClauseElement, names: Mapping[BindParameter[Any], str]) -> Proof:
    """Walk a statement once; `names` are those of its parameters. Raises Unscoped for parts that cannot be
    judged.
    """
    walk = _Walk(statement, {id(one): name for one, name in names.items()})
    walk.visit(statement, ())
    for value in _added(statement):
        walk.visit(value, ())
    return Proof(dict(enumerate(walk.names)), walk.compared, walk.follows)


_Scope = dict[FromClause, int]


@dataclass
class _Walk:
    whole: ClauseElement
    parameters: dict[int, str]
    names: list[str] = field(default_factory=list)
    compared: list[tuple[int, str]] = field(default_factory=list)
    follows: list[tuple[int, int]] = field(default_factory=list)

    def visit(self, element: ClauseElement, around: tuple[_Scope, ...]) -> None:
        """Judge an element that stands inside these selects, the nearest first."""
        _refuse_written_out(element)
        if isinstance(element, UpdateBase) and element is not self.whole:
            raise Unscoped(
                "A change inside another statement cannot be checked; make it a statement of its own."
            )
        if isinstance(element, Subquery | CTE):
            around = ()
        elif isinstance(element, Select):
            froms = element.get_final_froms()
            around = (self._enter(element, froms, around), *around)
            self._conditions(element._where_criteria, froms, around)
        elif isinstance(element, Update | Delete):
            changed: list[FromClause] = [element.table, *_also_read(element)]
            around = (self._enter(element, changed, around), *around)
            self._conditions(element._where_criteria, changed, around)
        for child in element.get_children():
            self.visit(child, around)

    def _enter(self, element: Any, froms: Sequence[FromClause], around: tuple[_Scope, ...]) -> _Scope:
        """Number the tables that this select reads itself; those it takes from around it keep their numbers
        there.
        """
        scope: _Scope = {}
        for source in froms:
            if isinstance(element, Select) and _correlated(element, source, around):
                continue
            for table in filter(is_tenant, _parts(source)):
                scope[table] = len(self.names)
                self.names.append(str(getattr(table, "name", "a table")))
        return scope

    def _conditions(
        self, criteria: Sequence[ClauseElement], froms: Sequence[FromClause], around: tuple[_Scope, ...]
    ) -> None:
        own = around[0]
        for test in _tests(criteria):
            self._learn(test, own, around)
        for join in (join for source in froms for join in _joins(source)):
            binds = set() if join.full else set(_parts(join.right))
            binds |= set() if join.isouter or join.full else set(_parts(join.left))
            for test in _tests([join.onclause] if join.onclause is not None else []):
                self._learn(test, {table: own[table] for table in binds if table in own}, around)

    def _learn(self, test: BinaryExpression[Any], bound: _Scope, around: tuple[_Scope, ...]) -> None:
        """Note what one test says about the tables whose rows it binds."""
        for one, other in ((test.left, test.right), (test.right, test.left)):
            table = bound.get(one.table) if _is_authority(one) else None
            if table is None:
                continue
            if id(other) in self.parameters:
                self.compared.append((table, self.parameters[id(other)]))
            elif _is_authority(other):
                found = next((scope[other.table] for scope in around if other.table in scope), None)
                if found is not None:
                    self.follows.append((found, table))


def _correlated(select: Any, source: FromClause, around: tuple[_Scope, ...]) -> bool:
    """Whether SQLAlchemy will take this source from a select around instead of reading it anew."""
    if not any(source in scope for scope in around):
        return False
    # The same choice that SQLAlchemy makes when it compiles; a wrong guess would hold the wrong table.
    if select._correlate_except is not None:
        return source not in select._correlate_except
    if not select._auto_correlate:
        return source in select._correlate
    return source in around[0]


def _refuse_written_out(element: ClauseElement) -> None:
    written = isinstance(element, TextClause | TextualSelect)
    literal = (
        isinstance(element, ColumnClause) and element.is_literal and not _HARMLESS.fullmatch(element.name)
    )
    unknown = isinstance(element, TableClause) and not isinstance(element, Table)
    if written or literal or unknown:
        raise Unscoped(_WRITTEN_OUT)


def _added(statement: ClauseElement) -> Iterator[ClauseElement]:
    """The computed values of an insert of several rows, which are no children of it."""
    for batch in getattr(statement, "_multi_values", None) or ():
        for row in batch:
            yield from (value for value in row.values() if isinstance(value, ClauseElement))


def _parts(source: FromClause) -> Iterator[FromClause]:
    yield from (part for part in _unfolded(source) if not isinstance(part, Join))


def _joins(source: FromClause) -> Iterator[Join]:
    yield from (part for part in _unfolded(source) if isinstance(part, Join))


def _unfolded(source: FromClause) -> Iterator[FromClause]:
    while isinstance(source, FromGrouping):
        source = source.element
    yield source
    if isinstance(source, Join):
        yield from _unfolded(source.left)
        yield from _unfolded(source.right)


def _also_read(change: Update | Delete) -> list[FromClause]:
    """The further tables that an update or delete reads: those its own conditions and values speak of."""
    found: dict[FromClause, None] = {}
    spoken = [*change._where_criteria, *(getattr(change, "_values", None) or {}).values()]
    while spoken:
        element = spoken.pop()
        if isinstance(element, SelectBase) or not isinstance(element, ClauseElement):
            continue
        table = getattr(element, "table", None)
        if isinstance(element, ColumnClause) and isinstance(table, FromClause) and table is not change.table:
            found[table] = None
        spoken.extend(element.get_children())
    return list(found)


def _tests(clauses: Sequence[ClauseElement]) -> Iterator[BinaryExpression[Any]]:
    """The equalities that every row must pass."""
    for clause in clauses:
        if isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
            yield clause
        elif isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
            yield from _tests(list(clause.clauses))


def _is_authority(side: Any) -> bool:
    return isinstance(side, ColumnClause) and side.name == "authority" and side.table is not None
