"""Bringing a backup back, and proving that it is whole before anybody works on it.

Letters that were waiting may have left after the backup was made: they come back as begun and given up, so
that they become uncertain, a person decides, and none is sent twice unseen.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from shared import audit
from shared.crypto import key_ids
from shared.errors import Refused
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
    place_of,
)
from shared.store.engine import begin, open_engine

_GIVE_UP = (
    "UPDATE letter SET state = 'sending', leased_until = '2000-01-01 00:00:00.000000' "
    "WHERE state IN ('planned', 'sending')"
)
_HEADS = "SELECT authority FROM audit_head ORDER BY authority"


def restore(settings: Settings, folder: Path) -> Iterator[str]:
    """Bring a backup into a data folder without databases, and verify every audit chain. Yields what it
    found.

    Raises Refused when the backup is incomplete or altered, its keys are missing, the data folder is in use,
    or a chain is broken.
    """
    manifest = _read(folder)
    if databases(settings):
        raise Refused("The data folder has databases already. Restore into an empty one (HEED_DATA).")
    settings.data.mkdir(parents=True, exist_ok=True)
    yield _bring_keys(settings, key_folder(folder) / KEYS, manifest)
    places = [place_of(settings, name) for name in manifest.databases]
    for place in places:
        shutil.copy2(folder / place.name, place)
    target = file_folder(settings)
    if target is not None and (folder / FILES).exists():
        shutil.copytree(folder / FILES, target, dirs_exist_ok=True)
    yield f"databases: {len(places)} restored; files: {manifest.files} restored"
    for place in places:
        yield from _verified(place)


def _read(folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        altered = [name for name, expected in manifest.databases.items() if digest(folder / name) != expected]
    except (OSError, msgspec.DecodeError):
        raise Refused("This is no complete backup. Take another one.") from None
    if altered:
        raise Refused(f"{', '.join(altered)} of this backup was altered. Take another backup.")
    return manifest


def _bring_keys(settings: Settings, source: Path, manifest: Manifest) -> str:
    if set(manifest.keys) <= set(key_ids(settings.secret_keys)):
        return "keys: those of this process"
    if not source.exists():
        raise Refused(f"The keys of this backup are missing: put them at {source}, or set HEED_SECRET_KEYS.")
    shutil.copy2(source, settings.data / KEYS)
    return "keys: restored"


def _verified(place: Path) -> Iterator[str]:
    # By the driver itself: the service and its tables may be of another version than this process.
    with closing(sqlite3.connect(place)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Refused(f"{place.name} is damaged. Take another backup.")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        waiting = connection.execute(_GIVE_UP).rowcount if "letter" in tables else 0
        connection.commit()
        heads = connection.execute(_HEADS) if "audit_head" in tables else ()
        authorities = [row[0] for row in heads]
    yield f"{place.name}: {_chains(place, authorities)}"
    if waiting:
        yield f"{place.name}: {waiting} letters may have left since and are uncertain now"


def _chains(place: Path, authorities: list[str]) -> str:
    engine, links = open_engine(f"sqlite:///{place}"), 0
    for authority in authorities:
        with begin(engine, authority, writing=False) as db:
            verdict = audit.verify(db, authority)
        if verdict.broken_at is not None:
            where = f"{place.name}: the chain of {authority} is broken at link {verdict.broken_at}"
            raise Refused(f"{where}. Take another backup.")
        links += verdict.links
    engine.dispose()
    return f"{links} links in {len(authorities)} chains, whole"
