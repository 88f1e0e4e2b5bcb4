"""Many rows of one table, as the driver takes them: a dictionary for each takes longer than writing it."""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table

from shared.store.guard import BOUND, Unscoped

_Bind = Callable[[Any], Any]


class _Texts(NamedTuple):
    insert: str
    delete: str
    binds: list[_Bind | None]


class Rows:
    """Statements on these columns, made once; `settled` says in SQL what happens on conflict.

    The authority is no value of a row: where the table has that column, it is the bound one.
    """

    def __init__(self, table: Table, *columns: str, settled: str = "") -> None:
        self._table, self._settled = table, settled
        self._walled = "authority" in table.c
        self._columns = (*(["authority"] if self._walled else []), *columns)
        self._made: dict[tuple[str, str | None], _Texts] = {}

    def add(self, db: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write them in this order. Raises Unscoped while no authority is bound."""
        if rows:
            made = self._texts(db)
            db.exec_driver_sql(made.insert, self._bound(db, made.binds, rows))

    def drop(self, db: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Delete those with exactly these values. Raises Unscoped while no authority is bound."""
        if rows:
            made = self._texts(db)
            db.exec_driver_sql(made.delete, self._bound(db, made.binds, rows))

    def _bound(self, db: Connection, binds: Sequence[_Bind | None], rows: Sequence[Any]) -> list[Any]:
        if not self._walled and not any(binds):
            return list(rows)
        # By columns, so that most of the work is done in C.
        values: list[Iterable[Any]] = [
            given if bind is None else _converted(bind, given)
            for bind, given in zip(binds, zip(*rows, strict=True), strict=True)
        ]
        if self._walled:
            authority = db.info.get(BOUND)
            if not authority:
                raise Unscoped(f"Rows for {self._table} were added while no authority was bound.")
            values.insert(0, repeat(authority, len(rows)))
        return list(zip(*values, strict=True))

    def _texts(self, db: Connection) -> _Texts:
        schema = (db.get_execution_options().get("schema_translate_map") or {}).get(None)
        form = db.dialect.name, schema
        if form not in self._made:
            self._made[form] = self._make(db, schema)
        return self._made[form]

    def _make(self, db: Connection, schema: str | None) -> _Texts:
        quote = db.dialect.identifier_preparer.quote
        name = f"{schema}.{quote(self._table.name)}" if schema else quote(self._table.name)
        columns, mark = [quote(one) for one in self._columns], "?" if db.dialect.name == "sqlite" else "%s"
        marks, settled = ", ".join([mark] * len(columns)), f" ON CONFLICT {self._settled}"
        insert = f"INSERT INTO {name} AS here ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  our own names
        same = " AND ".join(f"{one} = {mark}" for one in columns)
        types = (self._table.c[one].type.dialect_impl(db.dialect) for one in self._columns[self._walled :])
        return _Texts(
            insert + settled if self._settled else insert,
            f"DELETE FROM {name} WHERE {same}",  # noqa: S608  our own names
            [one.bind_processor(db.dialect) for one in types],
        )


def _converted(bind: _Bind, given: Sequence[Any]) -> Iterable[Any]:
    """Each value once: the rows of a batch share most of their moments."""
    known = {one: bind(one) for one in set(given)}
    return map(known.__getitem__, given)
