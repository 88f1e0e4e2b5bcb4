"""The records behind a figure: references and codes, without those that are closed to the reader."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from services.reporting.domain.facts import Contact
from services.reporting.domain.periods import Period
from services.reporting.domain.tallies import CONTACT_DIMENSIONS
from services.reporting.store import tables
from shared import replicas
from shared.store.transaction import Transaction

_SHOWN = ("id", "reference", "received_on", "sector", "category", "agency", "decision", "case_id")


def contacts(
    tx: Transaction[Any], period: Period, dimension: str, code: str, *, limit: int, offset: int
) -> tuple[Sequence[Contact], int]:
    """Contacts received in a period with this code, newest first, and how many there are.

    An unknown dimension means all.
    """
    table = tables.contact
    conditions = [
        table.c.authority == tx.authority,
        table.c.received_on.between(period.first, period.last),
        replicas.open_to(table.c.id, tx),
        replicas.open_to(table.c.case_id, tx),
    ]
    if dimension in CONTACT_DIMENSIONS:
        conditions.append(table.c[dimension] == ("" if dimension == "decision" and code == "NONE" else code))
    return _page(tx, conditions, limit, offset)


def _page(
    tx: Transaction[Any], conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> tuple[Sequence[Contact], int]:
    table = tables.contact
    columns = [table.c[name] for name in _SHOWN]
    query: Select[Any] = (
        select(*columns).where(*conditions).order_by(table.c.received_on.desc(), table.c.id.desc())
    )
    total = tx.db.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    rows = tx.db.execute(query.limit(limit).offset(offset))
    return [Contact(**row._mapping) for row in rows], int(total)


def any_closed_to(tx: Transaction[Any], period: Period) -> bool:
    """Whether figures of the period count a contact or case that is closed to the reader.

    If so, small figures must be held back."""
    closed = (_closed(tx, table, period) for table in (tables.contact, tables.case))
    return any(tx.db.execute(query.limit(1)).first() is not None for query in closed)


def _closed(tx: Transaction[Any], table: Table, period: Period) -> Select[Any]:
    # Begun from the few restricted ids: looking at each record of the period would cost the page its speed.
    return select(table.c.id).where(
        table.c.authority == tx.authority,
        table.c.id.in_(replicas.closed_to(tx)),
        table.c.received_on.between(period.first, period.last),
    )
