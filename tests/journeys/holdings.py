"""What a region holds, read as an intruder with its keys would: every row, every sealed value, every file."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, MetaData, Table, select

from services.search.store import sealing
from shared import replicas
from shared.crypto import Unreadable
from shared.files import tables as files
from shared.mail import tables as mail
from shared.runtime import Runtime
from shared.store.engine import bind
from shared.store.tables import deferred, outbox
from tests.platform import Platform

AUTHORITY = "dorset"


def holding(platform: Platform, *ids: str) -> set[str]:
    """The tables, with their services, that hold any of these ids in any column; the kernel's own numbers
    left out."""
    return {
        f"{runtime.service.name}.{table.name}"
        for runtime, table, row in _rows(platform)
        if any(one in str(cell) for cell in row for one in ids)
    }


def said(platform: Platform, words: str) -> set[str]:
    """Where these words stand in anything that can be opened: sealed columns, journals, waiting records."""
    found = set()
    for runtime, table, row in _rows(platform):
        for column in [one for one in table.c if isinstance(one.type, LargeBinary)]:
            sealed = row._mapping[column.name]
            if sealed and words.encode() in _opened(runtime, table, row, column.name, sealed):
                found.add(f"{runtime.service.name}.{table.name}")
    for service in platform.region.runtimes:
        if any(words.encode() in bytes(one.data) for one in platform.envelopes(service)):
            found.add(f"{service}.journal")
    return found


def waiting(platform: Platform) -> int:
    """Records that wait in any service, to be sent or to be applied."""
    count = 0
    for runtime in platform.region.runtimes.values():
        with runtime.database.plumbing(writing=False) as db:
            count += sum(len(db.execute(select(table)).all()) for table in (outbox, deferred))
    return count


def stored(folder: Path) -> int:
    """Contents of files that are kept."""
    return sum(1 for one in folder.rglob("*") if one.is_file() and len(one.name) == 64)


def _rows(platform: Platform) -> Iterator[tuple[Runtime, Table, Any]]:
    for runtime in platform.region.runtimes.values():
        metadatas: tuple[MetaData, ...] = (
            runtime.service.metadata, replicas.metadata, mail.metadata, files.metadata,
        )  # fmt: skip
        with runtime.database.plumbing(writing=False) as db:
            bind(db, AUTHORITY)
            for table in [one for metadata in metadatas for one in metadata.sorted_tables]:
                # Past the guard, which lets no such statement through.
                for row in db.exec_driver_sql(f'SELECT * FROM "{table.name}"'):
                    yield runtime, table, row


def _opened(runtime: Runtime, table: Table, row: Any, column: str, sealed: bytes) -> bytes:
    """What was sealed to the place that its table, key and column say; nothing where another rule holds."""
    keys = [str(row._mapping[one.name]) for one in table.primary_key if one.name != "authority"]
    if table.name == "mention":
        keys = [row.contact_id, row.person_id]
    place = f"{runtime.service.name}/{table.name}/{'/'.join(keys)}"
    for tried in (f"{place}/{column}", place):
        try:
            plain = runtime.database.tools.vault.open(AUTHORITY, tried, bytes(sealed))
        except Unreadable:
            continue
        return _unpressed(plain) if runtime.service.name == "search" and table.name != "portrait" else plain
    return b""


def _unpressed(plain: bytes) -> bytes:
    return zlib.decompressobj(zdict=sealing._KNOWN).decompress(plain)
