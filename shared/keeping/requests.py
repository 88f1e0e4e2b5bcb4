"""The requests to erase that a service keeps about its records."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, Table, delete, select

from shared import replicas
from shared.errors import Conflict, Invalid, NotFound
from shared.keeping.erasure import Erasure, Ground, Standing
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

_PLAIN = ("reference", "asked_by", "asked_at", "decided_by", "decided_at")


@dataclass(frozen=True)
class _Body:
    reason: str
    answer: str


class Requests:
    """The requests in a service's table, whose column `key` names the record."""

    def __init__(self, table: Table, key: str) -> None:
        self._table = table
        self._key = table.c[key]

    def ask(self, tx: Transaction, record_id: str, reference: str, ground: Ground, reason: str) -> None:
        """Somebody asks. Raises Invalid without a reason, Conflict when somebody asked already."""
        if not reason.strip():
            raise Invalid("Enter the reason.", {"reason": ["Enter why this is to be erased."]})
        one = Erasure(
            record_id=record_id, reference=reference, ground=ground, reason=reason.strip(),
            asked_by=tx.scope.actor.id, asked_at=tx.now,
        )  # fmt: skip
        # Of two who ask at the same moment the database lets one through.
        if not self._write(tx, one, self._table.c.state != Standing.ASKED.value):
            raise Conflict("Somebody has asked for this already. A manager decides.")

    def take(self, tx: Transaction, record_id: str) -> Erasure:
        """What waits for a decision; of two who decide at once the second learns that the first did. Raises
        NotFound."""
        found = self._find(tx, record_id, lock=True)
        if found is None:
            raise NotFound("Nobody has asked that this be erased.")
        return found

    def decided(self, tx: Transaction, one: Erasure) -> None:
        """Keep the decision."""
        self._write(tx, one, None)

    def find(self, tx: Transaction, record_id: str) -> Erasure | None:
        """What was asked about a record."""
        return self._find(tx, record_id, lock=False)

    def among(self, tx: Transaction, record_ids: list[str]) -> set[str]:
        """Those of these records about which somebody has asked."""
        query = select(self._key).where(self._table.c.authority == tx.authority, self._key.in_(record_ids))
        return set(tx.db.execute(query).scalars())

    def listed(self, tx: Transaction, state: Standing, limit: int) -> list[Erasure]:
        """Requests in a state about records open to the reader, the latest first."""
        query = select(self._table).where(
            self._table.c.authority == tx.authority,
            self._table.c.state == state.value,
            replicas.open_to(self._key, tx),
        )
        rows = tx.db.execute(query.order_by(self._table.c.asked_at.desc()).limit(limit))
        return [self._read(tx, row) for row in rows]

    def forget(self, tx: Transaction, record_id: str) -> None:
        """The record went with another; nothing that was said about erasing it is left."""
        here = (self._table.c.authority == tx.authority, self._key == record_id)
        tx.db.execute(delete(self._table).where(*here))

    def _find(self, tx: Transaction, record_id: str, *, lock: bool) -> Erasure | None:
        query = select(self._table).where(self._table.c.authority == tx.authority, self._key == record_id)
        row = tx.db.execute(query.with_for_update() if lock else query).one_or_none()
        return self._read(tx, row) if row else None

    def _write(self, tx: Transaction, one: Erasure, only: Any) -> bool:
        values: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
        values |= {"authority": tx.authority, self._key.name: one.record_id}
        values |= {"ground": one.ground.value, "state": one.state.value}
        values["body"] = tx.seal(_place(one.record_id), msgspec.json.encode(_Body(one.reason, one.answer)))
        statement = upsert(tx.db, self._table, [values])
        keys = ["authority", self._key.name]
        changed = {name: statement.excluded[name] for name in values if name not in keys}
        kept = statement.on_conflict_do_update(index_elements=keys, set_=changed, where=only)
        return tx.db.execute(kept).rowcount == 1

    def _read(self, tx: Transaction, row: Row[Any]) -> Erasure:
        record_id = row._mapping[self._key.name]
        body = msgspec.json.decode(tx.open(_place(record_id), row.body), type=_Body)
        plain = {name: getattr(row, name) for name in _PLAIN}
        return Erasure(
            record_id=record_id, ground=Ground(row.ground), state=Standing(row.state),
            reason=body.reason, answer=body.answer, **plain,
        )  # fmt: skip


def _place(record_id: str) -> str:
    return f"erasure/{record_id}/body"
