"""Requests for disclosure, a row for each of the two authorities, and the pointers that others were shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Executable, Select, and_, delete, exists, false, func, or_, select

from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State
from services.notifications.store.tables import case_known, disclosure, pointed
from shared.errors import NotFound
from shared.replicas import open_to
from shared.store.dialect import Insert, spelled, upsert
from shared.store.transaction import Transaction

_PLAIN = (
    "id", "other", "reference", "contact_id", "asked_at", "asked_by", "due_on", "remind_on", "reminded_at",
    "overdue_at", "decided_at", "decided_by",
)  # fmt: skip
_CHANGING = ("state", "reminded_at", "overdue_at", "decided_at", "decided_by", "body")


class _Body(msgspec.Struct):
    asked: Asked
    answer: Answer


@spelled
def _pointing(make: Insert) -> Executable:
    return make(pointed).on_conflict_do_nothing()


def note_pointer(tx: Transaction, other: str, reference: str, contact_id: str) -> None:
    """The other authority may quote that reference for this contact."""
    row = {"authority": tx.authority, "reference": reference, "other": other, "contact_id": contact_id}
    tx.db.execute(_pointing(tx.db), row)


def forget_pointer(tx: Transaction, reference: str) -> None:
    """The reference stands for nothing any more."""
    tx.db.execute(
        delete(pointed).where(pointed.c.authority == tx.authority, pointed.c.reference == reference)
    )


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """No reference leads to that contact any more, and the own side of what was asked about it is gone."""
    for table in (pointed, disclosure):
        here = and_(table.c.authority == tx.authority, table.c.contact_id == contact_id)
        tx.db.execute(delete(table).where(here))


def contact_behind(tx: Transaction, other: str, reference: str) -> str | None:
    """The bound authority's contact that the other was pointed at under that reference."""
    query = select(pointed.c.contact_id).where(
        pointed.c.authority == tx.authority, pointed.c.reference == reference, pointed.c.other == other
    )
    found: str | None = tx.db.execute(query).scalar_one_or_none()
    return found


def save(tx: Transaction, one: Disclosure) -> None:
    """Keep a side as it stands."""
    row = _row(tx, one)
    statement = upsert(tx.db, disclosure, [row])
    fresh = {name: statement.excluded[name] for name in _CHANGING}
    tx.db.execute(statement.on_conflict_do_update(index_elements=["authority", "id"], set_=fresh))


def add(tx: Transaction, one: Disclosure) -> bool:
    """Keep a new one. False when it is there already: two may ask at the same moment."""
    statement = upsert(tx.db, disclosure, [_row(tx, one)])
    added = statement.on_conflict_do_nothing(index_elements=["authority", "id"])
    return tx.db.execute(added).rowcount == 1


def asked_before(tx: Transaction, other: str, reference: str) -> int:
    """How often that was asked about the pointer, and answered."""
    query = select(func.count()).where(
        disclosure.c.authority == tx.authority, disclosure.c.reference == reference,
        disclosure.c.other == other, disclosure.c.side == Side.ASKING.value,
    )  # fmt: skip
    return int(tx.db.execute(query).scalar_one())


def late(tx: Transaction, today: date, limit: int) -> list[str]:
    """Those of either side whose day has passed without an answer, and of which that was not said yet."""
    return _unanswered(tx, limit, disclosure.c.due_on < today, disclosure.c.overdue_at.is_(None))


def soon(tx: Transaction, today: date, limit: int) -> list[str]:
    """Those to be answered whose day is near or past, and of which nobody was reminded yet."""
    return _unanswered(tx, limit, disclosure.c.remind_on <= today, disclosure.c.reminded_at.is_(None))


def _unanswered(tx: Transaction, limit: int, *said: ColumnElement[bool]) -> list[str]:
    query = select(disclosure.c.id).where(
        disclosure.c.authority == tx.authority, disclosure.c.state == State.REQUESTED.value, *said
    )
    return list(tx.db.execute(query.order_by(disclosure.c.due_on).limit(limit)).scalars().all())


