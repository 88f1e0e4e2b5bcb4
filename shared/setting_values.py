"""How the text of a setting becomes a value. A ValueError's words follow the variable's name: "must be …"."""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_ENCRYPTED = {"verify-ca", "verify-full", "require"}
_PLAIN_SCHEMES = {"kafka", "http", "smtp", "imap"}


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


def is_plain(value: str) -> bool:
    """Whether an address speaks over a network without encryption."""
    parts = urlsplit(value)
    if parts.scheme.startswith("postgresql"):
        return not _ENCRYPTED.intersection(parse_qs(parts.query).get("sslmode", []))
    return parts.scheme in _PLAIN_SCHEMES
