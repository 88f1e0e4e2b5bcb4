"""Making a backup while the region runs.

All databases are held for the moment it takes to open a view of each, so that no fact is in one and missing
in the next; the copying itself holds nobody up.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec

from shared.clock import Clock, wall_clock
from shared.crypto import key_ids
from shared.errors import Refused, Unavailable
from shared.settings import Settings
from shared.store.backup_places import (
    FILES,
    KEYS,
    MANIFEST,
    Manifest,
    databases,
    digest,
    file_folder,
    key_folder,
)
from shared.store.restore import restore

__all__ = ["backup", "restore"]

_PATIENCE = 15.0


def backup(settings: Settings, folder: Path, clock: Clock = wall_clock) -> Iterator[str]:
    """Write a backup into a new folder, its keys into `<folder>.keys`. Yields what it did.

    Raises Refused for a folder in use or databases that are not SQLite, Unavailable when they are too busy.
    """
    for place in (folder, key_folder(folder)):
        if place.exists() and any(place.iterdir()):
            raise Refused("That folder is in use already. Name a new one for each backup.")
    sources = databases(settings)
    if not sources:
        raise Refused("There is no database here to back up. Set HEED_DATA to the folder of the run.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made_at = clock().isoformat()
    yield from _copy_databases(sources, folder)
    files = _copy_files(file_folder(settings), folder / FILES)
    yield f"files: {files} copied"
    yield _copy_keys(settings.data / KEYS, key_folder(folder))
    digests = {path.name: digest(folder / path.name) for path in sources}
    manifest = Manifest(made_at, digests, files, key_ids(settings.secret_keys))
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    yield f"{folder}: complete"


def _copy_databases(sources: list[Path], folder: Path) -> Iterator[str]:
    with ExitStack() as views:
        for source, view in zip(sources, _one_instant(sources, views), strict=True):
            with closing(sqlite3.connect(folder / source.name)) as target:
                view.backup(target)
            yield f"{source.name}: copied"


def _one_instant(sources: list[Path], views: ExitStack) -> list[sqlite3.Connection]:
    """A view of each database, all of the same instant: writers wait until the last one is open."""
    opened = []
    try:
        with ExitStack() as held:
            for path in sources:
                held.enter_context(closing(_connect(path))).execute("BEGIN IMMEDIATE")
            for path in sources:
                view = views.enter_context(closing(_connect(path)))
                view.execute("BEGIN")
                # SQLite fixes what a transaction sees at its first read, not at its beginning.
                view.execute("SELECT count(*) FROM sqlite_master").fetchone()
                opened.append(view)
    except sqlite3.OperationalError:
        raise Unavailable("A database was busy for too long. Try again when less is going on.") from None
    return opened


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)


def _copy_files(source: Path | None, target: Path) -> int:
    if source is None or not source.exists():
        return 0
    found = [path for path in source.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return sum(_copied(path, target / path.relative_to(source)) for path in found)


def _copied(source: Path, target: Path) -> bool:
    """False for one that its owner destroyed meanwhile: then it must not live on in a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        return False
    return True


def _copy_keys(source: Path, target: Path) -> str:
    if not source.exists():
        return "keys: not in the data folder; keep what HEED_SECRET_KEYS holds"
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy2(source, target / KEYS)
    return f"keys: copied to {target}; keep them in another place than the databases"
