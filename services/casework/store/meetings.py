"""Meetings of cases and the safeguards agreed for the adults."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Row, insert, select

from services.casework.domain.meetings import Kind, Meeting
from services.casework.domain.safeguards import Safeguard
from services.casework.store.sealing import of_case as about
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import meeting as table
from services.casework.store.tables import safeguard
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_OF_CASE = about(table, table.c.starts_at, table.c.id)


@dataclass(frozen=True)
class _Body:
    place: str
    attended: tuple[str, ...]
    record: str


@spelled
def _saving(make: Insert) -> Executable:
    new = make(table)
    changed = {name: new.excluded[name] for name in ("starts_at", "held_at", "cancelled_at", "body")}
    return new.on_conflict_do_update(index_elements=["authority", "id"], set_=changed)


def save(tx: Transaction, meeting: Meeting) -> None:
    """Put the meeting in the diary, or keep what became of it."""
    row = {
        "authority": tx.authority,
        "id": meeting.id,
        "case_id": meeting.case_id,
        "kind": meeting.kind,
        "starts_at": meeting.starts_at,
        "held_at": meeting.held_at,
        "cancelled_at": meeting.cancelled_at,
        "body": seal(tx, "meeting", meeting.id, _Body(meeting.place, meeting.attended, meeting.record)),
    }
    tx.db.execute(_saving(tx.db), row)


def of_case(tx: Transaction, case_id: str) -> tuple[Meeting, ...]:
    """All meetings of a case, earliest first."""
    rows = tx.db.execute(_OF_CASE, {"authority": tx.authority, "case_id": case_id})
    return tuple(_meeting(tx, row) for row in rows)


def _meeting(tx: Transaction, row: Row[Any]) -> Meeting:
    body = unseal(tx, "meeting", row.id, _Body, row.body)
    return Meeting(
        id=row.id,
        case_id=row.case_id,
        kind=Kind(row.kind),
        starts_at=row.starts_at,
        held_at=row.held_at,
        cancelled_at=row.cancelled_at,
        place=body.place,
        attended=body.attended,
        record=body.record,
    )


def add_safeguard(tx: Transaction, made: Safeguard) -> None:
    """Keep one step of a safeguard; steps are only ever added."""
    # Steps are history: a suspension that ended was still made.
    tx.db.execute(
        insert(safeguard).values(
            id=made.id,
            case_id=made.case_id,
            adult_id=made.adult_id,
            code=made.code,
            step=made.step,
            at=made.at,
            body=seal(tx, "safeguard", made.id, made),
        )
    )


def safeguards_of(tx: Transaction, case_id: str) -> tuple[Safeguard, ...]:
    """Every step of every safeguard of a case, earliest first."""
    query = select(safeguard).where(safeguard.c.authority == tx.authority, safeguard.c.case_id == case_id)
    rows = tx.db.execute(query.order_by(safeguard.c.at, safeguard.c.id))
    return tuple(unseal(tx, "safeguard", row.id, Safeguard, row.body) for row in rows)
