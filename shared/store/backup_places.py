"""Where things lie, in the run and in a backup."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.errors import Refused
from shared.settings import Settings

MANIFEST, KEYS, FILES = "backup.json", "secret.keys", "files"
_SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Manifest:
    """What a complete backup holds: each database with its SHA-256, how many files, the ids of the keys."""

    made_at: str
    databases: dict[str, str]
    files: int
    keys: tuple[str, ...]


def databases(settings: Settings) -> list[Path]:
    """Those that exist: the services', then that of the files, then the bus, as transactions nest. Raises
    Refused where they are not SQLite."""
    if not settings.database.startswith(_SQLITE) or not settings.bus_url.startswith(_SQLITE):
        raise Refused("These databases are not SQLite: use their own tools, see docs/operate/backup.md.")
    pattern, contents = _path(settings.database_url("*")), _path(settings.database_url("files"))
    bus = _path(settings.bus_url)
    services = sorted(path for path in pattern.parent.glob(pattern.name) if path not in {contents, bus})
    return [*services, *(path for path in (contents, bus) if path.exists())]


def place_of(settings: Settings, name: str) -> Path:
    """Where the database of that file name belongs."""
    bus = _path(settings.bus_url)
    return bus if name == bus.name else _path(settings.database_url("x")).with_name(name)


def file_folder(settings: Settings) -> Path | None:
    """The folder of files, if they are in one."""
    url = urlsplit(settings.files_url)
    return Path(unquote(url.path)) if url.scheme == "file" else None


def key_folder(backup: Path) -> Path:
    """The keys of a backup lie beside it, to be taken elsewhere."""
    return backup.with_name(f"{backup.name}.keys")


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _path(url: str) -> Path:
    return Path(url.removeprefix(_SQLITE))
