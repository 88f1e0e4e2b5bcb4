"""The statements that are executed for every fact, made once: making them costs more than running them."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Table, case

from shared.store.dialect import upsert
from shared.store.transaction import Transaction

Way = Literal["replace", "latest", "keep"]
Lines = list[dict[str, Any]]
_MADE: dict[tuple[str, str, Way], Any] = {}


def write(tx: Transaction[Any], table: Table, way: Way, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; where one of that key is there, replace it, add to its `count` and replace the rest only
    by what was recorded later (`latest`), or keep it."""
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
    if way == "latest":
        later = statement.excluded.recorded_at >= table.c.recorded_at
        changed = {name: case((later, value), else_=table.c[name]) for name, value in changed.items()}
        changed["count"] = table.c.count + statement.excluded.count
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)
