"""Duties to tell somebody, kept as notifications says they stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, bindparam, func, select, update

from services.casework.domain.duties import Duty
from services.casework.store.sealing import visible, with_case
from services.casework.store.tables import case_file
from services.casework.store.tables import duty as table
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_COLUMNS = (
    "id",
    "case_id",
    "rule",
    "basis",
    "duty_of",
    "recipient",
    "adult_id",
    "due_on",
    "state",
    "state_at",
)
# Uncertain counts as open: nobody knows whether it left, so somebody must look.
_OPEN = ("due", "advised", "overdue", "uncertain")
_known = table.c.authority == bindparam("whose"), table.c.id == bindparam("which")
_STANDS = update(table).where(*_known).returning(*(table.c[name] for name in _COLUMNS))


@spelled
def _saving(make: Insert) -> Executable:
    new = make(table)
    changed = {name: new.excluded[name] for name in _COLUMNS if name != "id"}
    return new.on_conflict_do_update(index_elements=["authority", "id"], set_=changed)


def save(tx: Transaction, duty: Duty) -> None:
    """Keep a duty; raised again it replaces what was known."""
    row = {"authority": tx.authority, **{name: getattr(duty, name) for name in _COLUMNS}}
    tx.db.execute(_saving(tx.db), row)


def set_state(tx: Transaction, duty_id: str, state: str, at: datetime) -> Duty | None:
    """The duty as it stands now; None when it is not about a case."""
    stands = {"whose": tx.authority, "which": duty_id, "state": state, "state_at": at}
    row = tx.db.execute(_STANDS, stands).one_or_none()
    return _duty(row) if row else None


def of_case(tx: Transaction, case_id: str) -> tuple[Duty, ...]:
    """The duties of a case; those without a date, which are owed at once, first."""
    query = select(table).where(table.c.authority == tx.authority, table.c.case_id == case_id)
    rows = tx.db.execute(query.order_by(table.c.due_on.is_not(None), table.c.due_on, table.c.id).limit(200))
    return tuple(map(_duty, rows))


def count_open(tx: Transaction, owner: str) -> int:
    """Duties of the cases the reader may see that are neither sent nor settled."""
    query = select(func.count()).select_from(with_case(table)).where(visible(tx), table.c.state.in_(_OPEN))
    return tx.db.execute(query.where(case_file.c.owner == owner) if owner else query).scalar_one()


def _duty(row: Row[Any]) -> Duty:
    return Duty(**{name: getattr(row, name) for name in _COLUMNS})
