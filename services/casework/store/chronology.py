"""Lines of the chronology: added, read, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, Row, bindparam, func, insert, select

from services.casework.domain.chronology import Entry, Source
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import entry as table
from shared.store.transaction import Transaction
from shared.store.waiting import Waiting

_so_far = table.alias()
# Ids of one millisecond do not sort, and a case often writes several lines at once.
_ADD = insert(table).values(
    number=select(func.coalesce(func.max(_so_far.c.number), 0) + 1)
    .where(_so_far.c.authority == bindparam("whose"), _so_far.c.case_id == bindparam("which"))
    .scalar_subquery()
)


@dataclass(frozen=True)
class _Body:
    title: str
    words: str


class _Lines(Waiting):
    """A batch tells many cases something, and some of them much."""

    def statement(self, _db: Connection) -> Executable:
        """The one insert."""
        return _ADD


def add(tx: Transaction, entry: Entry) -> None:
    """Write a line, with the others of the transaction. Lines of one moment keep the order in which they were
    written.
    """
    row = {
        "whose": tx.authority,
        "which": entry.case_id,
        "id": entry.id,
        "case_id": entry.case_id,
        "source": entry.source,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "corrects": entry.corrects,
        "body": seal(tx, "entry", entry.id, _Body(entry.title, entry.words)),
    }
    _Lines.put(tx, row)


def of_case(
    tx: Transaction, case_id: str, sources: Sequence[str] = (), *, offset: int = 0, limit: int = 50
) -> tuple[Entry, ...]:
    """A page of the lines of a case, oldest first; `sources` empty means all."""
    _Lines.settle(tx)
    query = _lines(case_id, sources, tx).order_by(table.c.at, table.c.number).offset(offset).limit(limit)
    return tuple(_entry(tx, row) for row in tx.db.execute(query).all())


def count(tx: Transaction, case_id: str, sources: Sequence[str] = ()) -> int:
    """How many lines that is."""
    _Lines.settle(tx)
    lines = _lines(case_id, sources, tx).subquery()
    return tx.db.execute(select(func.count()).select_from(lines)).scalar_one()


def find(tx: Transaction, case_id: str, entry_id: str) -> Entry | None:
    """One line of a case, if it is there."""
    _Lines.settle(tx)
    row = tx.db.execute(_lines(case_id, (), tx).where(table.c.id == entry_id)).one_or_none()
    return _entry(tx, row) if row else None


def _lines(case_id: str, sources: Sequence[str], tx: Transaction) -> Any:
    query = select(table).where(table.c.authority == tx.authority, table.c.case_id == case_id)
    return query.where(table.c.source.in_(sources)) if sources else query


def _entry(tx: Transaction, row: Row[Any]) -> Entry:
    body = unseal(tx, "entry", row.id, _Body, row.body)
    return Entry(
        id=row.id,
        case_id=row.case_id,
        source=Source(row.source),
        title=body.title,
        words=body.words,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        corrects=row.corrects,
    )
