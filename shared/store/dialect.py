"""The one statement that the two databases spell differently."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = Callable[[Table], sqlite.Insert]


def upsert(db: Connection, table: Table, rows: Sequence[dict[str, Any]] = ()) -> "sqlite.Insert":
    """An insert that can be told what to do on conflict; both dialects share that part of the interface.

    Without rows it is compiled once and executed with many.
    """
    make = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    # One row is compiled once and for all; SQLAlchemy compiles a list of rows anew each time.
    given = rows[0] if len(rows) == 1 else list(rows)
    statement: Any = make(table).values(given) if rows else make(table)
    # Else `rowcount` is -1 on PostgreSQL, whatever became of the rows.
    return statement.execution_options(preserve_rowcount=True)  # type: ignore[no-any-return]  # the two Insert classes share these methods but no base


def spelled(make: Callable[[Insert], Executable]) -> Callable[[Connection], Executable]:
    """A statement on the database's own `insert`, made once: making one costs more than running it.

    Its values are handed to `execute`, one row or many.
    """

    @cache
    def made(dialect: str) -> Executable:
        insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
        return make(insert).execution_options(preserve_rowcount=True)

    return lambda db: made(db.dialect.name)
