"""How search seals what is personal and hashes what must be found."""

import zlib
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from services.search.domain.keys import Hash, hashing
from services.search.domain.portrait import Portrait
from shared.crypto import Vault
from shared.store.transaction import Transaction

T = TypeVar("T")

_PACK = msgspec.msgpack.Encoder().encode
_PORTRAIT = msgspec.msgpack.Decoder(Portrait)
_JSON = msgspec.json.Encoder().encode
# What nearly every value repeats, mostly names of fields. What was pressed with it opens with nothing else:
# never change it.
_KNOWN = (
    b'{"id":"","names":[{"kind":"legal","title":"","given":"","middle":"","surname":"","full":""}],"born":"",'
    b'"born_from_age":false,"addresses":[{"line1":"","town":"","postcode":"","since":null,"until":null}],'
    b'"phones":["07700 900"],"emails":["@"],"identifiers":[{"scheme":"TRN","value":""}],"work":[{"setting":'
    b'{"name":" School","kind":"","town":"","postcode":"","identifiers":[{"scheme":"URN","value":""}],"id":""'
    b'},"role":"OTHER","sector":"UNKNOWN","basis":"UNKNOWN","status":"in_post","job_title":"","employer":"",'
    b'"regulated_activity":null,"since":null,"until":null}]}'
)
# A small window: values are short, and a large one takes longer to make ready than to use. Copied for each
# value, because reading in what is known takes as long as the value. The third level is as fast as the first.
_PRESS = zlib.compressobj(3, zlib.DEFLATED, 12, 5, zlib.Z_DEFAULT_STRATEGY, _KNOWN)


@lru_cache(maxsize=8)
def _hash_of(vault: Vault, purpose: str) -> Hash:
    return hashing(bytes.fromhex(vault.fingerprint("search", purpose)))


def key_hash(tx: Transaction[Any]) -> Hash:
    """The region's hash of match keys."""
    return _hash_of(tx.tools.vault, "keys")


def term_hash(tx: Transaction[Any]) -> Hash:
    """The region's hash of counted terms; unlike that of keys, so that the two tables cannot be joined."""
    return _hash_of(tx.tools.vault, "terms")


def opaque(tx: Transaction[Any], purpose: str, *parts: str) -> str:
    """The same id for the same parts, always, which tells nothing about them: in the shape of a UUID."""
    # Keyed and repeatable: both sides and every rebuild name a pair alike, and nobody can guess it.
    found = tx.tools.vault.fingerprint(f"search|{purpose}", "\x1f".join(parts))
    return f"{found[:8]}-{found[8:12]}-8{found[12:15]}-a{found[15:18]}-{found[18:30]}"


def seal_portrait(tx: Transaction[Any], number: int, portrait: Portrait) -> bytes:
    """For the bound authority."""
    return tx.seal(f"portrait/{number}", _PACK(portrait))


def open_portrait(tx: Transaction[Any], authority: str, number: int, sealed: bytes) -> Portrait:
    """Under the authority that holds it."""
    place = f"{tx.tools.service}/portrait/{number}"
    return _PORTRAIT.decode(tx.tools.vault.open(authority, place, sealed))


def seal(tx: Transaction[Any], place: str, value: object) -> bytes:
    """Any value as JSON, pressed and sealed: a million descriptions of people are mostly names of fields."""
    press = _PRESS.copy()
    return tx.seal(place, press.compress(_JSON(value)) + press.flush())


def unseal(tx: Transaction[Any], place: str, kind: type[T], sealed: bytes) -> T:
    """The value back, whether or not it was pressed with what values repeat."""
    plain = zlib.decompressobj(zdict=_KNOWN).decompress(tx.open(place, sealed))
    return msgspec.json.decode(plain, type=kind)


def mark(tx: Transaction[Any], *portraits: Portrait) -> str:
    """Changes when any of these portraits changes; the order does not matter."""
    # A hash and not the data: both sides compare marks, and neither learns the other's record.
    return tx.tools.vault.fingerprint("search|mark", b"\x1e".join(sorted(_PACK(one) for one in portraits)))
