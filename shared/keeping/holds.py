"""Legal holds: what is under one is kept, whatever a rule or an order says, until a manager lifts it. The
service that owns the record keeps them, each with its reasons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Table, delete, select, update

from shared.errors import Invalid, Refused
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

_PLAIN = ("held_by", "held_at", "lifted_by", "lifted_at")


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One hold; `because` is why it was lifted."""

    held_by: str
    held_at: datetime
    reason: str
    lifted_by: str = ""
    lifted_at: datetime | None = None
    because: str = ""

    @property
    def stands(self) -> bool:
        """Whether it keeps the record."""
        return self.lifted_at is None


@dataclass(frozen=True)
class _Body:
    reason: str
    because: str = ""


class Holds:
    """The holds in a service's table, whose column `key` names the record."""

    def __init__(self, table: Table, key: str) -> None:
        self._table = table
        self._key = table.c[key]

    def put(self, tx: Transaction, record_id: str, by: str, at: datetime, reason: str) -> None:
        """Hold it. Raises Invalid without a reason, Refused when it is held already."""
        values = {
            "authority": tx.authority, self._key.name: record_id, "held_by": by, "held_at": at,
            "lifted_by": "", "lifted_at": None, "body": self._seal(tx, record_id, _Body(_words(reason))),
        }  # fmt: skip
        statement = upsert(tx.db, self._table, [values])
        keys = ["authority", self._key.name]
        changed = {name: statement.excluded[name] for name in values if name not in keys}
        lifted = self._table.c.lifted_at.is_not(None)
        kept = statement.on_conflict_do_update(index_elements=keys, set_=changed, where=lifted)
        if tx.db.execute(kept).rowcount != 1:
            raise Refused("It is under a legal hold already.")

    def lift(self, tx: Transaction, record_id: str, by: str, at: datetime, because: str) -> None:
        """Hold it no longer. Raises Invalid without a reason, Refused when nothing holds it."""
        found, words = self.find(tx, record_id), _words(because)
        if found is None or not found.stands:
            raise Refused("It is under no legal hold.")
        here = (self._table.c.authority == tx.authority, self._key == record_id)
        body = self._seal(tx, record_id, _Body(found.reason, words))
        tx.db.execute(update(self._table).where(*here).values(lifted_by=by, lifted_at=at, body=body))

    def find(self, tx: Transaction, record_id: str) -> Hold | None:
        """The last hold of a record, lifted or not."""
        query = select(self._table).where(self._table.c.authority == tx.authority, self._key == record_id)
        row = tx.db.execute(query).one_or_none()
        if row is None:
            return None
        body = msgspec.json.decode(tx.open(_place(record_id), row.body), type=_Body)
        plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
        return Hold(reason=body.reason, because=body.because, **plain)

    def stands(self, tx: Transaction, record_id: str) -> bool:
        """Whether the record must be kept."""
        found = self.find(tx, record_id)
        return found is not None and found.stands

    def forget(self, tx: Transaction, record_id: str) -> None:
        """The record is gone."""
        tx.db.execute(
            delete(self._table).where(self._table.c.authority == tx.authority, self._key == record_id)
        )

    def _seal(self, tx: Transaction, record_id: str, body: _Body) -> bytes:
        return tx.seal(_place(record_id), msgspec.json.encode(body))


def _words(text: str) -> str:
    if not text.strip():
        raise Invalid("Enter the reason.", {"reason": ["Enter the reason."]})
    return text.strip()


def _place(record_id: str) -> str:
    return f"hold/{record_id}/body"
