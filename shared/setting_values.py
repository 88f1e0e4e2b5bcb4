"""How the text of a setting becomes a value. A ValueError's words follow the variable's name: "must be …"."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from shared.errors import Misconfigured
from shared.vocabulary import Role

_ENCRYPTED = {"verify-ca", "verify-full", "require"}
_PLAIN_SCHEMES = {"kafka", "http", "smtp"}


def text(value: str) -> str:
    """As it is."""
    return value


def folder(value: str) -> Path:
    """A path that stays the same when the process changes its folder."""
    return Path(value).absolute()


def one_of(*words: str) -> Callable[[str], str]:
    """One word of a closed list."""

    def check(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be {' or '.join(words)}")
        return value

    return check


def whole_number(value: str) -> int:
    """A count."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError("must be a whole number")
    return int(value)


def yes_or_no(value: str) -> bool:
    """A consent or its absence."""
    return one_of("yes", "no")(value) == "yes"


def address(*schemes: str) -> Callable[[str], str]:
    """A URL of one of these schemes."""
    starts = " or ".join(f"{one}://" for one in schemes)

    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or "://" not in value:
            raise ValueError(f"must be an address that starts with {starts}")
        try:
            _ = parts.port
        except ValueError:
            raise ValueError("must have a port between 0 and 65535") from None
        return value

    return check


def keys(value: str) -> tuple[bytes, ...]:
    """Root keys, one per line or separated by commas."""
    return tuple(_key(part.strip()) for part in value.replace("\n", ",").split(",") if part.strip())


def _key(value: str) -> bytes:
    try:
        key = bytes.fromhex(value) if len(value) == 64 else base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError("must be keys of 32 bytes in base64 or hexadecimal, separated by commas")
    # Thirty-two drawn bytes never have so few different ones; typed ones do.
    if len(set(key)) < 8:
        raise ValueError("must be random; this key is not")
    return key


def table(value: str) -> dict[str, str]:
    """A JSON object whose values are texts."""
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ValueError('must be a JSON object of texts, like {"theirs": "ours"}')
    return found


def roles(value: str) -> dict[str, str]:
    """The same, each value a role of Heed."""
    found = table(value)
    if not set(found.values()) <= {one.value for one in Role}:
        raise ValueError(f"must lead to roles of Heed: {', '.join(one.value for one in Role)}")
    return found


def is_plain(value: str) -> bool:
    """Whether an address speaks over a network without encryption."""
    parts = urlsplit(value)
    if parts.scheme.startswith("postgresql"):
        return not _ENCRYPTED.intersection(parse_qs(parts.query).get("sslmode", []))
    return parts.scheme in _PLAIN_SCHEMES


def content_of(name: str, path: str) -> str:
    """What stands in the file that a setting names. Raises Misconfigured."""
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured(f"{name} names a file that cannot be read.") from None
    if not content:
        raise Misconfigured(f"{name} names a file that is empty.")
    return content


def own_keys(place: Path) -> tuple[bytes, ...]:
    """The embedded run's own key, put into place whole so that two first starts agree on one. Raises
    Misconfigured.
    """
    path = place / "secret.keys"
    if not path.exists():
        try:
            _make_key(path)
        except OSError:
            raise Misconfigured(
                "HEED_DATA names a folder that cannot be written: make room or change its rights."
            ) from None
    return keys(content_of("HEED_DATA/secret.keys", str(path)))


def _make_key(path: Path) -> None:
    fresh = path.with_name(f".secret.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")
    # Linked, not renamed: of two first starts the one that comes second takes the key of the first.
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
