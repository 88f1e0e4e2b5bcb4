"""Notices: one row each, found by case, by day and by letter."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from services.notifications.domain.dates import Dates
from services.notifications.domain.notice import UNSENT, Method, Notice, Standing, State
from services.notifications.store.tables import notice as table
from shared.contracts.casework import CaseClosed, CaseErased, CaseFacts
from shared.contracts.intake import AdviceSent, ContactClosed, ContactErased
from shared.errors import Conflict, NotFound
from shared.replicas import open_to
from shared.store.membership import one_of
from shared.store.transaction import Transaction
from shared.vocabulary import Basis

_SEALED = (
    "because",
    "answers",
    "advised_by",
    "advice",
    "sent_by",
    "sent_to",
    "evidence",
    "acknowledgement",
    "decline_reason",
)
_DATES = ("due_on", "act_on", "late_after")
_PLAIN = tuple(one.name for one in fields(Notice) if one.name not in {*_SEALED, "dates"})
_COLUMNS = tuple(table.c[name] for name in (*_PLAIN, *_DATES))
_KINDS = {"state": State, "standing": Standing, "basis": Basis}
# Made once: making one costs more than running it, and every fact of a case runs some.
_ADD = insert(table)
_SAVE = update(table).where(
    table.c.authority == bindparam("whose"),
    table.c.id == bindparam("which"),
    table.c.version == bindparam("seen"),
)
_WHOLE = select(*_COLUMNS, table.c.body).where(table.c.authority == bindparam("authority"))
_ONE = _WHOLE.where(table.c.id == bindparam("id"))
_OF_CASE = _WHOLE.where(table.c.case_id == bindparam("case_id"))
_OF_CONTACT = _WHOLE.where(table.c.contact_id == bindparam("contact_id"))
# In one order, so that two who take many do not wait for each other.
_OF_CONTACTS = _WHOLE.where(one_of(table.c.contact_id, "contact_ids")).order_by(table.c.id).with_for_update()
# The facts that may move notices.
_MOVING = AdviceSent | CaseClosed | CaseErased | CaseFacts | ContactClosed | ContactErased


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The filters of the list; empty means all."""

    state: str = ""
    rule: str = ""
    duty_of: str = ""
    reference: str = ""
    case_id: str = ""
    late: bool = False


@dataclass
class _Ahead:
    """The notices about the cases and contacts that a batch tells of, each by its id."""

    of: dict[str, dict[str, Notice]]

    def put(self, notice: Notice) -> None:
        """It stands so now."""
        for owner in {notice.contact_id, notice.case_id} & self.of.keys():
            self.of[owner][notice.id] = notice

    def drop(self, notice_ids: Sequence[str]) -> None:
        """They are gone."""
        for notices in self.of.values():
            for notice_id in notice_ids:
                notices.pop(notice_id, None)


def _ahead(tx: Transaction) -> _Ahead | None:
    """All that the batch may move, taken together before its first fact takes effect; None when there is no
    batch.
    """
    coming = tx.coming.get(tx.authority)
    if not coming:
        return None
    place = table, tx.authority
    if place not in tx.remembered:
        moving = [one for one in coming if isinstance(one, _MOVING)]
        owners = {one.contact_id for one in moving}
        ahead = _Ahead({one: {} for one in owners | {getattr(each, "case_id", "") for each in moving} if one})
        asked = {"authority": tx.authority, "contact_ids": sorted(owners)}
        for row in tx.db.execute(_OF_CONTACTS, asked).mappings():
            ahead.put(_whole(tx, row))
        tx.remembered[place] = ahead
    known: _Ahead = tx.remembered[place]
    return known


def add(tx: Transaction, notice: Notice) -> None:
    """Keep a new notice."""
    tx.db.execute(_ADD, _row(tx, notice))
    if ahead := _ahead(tx):
        ahead.put(notice)


