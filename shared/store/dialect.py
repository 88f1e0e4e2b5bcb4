"""The one statement that the two databases spell differently."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(db: Connection, table: Table, rows: Sequence[dict[str, Any]] = ()) -> "sqlite.Insert":
    """An insert that can be told what to do on conflict; both dialects share that part of the interface.

    Without rows it is compiled once and executed with many.
    """
    make = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    statement: Any = make(table).values(list(rows)) if rows else make(table)
    return statement  # type: ignore[no-any-return]  # the two Insert classes share these methods but no base
