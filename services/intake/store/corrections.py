"""What was put right about the adults of a contact; rows are added and never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import correction
from shared.clock import new_id
from shared.contracts.people import Person
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Correction:
    """An adult as they stand since then, and why."""

    person: Person
    reason: str
    corrected_by: str = ""
    corrected_at: datetime | None = None


@dataclass(frozen=True)
class _Body:
    person: Person
    reason: str


def add(tx: Transaction, contact_id: str, person: Person, reason: str) -> None:
    """The actor put the adult right."""
    made = new_id()
    tx.db.execute(
        insert(correction).values(
            id=made,
            contact_id=contact_id,
            person_id=person.id,
            corrected_by=tx.scope.actor.id,
            corrected_at=tx.now,
            body=seal(tx, "correction", made, _Body(person, reason)),
        )
    )


def of_contact(tx: Transaction, contact_id: str) -> list[Correction]:
    """All of a contact, in order; of each adult the last one stands."""
    query = select(correction).where(
        correction.c.authority == tx.authority, correction.c.contact_id == contact_id
    )
    return [
        Correction(body.person, body.reason, row.corrected_by, row.corrected_at)
        for row in tx.db.execute(query.order_by(correction.c.corrected_at, correction.c.id))
        if (body := unseal(tx, "correction", row.id, row.body, _Body))
    ]
