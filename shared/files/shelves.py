"""Where sealed contents lie: the port, and the folder that is one of its two adapters."""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from shared.errors import Unavailable

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_ADDRESS = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Place:
    """One content: the service that owns it, its authority, and its address (64 hexadecimal digits)."""

    owner: str
    authority: str
    address: str

    def __post_init__(self) -> None:
        if not (
            _CODE.fullmatch(self.owner)
            and _CODE.fullmatch(self.authority)
            and _ADDRESS.fullmatch(self.address)
        ):
            raise ValueError("That is no place of a file.")


class Shelf(Protocol):
    """Keeps sealed bytes by place. All of it raises Unavailable when the medium does not answer."""

    def write(self, place: Place, sealed: bytes, now: datetime) -> None:
        """Keep it; durable when this returns. Writing the same place again replaces it."""

    def read(self, place: Place) -> bytes | None:
        """What is kept there, if anything."""

    def remove(self, place: Place) -> None:
        """Keep it no longer; no fault if it was not there."""

    def written_before(self, owner: str, authority: str, moment: datetime) -> Iterator[str]:
        """The addresses that were written before then."""


class FolderShelf:
    """A folder, of this machine or shared: `owner/authority/ab/address`, readable by its owner only."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, place: Place, sealed: bytes, now: datetime) -> None:
        """See Shelf."""
        path = self._path(place)
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            os.utime(fresh, (now.timestamp(), now.timestamp()))
            # Only now, whole and on the disk: a reader sees all of it or nothing.
            os.replace(fresh, path)
            _sync_folder(path.parent)
        except OSError:
            raise Unavailable("Files cannot be stored now. Try again in a few minutes.") from None

    def read(self, place: Place) -> bytes | None:
        """See Shelf."""
        try:
            return self._path(place).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise Unavailable("Files cannot be read now. Try again in a few minutes.") from None

    def remove(self, place: Place) -> None:
        """See Shelf."""
        try:
            self._path(place).unlink(missing_ok=True)
        except OSError:
            raise Unavailable("Files cannot be deleted now. Try again in a few minutes.") from None

    def written_before(self, owner: str, authority: str, moment: datetime) -> Iterator[str]:
        """See Shelf."""
        for path in sorted((self._root / owner / authority).glob("??/*")):
            if not _older(path, moment):
                continue
            if _ADDRESS.fullmatch(path.name):
                yield path.name
            else:  # begun by a process that was killed
                path.unlink(missing_ok=True)

    def _path(self, place: Place) -> Path:
        return self._root / place.owner / place.authority / place.address[:2] / place.address


def _older(path: Path, moment: datetime) -> bool:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
