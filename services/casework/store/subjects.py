"""Adults of concern on cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from services.casework.domain.subject import Subject
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import subject as table
from shared.contracts.people import Person
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

_PLAIN = ("regulated_activity", "removed", "removed_on", "harm_test", "told_on")


@dataclass(frozen=True)
class _Body:
    person: Person
    support: str
    no_support_reason: str


def save(tx: Transaction, subject: Subject) -> None:
    """Add the adult to the case, or keep what changed."""
    # Answers are plain so that they can be counted; who the person is never is.
    body = _Body(subject.person, subject.support, subject.no_support_reason)
    row = {
        "authority": tx.authority,
        "case_id": subject.case_id,
        "id": subject.id,
        "body": seal(tx, "subject", f"{subject.case_id}/{subject.id}", body),
        **{name: getattr(subject, name) for name in _PLAIN},
    }
    statement = upsert(tx.db, table, [row])
    changed = {name: statement.excluded[name] for name in (*_PLAIN, "body")}
    tx.db.execute(
        statement.on_conflict_do_update(index_elements=["authority", "case_id", "id"], set_=changed)
    )


def of_cases(tx: Transaction, case_ids: Sequence[str]) -> dict[str, tuple[Subject, ...]]:
    """The adults of each of these cases, in one query."""
    query = (
        select(table)
        .where(table.c.authority == tx.authority, table.c.case_id.in_(case_ids))
        .order_by(table.c.id)
    )
    found: dict[str, list[Subject]] = defaultdict(list)
    for row in tx.db.execute(query):
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