def _row(tx: Transaction, one: Disclosure) -> dict[str, Any]:
    return {
        "authority": tx.authority,
        **{name: getattr(one, name) for name in _PLAIN},
        "side": one.side.value,
        "state": one.state.value,
        "body": tx.seal(_place(one.id), msgspec.json.encode(_Body(one.asked, one.answer))),
    }


def find(tx: Transaction, disclosure_id: str) -> Disclosure | None:
    """The own side of one, for the service itself."""
    query = _own(tx).where(disclosure.c.id == disclosure_id)
    row = tx.db.execute(query).one_or_none()
    return None if row is None else _read(tx, row)


def get(tx: Transaction, disclosure_id: str) -> Disclosure:
    """The own side of one that the actor may see. Raises NotFound."""
    row = tx.db.execute(_visible(tx).where(disclosure.c.id == disclosure_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such request in your authority, or its contact is closed to you.")
    return _read(tx, row)


def lock(tx: Transaction, disclosure_id: str) -> None:
    """Until the commit nobody else decides on it."""
    one = select(disclosure.c.id).where(
        disclosure.c.authority == tx.authority, disclosure.c.id == disclosure_id
    )
    tx.db.execute(one.with_for_update())


def open_request(tx: Transaction, other: str, reference: str) -> Disclosure | None:
    """What was asked already about that pointer and is not answered yet."""
    query = _own(tx).where(
        disclosure.c.reference == reference,
        disclosure.c.other == other,
        disclosure.c.side == Side.ASKING.value,
        disclosure.c.state == State.REQUESTED.value,
    )
    row = tx.db.execute(query.limit(1)).one_or_none()
    return None if row is None else _read(tx, row)


def listed(tx: Transaction, side: Side, offset: int, limit: int) -> tuple[list[Disclosure], int]:
    """A page of one side's requests, unanswered ones first, then the latest; and how many there are."""
    query = _visible(tx).where(disclosure.c.side == side.value)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    waits = disclosure.c.state == State.REQUESTED.value
    rows = tx.db.execute(
        query.order_by(waits.desc(), disclosure.c.asked_at.desc()).offset(offset).limit(limit)
    )
    return [_read(tx, row) for row in rows], total


@dataclass(frozen=True)
class Waiting:
    """How many requests of one side have no answer though their day has passed (`late`) or has not
    (`unanswered`, of which `soon` are near it), and how many were answered lately."""

    unanswered: int = 0
    soon: int = 0
    late: int = 0
    answered: int = 0


def waiting(tx: Transaction, today: date, since: datetime) -> dict[Side, Waiting]:
    """The requests of each side that have no answer, or have had one since then, of those open to the
    actor."""
    asked = _visible(tx).where(
        or_(disclosure.c.state == State.REQUESTED.value, disclosure.c.decided_at >= since)
    )
    found = asked.subquery()
    owed = found.c.state == State.REQUESTED.value
    late = and_(owed, func.coalesce(found.c.due_on < today, false()))
    in_time = and_(owed, ~late)
    kinds = (in_time, and_(in_time, found.c.remind_on <= today), late, ~owed)
    counts = [func.count().filter(one) for one in kinds]
    rows = tx.db.execute(select(found.c.side, *counts).group_by(found.c.side))
    return {Side(side): Waiting(*numbers) for side, *numbers in rows}


def _own(tx: Transaction) -> Select[Any]:
    return select(disclosure).where(disclosure.c.authority == tx.authority)


def _visible(tx: Transaction) -> Select[Any]:
    barred = exists().where(
        case_known.c.authority == tx.authority,
        case_known.c.contact_id == disclosure.c.contact_id,
        ~open_to(case_known.c.case_id, tx),
    )
    is_open = and_(open_to(disclosure.c.contact_id, tx), ~barred)
    return _own(tx).where(or_(disclosure.c.contact_id == "", is_open))


def _read(tx: Transaction, row: Any) -> Disclosure:
    body = msgspec.json.decode(tx.open(_place(row.id), row.body), type=_Body)
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Disclosure(
        **plain, side=Side(row.side), state=State(row.state), asked=body.asked, answer=body.answer
    )


def _place(disclosure_id: str) -> str:
    return f"disclosure/{disclosure_id}/body"
