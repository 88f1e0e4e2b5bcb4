"""Personal data at rest: sealed per value, under a fresh key wrapped by the authority's.

A sealed value is `version | root key id | wrapped data key | nonce | ciphertext` (AES-256-GCM-SIV, RFC 8452).
The context (authority, table, record, column) is bound in, so that a ciphertext moved to another row or
authority does not open. Authority keys are derived from the process's root keys (HKDF-SHA256); the first root
key seals, all of them open.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.errors import HeedError

_VERSION = b"\x01"
# The authority's own key does the wrapping; what binds a value to its row is the ciphertext's context.
_WRAPPING = b"heed|data key"
_ID, _NONCE, _KEY, _WRAPPED = 4, 12, 32, 48
_HEAD = 1 + _ID + _NONCE + _WRAPPED + _NONCE


class Unreadable(HeedError):
    """A sealed value does not open: wrong key, wrong place, or altered."""


class Vault:
    """Seals and opens values for all authorities of one process; `roots` are 32-byte keys, the active one
    first.
    """

    def __init__(self, roots: tuple[bytes, ...]) -> None:
        self._roots = {_key_id(root): root for root in roots}
        self._active = _key_id(roots[0])
        self._wrapper = lru_cache(maxsize=1024)(self._derive)

    def seal(self, authority: str, context: str, plain: bytes) -> bytes:
        """Encrypt for this place. The same input seals differently each time."""
        # A key per value, so that changing the root key rewraps 48 bytes and not the whole database.
        # In one go, because each question to the system takes as long as the sealing.
        chance = os.urandom(_KEY + 2 * _NONCE)
        data_key, wrap_nonce, nonce = chance[:_KEY], chance[_KEY:-_NONCE], chance[-_NONCE:]
        bound = f"{authority}|{context}".encode()
        wrapped = self._wrapper(self._active, authority).encrypt(wrap_nonce, data_key, _WRAPPING)
        return (
            _VERSION
            + self._active
            + wrap_nonce
            + wrapped
            + nonce
            + AESGCMSIV(data_key).encrypt(nonce, plain, bound)
        )

    def open(self, authority: str, context: str, sealed: bytes) -> bytes:
        """Decrypt. Raises Unreadable, alike whatever the reason."""
        bound = f"{authority}|{context}".encode()
        try:
            data_key = self._unwrap(authority, sealed)
            return AESGCMSIV(data_key).decrypt(sealed[_HEAD - _NONCE : _HEAD], sealed[_HEAD:], bound)
        except (InvalidTag, KeyError, ValueError):
            raise Unreadable("A stored value does not open with the keys of this process.") from None

    def rewrap(self, authority: str, sealed: bytes) -> bytes:
        """The same value under the active root key. Raises Unreadable.

        The ciphertext, bound to its place, is not touched, so the place need not be known.
        """
        nonce = os.urandom(_NONCE)
        try:
            data_key = self._unwrap(authority, sealed)
        except (InvalidTag, KeyError, ValueError):
            raise Unreadable("A stored value does not open with the keys of this process.") from None
        wrapped = self._wrapper(self._active, authority).encrypt(nonce, data_key, _WRAPPING)
        return _VERSION + self._active + nonce + wrapped + sealed[_HEAD - _NONCE :]

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is wrapped by the active root key."""
        return sealed[1 : 1 + _ID] == self._active

    def fingerprint(self, purpose: str, value: str | bytes) -> str:
        """A keyed hash (hex, 256 bits) that only this region's keys can make; each purpose has its own."""
        raw = value.encode() if isinstance(value, str) else value
        # The oldest root for ever: a new one would make every hash that is stored unfindable.
        oldest = next(reversed(self._roots.values()))
        return hmac.new(_hkdf(oldest, f"fingerprint|{purpose}"), raw, hashlib.sha256).hexdigest()

    def _unwrap(self, authority: str, sealed: bytes) -> bytes:
        if sealed[:1] != _VERSION:
            raise ValueError("A sealed value of another version.")
        root, nonce = sealed[1 : 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE]
        wrapped = sealed[1 + _ID + _NONCE : _HEAD - _NONCE]
        return self._wrapper(root, authority).decrypt(nonce, wrapped, _WRAPPING)

    def _derive(self, root: bytes, authority: str) -> AESGCMSIV:
        return AESGCMSIV(_hkdf(self._roots[root], f"authority|{authority}"))


@lru_cache(maxsize=256)
def _hkdf(root: bytes, info: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"heed|{info}".encode()).derive(root)


def _key_id(root: bytes) -> bytes:
    return hashlib.sha256(b"heed|root|" + root).digest()[:_ID]


def key_ids(roots: tuple[bytes, ...]) -> tuple[str, ...]:
    """The names of root keys, which tell nothing about them: to see whether a backup and a process fit."""
    return tuple(_key_id(root).hex() for root in roots)
