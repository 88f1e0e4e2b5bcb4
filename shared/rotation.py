"""Bringing everything that is sealed under the active root key, so that an old one can be put away.

Only the wrapping of each value's own key changes. Batches are short and what is done stays done: an
interrupted run is simply started again, while the services go on.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import LargeBinary, Table, and_, select, tuple_, update

from shared.runtime import Runtime
from shared.store.guard import is_tenant
from shared.store.schema import metadatas
from shared.store.transaction import Transaction

BATCH = 200


def rotate(runtime: Runtime) -> int:
    """Rewrap one service's rows and files. Returns how many values needed it."""
    moved = 0
    for authority in ["", *runtime.authorities()]:
        for table in _sealed_tables(runtime):
            # Bytes that were no envelope belong to no authority; they wait in a table of the kernel's own.
            if not authority and is_tenant(table):
                continue
            moved += sum(_batches(runtime, authority, table))
        if authority:
            with runtime.database.transaction(runtime.system(authority)) as tx:
                moved += runtime.database.tools.files.rewrap(tx)
    return moved


def _sealed_tables(runtime: Runtime) -> Iterator[Table]:
    for metadata in metadatas(runtime.service.metadata):
        for table in metadata.sorted_tables:
            if "authority" in table.c and _sealed(table):
                yield table


def _sealed(table: Table) -> list[Any]:
    return [column for column in table.c if isinstance(column.type, LargeBinary)]


def _batches(runtime: Runtime, authority: str, table: Table) -> Iterator[int]:
    last: Sequence[Any] | None = None
    while True:
        with runtime.database.transaction(runtime.system(authority)) as tx:
            rows = _rows(tx, table, authority, last)
            yield sum(_rewrap(tx, table, row, authority) for row in rows)
        if len(rows) < BATCH:
            return
        last = [rows[-1][column.name] for column in table.primary_key]


def _rows(tx: Transaction[Any], table: Table, authority: str, last: Sequence[Any] | None) -> list[Any]:
    key = list(table.primary_key)
    query = select(*key, *_sealed(table)).where(table.c.authority == authority).order_by(*key).limit(BATCH)
    if last is not None:
        query = query.where(tuple_(*key) > tuple_(*last))
    return list(tx.db.execute(query).mappings())


def _rewrap(tx: Transaction[Any], table: Table, row: Any, authority: str) -> int:
    vault = tx.tools.vault
    changed = {
        column.name: vault.rewrap(authority, row[column.name])
        for column in _sealed(table)
        if row[column.name] and not vault.is_current(row[column.name])
    }
    if changed:
        here = and_(*(column == row[column.name] for column in table.primary_key))
        tx.db.execute(update(table).where(table.c.authority == authority, here).values(changed))
    return len(changed)
