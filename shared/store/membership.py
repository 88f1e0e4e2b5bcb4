"""`column in (…)` with one parameter for all values, however many: a statement with a parameter for each is
written anew at every call, and no database keeps a plan of it.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, Column, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Values(TypeDecorator[Any]):
    """Numbers or texts; an array of the column's own type where the database has arrays, else one text."""

    impl = Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the dialect takes them."""
        impl: TypeEngine[Any] = Text() if dialect.name == "sqlite" else ARRAY(self.one)
        return dialect.type_descriptor(impl)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """All of them at once."""
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class _Pairs(TypeDecorator[Any]):
    """Pairs of texts as one text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[tuple[str, str]] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """All of them at once."""
        return json.dumps([*(value or ())])


class _Test(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Test":  # noqa: ARG002  as SQLAlchemy calls it
        """It is a test already; SQLite would be asked whether it is 1, and then not use an index."""
        return self


class _Among(_Test):
    name = "among"
    inherit_cache = True


class _PairAmong(_Test):
    name = "pair_among"
    inherit_cache = True


def one_of(column: Column[Any], values: str) -> _Among:
    """Whether the column is one of the values that are given under this name when it is executed."""
    return _Among(column, bindparam(values, type_=_Values(column.type)))


def one_pair_of(one: Column[str], other: Column[str], pairs: str) -> _PairAmong:
    """The same of two columns of text together."""
    return _PairAmong(one, other, bindparam(pairs, type_=_Pairs()))


@compiles(_Among, "sqlite")
def _values_on_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  both are compiled


@compiles(_Among)
def _values_elsewhere(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_PairAmong, "sqlite")
def _pairs_on_sqlite(element: _PairAmong, compiler: SQLCompiler, **kw: Any) -> str:
    one, other, pairs = (compiler.process(part, **kw) for part in element.clauses)
    return f"({one}, {other}) IN (SELECT value ->> 0, value ->> 1 FROM json_each({pairs}))"  # noqa: S608


@compiles(_PairAmong)
def _pairs_elsewhere(element: _PairAmong, compiler: SQLCompiler, **kw: Any) -> str:
    one, other, pairs = (compiler.process(part, **kw) for part in element.clauses)
    of = f"SELECT pair ->> 0, pair ->> 1 FROM json_array_elements(CAST({pairs} AS JSON)) AS pair"  # noqa: S608
    return f"({one}, {other}) IN ({of})"
