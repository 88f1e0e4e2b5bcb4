"""Requests to erase, and everything of a contact that an erasure deletes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, or_, select

from services.intake.domain.erasure import Erasure, Ground, Standing
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import (
    advice,
    contact,
    correction,
    draft,
    erasure,
    prior_concern,
    return_code,
    threshold_decision,
)
from shared import replicas
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

_PLAIN = ("contact_id", "reference", "asked_by", "asked_at", "decided_by", "decided_at")


@dataclass(frozen=True)
class _Body:
    reason: str
    answer: str


def put(tx: Transaction, one: Erasure) -> None:
    """A request as it stands."""
    values: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    values |= {"authority": tx.authority, "ground": one.ground.value, "state": one.state.value}
    values["body"] = seal(tx, "erasure", one.contact_id, _Body(one.reason, one.answer))
    statement = upsert(tx.db, erasure, [values])
    keys = ["authority", "contact_id"]
    changed = {name: statement.excluded[name] for name in values if name not in keys}
    tx.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def find(tx: Transaction, contact_id: str, *, lock: bool = False) -> Erasure | None:
    """What was asked about a contact."""
    query = select(erasure).where(erasure.c.authority == tx.authority, erasure.c.contact_id == contact_id)
    row = tx.db.execute(query.with_for_update() if lock else query).one_or_none()
    return _erasure(tx, row) if row else None


def listed(tx: Transaction, state: Standing, limit: int) -> list[Erasure]:
    """Requests in a state about contacts open to the reader, the latest first."""
    query = select(erasure).where(
        erasure.c.authority == tx.authority,
        erasure.c.state == state.value,
        replicas.open_to(erasure.c.contact_id, tx),
    )
    return [
        _erasure(tx, row) for row in tx.db.execute(query.order_by(erasure.c.asked_at.desc()).limit(limit))
    ]


def wipe(tx: Transaction, contact_id: str) -> None:
    """Delete every row about the contact but the request."""
    drafts = select(draft.c.id).where(draft.c.authority == tx.authority, draft.c.contact_id == contact_id)
    mine = return_code.c.authority == tx.authority
    tx.db.execute(delete(return_code).where(mine, return_code.c.draft_id.in_(drafts)))
    for table in (draft, correction, advice, threshold_decision):
        tx.db.execute(
            delete(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id)
        )
    either = or_(prior_concern.c.contact_id == contact_id, prior_concern.c.other_contact_id == contact_id)
    tx.db.execute(delete(prior_concern).where(prior_concern.c.authority == tx.authority, either))
    tx.db.execute(delete(contact).where(contact.c.authority == tx.authority, contact.c.id == contact_id))


def _erasure(tx: Transaction, row: Row[Any]) -> Erasure:
    body = unseal(tx, "erasure", row.contact_id, row.body, _Body)
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Erasure(
        **plain, ground=Ground(row.ground), state=Standing(row.state), reason=body.reason, answer=body.answer
    )