def save(tx: Transaction, notice: Notice) -> Notice:
    """Keep a changed notice under its next version. Raises Conflict when somebody else did."""
    changed = replace(notice, version=notice.version + 1)
    where = {"whose": tx.authority, "which": notice.id, "seen": notice.version}
    done = tx.db.execute(_SAVE, {**where, **_row(tx, changed)})
    # The version in the condition: of two who save at once, exactly one wins.
    if done.rowcount != 1:
        raise Conflict("Somebody else has changed this notice. Load it again, then decide.")
    if ahead := _ahead(tx):
        ahead.put(changed)
    return changed


def forget(tx: Transaction, notice_ids: Sequence[str]) -> None:
    """Delete them: what they were about is erased."""
    tx.db.execute(delete(table).where(table.c.authority == tx.authority, table.c.id.in_(notice_ids)))
    if ahead := _ahead(tx):
        ahead.drop(notice_ids)


def get(tx: Transaction, notice_id: str) -> Notice:
    """One notice that the actor may see, whole. Raises NotFound."""
    query = _mine(tx, *_COLUMNS, table.c.body).where(table.c.id == notice_id, _open(tx))
    row = tx.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such notice here. Go back to the list of notices.")
    return _whole(tx, row)


def find(tx: Transaction, notice_id: str) -> Notice | None:
    """The same for the service itself, whoever may see it."""
    row = tx.db.execute(_ONE, {"authority": tx.authority, "id": notice_id}).mappings().one_or_none()
    return _whole(tx, row) if row else None


def of_case(tx: Transaction, case_id: str) -> dict[str, Notice]:
    """All notices of a case by id, for the service itself."""
    ahead = _ahead(tx)
    if ahead and case_id in ahead.of:
        return dict(ahead.of[case_id])
    rows = tx.db.execute(_OF_CASE, {"authority": tx.authority, "case_id": case_id}).mappings()
    return {row["id"]: _whole(tx, row) for row in rows}


def of_contact(tx: Transaction, contact_id: str) -> list[Notice]:
    """All notices about a contact, for the service itself."""
    ahead = _ahead(tx)
    if ahead and contact_id in ahead.of:
        return list(ahead.of[contact_id].values())
    rows = tx.db.execute(_OF_CONTACT, {"authority": tx.authority, "contact_id": contact_id}).mappings()
    return [_whole(tx, row) for row in rows]


def list_some(tx: Transaction, wanted: Wanted, today: date, *, offset: int, limit: int) -> Sequence[Notice]:
    """A page of the list, the most pressing first, without the sealed words."""
    query = _mine(tx, *_COLUMNS).where(*_filters(tx, wanted, today))
    query = query.order_by(table.c.late_after, table.c.raised_at, table.c.id).offset(offset).limit(limit)
    return [_listed(row) for row in tx.db.execute(query).mappings()]


def count(tx: Transaction, wanted: Wanted, today: date) -> int:
    """How many the list has."""
    query = select(func.count()).where(table.c.authority == tx.authority, *_filters(tx, wanted, today))
    return int(tx.db.execute(query).scalar_one())


def list_due(tx: Transaction, today: date, limit: int) -> Sequence[Notice]:
    """What has to be done today: on the day's list and not yet overdue."""
    return _pressing(tx, limit, _live(), table.c.act_on <= today, table.c.late_after >= today)


def list_overdue(tx: Transaction, today: date, limit: int) -> Sequence[Notice]:
    """What should have left before today."""
    return _pressing(tx, limit, _live(), table.c.late_after < today)


def list_to_confirm(tx: Transaction, limit: int) -> Sequence[Notice]:
    """What a history raised: nobody is late for it before somebody has confirmed that it stands."""
    return _pressing(tx, limit, table.c.standing == Standing.TO_CONFIRM.value)


def list_coming(tx: Transaction, today: date, until: date, limit: int) -> Sequence[Notice]:
    """What comes onto the day's list by then, and what has no date in law."""
    soon = or_(table.c.act_on <= until, table.c.due_on.is_(None))
    return _pressing(tx, limit, _live(), table.c.act_on > today, soon)


