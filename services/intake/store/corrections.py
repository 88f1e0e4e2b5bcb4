"""What was put right about the adults and children of a contact; rows are added and never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import correction
from shared.clock import new_id
from shared.contracts.people import Child, Person
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Correction:
    """An adult or a child as they stand since then, and why; one of the two is set."""

    person: Person | None
    child: Child | None
    reason: str
    corrected_by: str = ""
    corrected_at: datetime | None = None


@dataclass(frozen=True)
class _Body:
    reason: str
    person: Person | None = None
    child: Child | None = None


def add(tx: Transaction, contact_id: str, right: Person | Child, reason: str) -> None:
    """The actor put the adult or the child right."""
    made = new_id()
    body = _Body(reason, child=right) if isinstance(right, Child) else _Body(reason, person=right)
    tx.db.execute(
        insert(correction).values(
            id=made,
            contact_id=contact_id,
            person_id=right.id,
            corrected_by=tx.scope.actor.id,
            corrected_at=tx.now,
            body=seal(tx, "correction", made, body),
        )
    )


def of_contact(tx: Transaction, contact_id: str) -> list[Correction]:
    """All of a contact, in order; of each adult and child the last one stands."""
    query = select(correction).where(
        correction.c.authority == tx.authority, correction.c.contact_id == contact_id
    )
    return [
        Correction(body.person, body.child, body.reason, row.corrected_by, row.corrected_at)
        for row in tx.db.execute(query.order_by(correction.c.corrected_at, correction.c.id)).all()
        if (body := unseal(tx, "correction", row.id, row.body, _Body))
    ]
