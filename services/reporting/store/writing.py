"""The statements that are executed for every fact, made once: making them costs more than running them."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Table

from shared.store.dialect import upsert
from shared.store.transaction import Transaction

Way = Literal["replace", "add", "keep"]
_MADE: dict[tuple[str, str, Way], Any] = {}


def write(tx: Transaction[Any], table: Table, way: Way, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; where one of that key is there, replace it, add to its `count`, or keep it."""
    key = tx.db.dialect.name, table.name, way
    if key not in _MADE:
        _MADE[key] = _make(tx, table, way)
    if rows:
        tx.db.execute(_MADE[key], list(rows))


def _make(tx: Transaction[Any], table: Table, way: Way) -> Any:
    statement = upsert(tx.db, table)
    if way == "keep":
        return statement.on_conflict_do_nothing()
    keys = [column.name for column in table.primary_key]
    changed: dict[str, Any] = {
        column.name: statement.excluded[column.name] for column in table.c if column.name not in keys
    }
    if way == "add":
        changed["count"] = table.c.count + statement.excluded.count
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)
