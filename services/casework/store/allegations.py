"""Allegations and their outcomes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Row, select

from services.casework.domain.allegation import Allegation, Ending
from services.casework.store.sealing import of_case as about
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import allegation as table
from shared.contracts.people import Allegation as AsTold
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_OF_CASE = about(table, table.c.id)
_CHANGES = ("outcome", "scheme", "recorded_at", "recorded_by", "body")


@dataclass(frozen=True)
class _Body:
    told: AsTold
    ending: Ending | None


@spelled
def _saving(make: Insert) -> Executable:
    new = make(table)
    changed = {name: new.excluded[name] for name in _CHANGES}
    return new.on_conflict_do_update(index_elements=["authority", "case_id", "id"], set_=changed)


def save(tx: Transaction, *allegations: Allegation) -> None:
    """Add the allegations to the case, or keep how they ended."""
    if allegations:
        tx.db.execute(_saving(tx.db), [_row(tx, one) for one in allegations])


def _row(tx: Transaction, allegation: Allegation) -> dict[str, Any]:
    ending = allegation.ending
    return {
        "authority": tx.authority,
        "case_id": allegation.case_id,
        "id": allegation.id,
        "adult_id": allegation.adult_id,
        "category": allegation.category,
        "outcome": ending.outcome if ending else None,
        "scheme": ending.scheme if ending else None,
        "recorded_at": ending.recorded_at if ending else None,
        "recorded_by": ending.recorded_by if ending else None,
        "body": seal(
            tx, "allegation", f"{allegation.case_id}/{allegation.id}", _Body(allegation.told, ending)
        ),
    }


def of_cases(tx: Transaction, case_ids: Sequence[str]) -> dict[str, tuple[Allegation, ...]]:
    """The allegations of each of these cases, in the order in which they were told, in one query."""
    query = (
        select(table)
        .where(table.c.authority == tx.authority, table.c.case_id.in_(case_ids))
        .order_by(table.c.id)
    )
    found: dict[str, list[Allegation]] = defaultdict(list)
    for row in tx.db.execute(query).all():
        found[row.case_id].append(_allegation(tx, row))
    return {case_id: tuple(told) for case_id, told in found.items()}


def of_case(tx: Transaction, case_id: str) -> tuple[Allegation, ...]:
    """All allegations of a case, in the order in which they were told."""
    rows = tx.db.execute(_OF_CASE, {"authority": tx.authority, "case_id": case_id})
    return tuple(_allegation(tx, row) for row in rows)


def _allegation(tx: Transaction, row: Row[Any]) -> Allegation:
    body = unseal(tx, "allegation", f"{row.case_id}/{row.id}", _Body, row.body)
    return Allegation(id=row.id, case_id=row.case_id, told=body.told, ending=body.ending)
