"""How personal parts are written down: JSON of a typed value, sealed to its table, record and column."""

from typing import TypeVar

import msgspec

from shared.store.transaction import Transaction

T = TypeVar("T")


def seal(tx: Transaction, table: str, record_id: str, value: object) -> bytes:
    """The sealed JSON of a value."""
    # The place is bound in: a body moved to another record or table does not open.
    return tx.seal(f"{table}/{record_id}/body", msgspec.json.encode(value))


def unseal(tx: Transaction, table: str, record_id: str, sealed: bytes, kind: type[T]) -> T:
    """The value again."""
    return msgspec.json.decode(tx.open(f"{table}/{record_id}/body", sealed), type=kind)