def list_uncertain(tx: Transaction, limit: int) -> Sequence[Notice]:
    """What may or may not have left."""
    query = _mine(tx, *_COLUMNS).where(table.c.state == State.UNCERTAIN.value, _open(tx))
    query = query.order_by(table.c.uncertain_since).limit(limit)
    return [_listed(row) for row in tx.db.execute(query).mappings()]


def list_declines_asked(tx: Transaction, limit: int) -> Sequence[Notice]:
    """What somebody proposes not to send, waiting for a second person."""
    # Greater than nothing, not unequal to it: only the one can be looked up in an index.
    return _pressing(tx, limit, table.c.decline_asked_by > "")


def unwarned(tx: Transaction, today: date, limit: int) -> Sequence[str]:
    """The ids of live notices whose day has passed and of which nobody was told yet."""
    late = (_unsent(), _live(), table.c.late_after < today, table.c.overdue_at.is_(None))
    query = _mine(tx, table.c.id).where(*late)
    return list(tx.db.execute(query.order_by(table.c.late_after).limit(limit)).scalars().all())


def list_unplayed(tx: Transaction, before: datetime, limit: int) -> Sequence[Notice]:
    """Duties of an invented history that nobody has dealt with, raised before that moment."""
    undone = (table.c.state == State.DUE.value, ~_live(), table.c.raised_at < before)
    query = _mine(tx, *_COLUMNS).where(*undone)
    rows = tx.db.execute(query.order_by(table.c.raised_at).limit(limit)).mappings()
    return [_listed(row) for row in rows]


def _pressing(tx: Transaction, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Notice]:
    binding = (_unsent(), table.c.standing != Standing.HISTORIC.value, _open(tx))
    query = _mine(tx, *_COLUMNS).where(*binding, *conditions)
    rows = tx.db.execute(query.order_by(table.c.late_after, table.c.id).limit(limit)).mappings()
    return [_listed(row) for row in rows]


def _mine(tx: Transaction, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(table.c.authority == tx.authority)


def _open(tx: Transaction) -> ColumnElement[bool]:
    # A restriction may be on either; each alone closes the notice.
    return and_(open_to(table.c.contact_id, tx), open_to(table.c.case_id, tx))


def _unsent() -> ColumnElement[bool]:
    return table.c.state.in_(sorted(one.value for one in UNSENT))


def _live() -> ColumnElement[bool]:
    return table.c.standing == Standing.LIVE.value


def _filters(tx: Transaction, wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    exact = {"state": wanted.state, "rule": wanted.rule, "duty_of": wanted.duty_of, "case_id": wanted.case_id}
    found = [table.c[name] == value for name, value in exact.items() if value]
    if wanted.reference:
        found.append(table.c.reference.istartswith(wanted.reference, autoescape=True))
    if wanted.late:
        found.append(and_(_unsent(), _live(), table.c.late_after < today))
    return [_open(tx), *found]


def _row(tx: Transaction, notice: Notice) -> dict[str, Any]:
    row = {name: _plain(getattr(notice, name)) for name in _PLAIN}
    row |= {name: getattr(notice.dates, name) for name in _DATES}
    body = msgspec.json.encode({name: getattr(notice, name) for name in _SEALED})
    return row | {"body": tx.seal(_place(notice.id), body)}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _place(notice_id: str) -> str:
    return f"notice/{notice_id}/body"


def _listed(row: RowMapping) -> Notice:
    values = {name: row[name] for name in _PLAIN}
    values |= {name: kind(row[name]) for name, kind in _KINDS.items()}
    values["method"] = Method(row["method"]) if row["method"] else None
    return Notice(**values, dates=Dates(row["due_on"], row["act_on"], row["late_after"]))


def _whole(tx: Transaction, row: RowMapping) -> Notice:
    words = msgspec.json.decode(tx.open(_place(row["id"]), row["body"]))
    return replace(_listed(row), **{**words, "because": tuple(words["because"])})
