"""Adults of concern on cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Row, select

from services.casework.domain.subject import Subject
from services.casework.store.sealing import of_case as about
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import subject as table
from shared.contracts.people import Person
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_PLAIN = ("regulated_activity", "removed", "removed_on", "harm_test", "told_on")
_OF_CASE = about(table, table.c.id)


@dataclass(frozen=True)
class _Body:
    person: Person
    support: str
    no_support_reason: str


@spelled
def _saving(make: Insert) -> Executable:
    new = make(table)
    changed = {name: new.excluded[name] for name in (*_PLAIN, "body")}
    return new.on_conflict_do_update(index_elements=["authority", "case_id", "id"], set_=changed)


def save(tx: Transaction, *subjects: Subject) -> None:
    """Add the adults to the case, or keep what changed."""
    if subjects:
        tx.db.execute(_saving(tx.db), [_row(tx, one) for one in subjects])


def _row(tx: Transaction, subject: Subject) -> dict[str, Any]:
    # Answers are plain so that they can be counted; who the person is never is.
    body = _Body(subject.person, subject.support, subject.no_support_reason)
    return {
        "authority": tx.authority,
        "case_id": subject.case_id,
        "id": subject.id,
        "body": seal(tx, "subject", f"{subject.case_id}/{subject.id}", body),
        **{name: getattr(subject, name) for name in _PLAIN},
    }


def of_case(tx: Transaction, case_id: str) -> tuple[Subject, ...]:
    """The adults of a case."""
    rows = tx.db.execute(_OF_CASE, {"authority": tx.authority, "case_id": case_id})
    return tuple(_subject(tx, row) for row in rows)


def of_cases(tx: Transaction, case_ids: Sequence[str]) -> dict[str, tuple[Subject, ...]]:
    """The adults of each of these cases, in one query."""
    query = (
        select(table)
        .where(table.c.authority == tx.authority, table.c.case_id.in_(case_ids))
        .order_by(table.c.id)
    )
    found: dict[str, list[Subject]] = defaultdict(list)
    for row in tx.db.execute(query).all():
        found[row.case_id].append(_subject(tx, row))
    return {case_id: tuple(adults) for case_id, adults in found.items()}


def _subject(tx: Transaction, row: Row[Any]) -> Subject:
    body = unseal(tx, "subject", f"{row.case_id}/{row.id}", _Body, row.body)
    return Subject(
        id=row.id,
        case_id=row.case_id,
        person=body.person,
        support=body.support,
        no_support_reason=body.no_support_reason,
        **{name: getattr(row, name) for name in _PLAIN},
    )
