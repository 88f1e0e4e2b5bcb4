"""Threshold decisions and advice: rows are added and never changed, but for the day advice left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from services.intake.domain.advice import Advice, Delivery
from services.intake.domain.threshold import Judgement, Recorded
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import advice, threshold_decision
from shared.store.transaction import Transaction
from shared.vocabulary import Decision

_ADVICE = ("contact_id", "kind", "method", "written_by", "written_at", "corrects", "letter_id", "sent_at")
_DECIDED, _ADVISED = insert(threshold_decision), insert(advice)
_GIVEN = select(advice).where(advice.c.authority == bindparam("whose"), advice.c.id == bindparam("which"))
# The only columns of advice that ever change: what was said stays as it was said.
_DELIVERED = update(advice).where(
    advice.c.authority == bindparam("whose"), advice.c.id == bindparam("which"), advice.c.sent_at.is_(None)
)


@dataclass(frozen=True)
class _Words:
    text: str


def add_decision(tx: Transaction, one: Recorded) -> None:
    """Record a decision for ever."""
    judgement = one.judgement
    row = {
        "id": one.id,
        "contact_id": one.contact_id,
        "decision": judgement.decision.value,
        "criteria": list(judgement.criteria),
        "tier": judgement.tier,
        "decided_by": judgement.decided_by,
        "decided_at": one.decided_at,
        "body": seal(tx, "threshold_decision", one.id, _Words(judgement.reasons)),
    }
    tx.db.execute(_DECIDED, row)


def decisions_of(tx: Transaction, contact_id: str) -> list[Recorded]:
    """All decisions on a contact, in order; the last one counts."""
    table = threshold_decision
    query = select(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id)
    return [_recorded(tx, row) for row in tx.db.execute(query.order_by(table.c.decided_at, table.c.id)).all()]


def add_advice(tx: Transaction, one: Advice) -> None:
    """Record a piece of advice for ever."""
    values: dict[str, Any] = {name: getattr(one, name) for name in _ADVICE}
    values["delivery"] = one.delivery.value
    body = seal(tx, "advice", one.id, _Words(one.text))
    tx.db.execute(_ADVISED, {"id": one.id, "body": body, **values})


def mark_delivery(tx: Transaction, advice_id: str, delivery: Delivery, sent_at: datetime | None) -> bool:
    """Note how far it came; False when it was known to have left before."""
    where = {"whose": tx.authority, "which": advice_id}
    changed = tx.db.execute(_DELIVERED, {**where, "delivery": delivery.value, "sent_at": sent_at})
    return changed.rowcount == 1


def find_advice(tx: Transaction, advice_id: str) -> Advice | None:
    """One piece of advice."""
    row = tx.db.execute(_GIVEN, {"whose": tx.authority, "which": advice_id}).one_or_none()
    return _advice(tx, row) if row else None


def advice_of(tx: Transaction, contact_id: str) -> list[Advice]:
    """All advice on a contact, in order."""
    query = select(advice).where(advice.c.authority == tx.authority, advice.c.contact_id == contact_id)
    return [_advice(tx, row) for row in tx.db.execute(query.order_by(advice.c.written_at, advice.c.id)).all()]


def _recorded(tx: Transaction, row: Row[Any]) -> Recorded:
    judgement = Judgement(
        decision=Decision(row.decision),
        criteria=tuple(row.criteria),
        tier=row.tier,
        reasons=unseal(tx, "threshold_decision", row.id, row.body, _Words).text,
        decided_by=row.decided_by,
    )
    return Recorded(id=row.id, contact_id=row.contact_id, judgement=judgement, decided_at=row.decided_at)


def _advice(tx: Transaction, row: Row[Any]) -> Advice:
    values: dict[str, Any] = {name: getattr(row, name) for name in _ADVICE}
    text = unseal(tx, "advice", row.id, row.body, _Words).text
    return Advice(id=row.id, text=text, delivery=Delivery(row.delivery), **values)
