"""Allegations and their outcomes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from services.casework.domain.allegation import Allegation, Ending
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import allegation as table
from shared.contracts.people import Allegation as AsTold
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class _Body:
    told: AsTold
    ending: Ending | None


def save(tx: Transaction, allegation: Allegation) -> None:
    """Add the allegation to the case, or keep how it ended."""
    ending = allegation.ending
    row = {
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
    statement = upsert(tx.db, table, [row])
    changed = {
        name: statement.excluded[name] for name in ("outcome", "scheme", "recorded_at", "recorded_by", "body")
    }
    tx.db.execute(
        statement.on_conflict_do_update(index_elements=["authority", "case_id", "id"], set_=changed)
    )


def of_cases(tx: Transaction, case_ids: Sequence[str]) -> dict[str, tuple[Allegation, ...]]:
    """The allegations of each of these cases, in the order in which they were told, in one query."""
    query = (
        select(table)
        .where(table.c.authority == tx.authority, table.c.case_id.in_(case_ids))
        .order_by(table.c.id)
    )
    found: dict[str, list[Allegation]] = defaultdict(list)
    for row in tx.db.execute(query):
        found[row.case_id].append(_allegation(tx, row))
    return {case_id: tuple(told) for case_id, told in found.items()}


def _allegation(tx: Transaction, row: Row[Any]) -> Allegation:
    body = unseal(tx, "allegation", f"{row.case_id}/{row.id}", _Body, row.body)
    return Allegation(id=row.id, case_id=row.case_id, told=body.told, ending=body.ending)
