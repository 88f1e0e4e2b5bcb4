"""Contacts: what came in, where it stands, and the report as it was first given."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Result,
    Row,
    bindparam,
    case,
    func,
    select,
    true,
    update,
)

from services.intake.domain.contact import OPEN, Contact, State
from services.intake.domain.report import Report
from services.intake.store import visibility
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import contact
from shared.errors import Conflict, NotFound
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction
from shared.vocabulary import Decision

_PLAIN = (
    "reference", "token", "channel", "contact_type", "sector", "origin", "owner", "received_at", "respond_by",
    "known_to_employer_at", "decided_at", "closed_at", "case_id",
    "merged_into",
)  # fmt: skip
_COLUMNS = [column for column in contact.c if column.name != "body"]
_OPEN = [state.value for state in OPEN]

# Made once: making a statement costs more than running it, and every report and act runs these.
_own = contact.c.authority == bindparam("authority")
_open = visibility.open_to_reader(contact.c.id)
_BY_TOKEN = select(*_COLUMNS).where(_own, contact.c.token == bindparam("token"))
_REFERENCE = select(contact.c.id).where(_own, contact.c.reference == bindparam("reference"))
_ONE = select(*_COLUMNS).where(_own, contact.c.id == bindparam("id"))
_OPEN_ONE = _ONE.where(_open)
_BODY = select(contact.c.body).where(_own, contact.c.id == bindparam("id"))
_OPEN_BODY = _BODY.where(_open)
_this = (contact.c.authority == bindparam("whose"), contact.c.id == bindparam("which"))
_NOTE = update(contact).where(*_this)
_SAVE = _NOTE.where(contact.c.version == bindparam("seen"))


@dataclass(frozen=True)
class Filter:
    """What a list shows. `state` is a state, `open` or `all`; `owner` a user's id or `nobody`."""

    state: str = "open"
    owner: str = ""
    channel: str = ""
    sector: str = ""
    reference: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Numbers:
    """The counts of the officers' first page."""

    new: int
    due: int
    overdue: int
    waiting: int
    mine: int


@spelled
def _adding(make: Insert) -> Executable:
    # Two submissions with one token may run side by side: the database decides which was first.
    return make(contact).on_conflict_do_nothing(index_elements=["authority", "token"])


def add(tx: Transaction, one: Contact, report: Report) -> bool:
    """Keep a new contact with its report, which is never written again. False when its token is taken."""
    body = seal(tx, "contact", one.id, report)
    row = {"authority": tx.authority, "id": one.id, "version": one.version, "body": body, **_columns(one)}
    return tx.db.execute(_adding(tx.db), row).rowcount == 1


def save(tx: Transaction, one: Contact) -> Contact:
    """Keep where it stands, under the next version. Raises Conflict when somebody was faster."""
    where = {"whose": tx.authority, "which": one.id, "seen": one.version}
    if tx.db.execute(_SAVE, {**where, "version": one.version + 1, **_columns(one)}).rowcount != 1:
        raise Conflict("Somebody else changed this contact. Look at it again, then repeat your change.")
    return replace(one, version=one.version + 1)


def note_check(tx: Transaction, contact_id: str, checked_at: datetime) -> None:
    """Its adults were looked for. Not a new version: what an officer is about to decide goes through."""
    tx.db.execute(_NOTE, {"whose": tx.authority, "which": contact_id, "checked_at": checked_at})


def get(tx: Transaction, contact_id: str) -> Contact:
    """One contact. Raises NotFound, also when it is closed to the reader."""
    found = find(tx, contact_id)
    if found is None:
        raise NotFound("There is no such contact in your authority. Check the reference.")
    return found


def find(tx: Transaction, contact_id: str) -> Contact | None:
    """One contact that the reader may see."""
    row = _seen(tx, _ONE, _OPEN_ONE, contact_id).one_or_none()
    return _contact(row) if row else None


def find_by_token(tx: Transaction, token: str) -> Contact | None:
    """What an earlier submission with the same token became, also when it is closed to readers."""
    row = tx.db.execute(_BY_TOKEN, {"authority": tx.authority, "token": token}).one_or_none()
    return _contact(row) if row else None


def count_rehearsed(tx: Transaction) -> int:
    """How many contacts of an invented history are here already."""
    query = select(func.count()).where(contact.c.authority == tx.authority, contact.c.token.like("demo-%"))
    return tx.db.execute(query).scalar_one()


def reference_taken(tx: Transaction, reference: str) -> bool:
    """Whether a contact has this reference already."""
    asked = {"authority": tx.authority, "reference": reference}
    return tx.db.execute(_REFERENCE, asked).first() is not None


def report_of(tx: Transaction, contact_id: str) -> Report:
    """What was told, as first given."""
    sealed = _seen(tx, _BODY, _OPEN_BODY, contact_id).scalar_one_or_none()
    if sealed is None:
        raise NotFound("There is no such contact in your authority. Check the reference.")
    return unseal(tx, "contact", contact_id, sealed, Report)


def find_by_reference(tx: Transaction, reference: str) -> Contact | None:
    """One contact that the reader may see, by what people call it."""
    query = select(*_COLUMNS).where(
        contact.c.authority == tx.authority, contact.c.reference == reference, _visible(tx)
    )
    row = tx.db.execute(query).one_or_none()
    return _contact(row) if row else None


def merged_into(tx: Transaction, contact_id: str) -> list[Contact]:
    """The other reports of its concern that the reader may see."""
    query = select(*_COLUMNS).where(
        contact.c.authority == tx.authority, contact.c.merged_into == contact_id, _visible(tx)
    )
    return [_contact(row) for row in tx.db.execute(query.order_by(contact.c.received_at, contact.c.id)).all()]


def all_merged_into(tx: Transaction, contact_id: str) -> set[str]:
    """The ids of all of them, also of those closed to the reader: nothing may hang from what is gone."""
    query = select(contact.c.id).where(
        contact.c.authority == tx.authority, contact.c.merged_into == contact_id
    )
    return set(tx.db.execute(query).scalars().all())


def ended_before(tx: Transaction, before: datetime, limit: int) -> list[Contact]:
    """Contacts that ended without a case before then, the longest ago first."""
    query = select(*_COLUMNS).where(
        contact.c.authority == tx.authority,
        contact.c.state == State.CLOSED.value,
        contact.c.case_id == "",
        contact.c.merged_into == "",
        contact.c.closed_at < before,
        _visible(tx),
    )
    return [_contact(row) for row in tx.db.execute(query.order_by(contact.c.closed_at).limit(limit)).all()]


def list_contacts(tx: Transaction, wanted: Filter, offset: int, limit: int) -> list[Contact]:
    """A page of contacts, open ones with the oldest clock first, others with the newest first."""
    # What is over is looked for by date, what is owed by deadline.
    order = contact.c.respond_by if wanted.state in {"open", *_OPEN} else contact.c.received_at.desc()
    query = select(*_COLUMNS).where(contact.c.authority == tx.authority, *_conditions(tx, wanted))
    rows = tx.db.execute(query.order_by(order, contact.c.id).offset(offset).limit(limit))
    return [_contact(row) for row in rows]


def count(tx: Transaction, wanted: Filter) -> int:
    """How many the whole list has."""
    query = select(func.count()).select_from(contact)
    query = query.where(contact.c.authority == tx.authority, *_conditions(tx, wanted))
    return int(tx.db.execute(query).scalar_one())


def references(tx: Transaction, contact_ids: Collection[str]) -> dict[str, str]:
    """The references of contacts that the reader may see, by id."""
    query = select(contact.c.id, contact.c.reference).where(contact.c.authority == tx.authority)
    rows = tx.db.execute(query.where(contact.c.id.in_(contact_ids), _visible(tx)))
    return {row.id: row.reference for row in rows}


def numbers(tx: Transaction, until: datetime) -> Numbers:
    """The counts of open contacts, due meaning due before `until` and not yet overdue."""
    undecided = contact.c.decided_at.is_(None)
    tests = (
        contact.c.state == State.NEW.value,
        undecided & (contact.c.respond_by >= tx.now) & (contact.c.respond_by <= until),
        undecided & (contact.c.respond_by < tx.now),
        contact.c.state == State.WAITING.value,
        contact.c.owner == tx.scope.actor.id,
    )
    sums = [func.coalesce(func.sum(case((test, 1), else_=0)), 0) for test in tests]
    query = select(*sums).select_from(contact).where(contact.c.authority == tx.authority, _visible(tx))
    return Numbers(*(int(found) for found in tx.db.execute(query.where(contact.c.state.in_(_OPEN))).one()))


def _conditions(tx: Transaction, wanted: Filter) -> list[ColumnElement[bool]]:
    tests = [_visible(tx)]
    if wanted.state == "open":
        tests.append(contact.c.state.in_(_OPEN))
    elif wanted.state != "all":
        tests.append(contact.c.state == wanted.state)
    tests += [
        contact.c[name] == value
        for name in ("channel", "sector", "reference")
        if (value := getattr(wanted, name))
    ]
    if wanted.owner:
        tests.append(contact.c.owner == ("" if wanted.owner == "nobody" else wanted.owner))
    if wanted.overdue:
        tests += [contact.c.decided_at.is_(None), contact.c.respond_by < tx.now]
    return tests


def _visible(tx: Transaction) -> ColumnElement[bool]:
    # Facts and pumps must reach a contact whoever may look at it; no person acts as the system.
    return true() if tx.scope.actor.is_system else visibility.open_to(contact.c.id, tx)


def _seen(tx: Transaction, whole: Executable, open_to_reader: Executable, contact_id: str) -> Result[Any]:
    """What is asked of a contact, the one query for Heed itself and the other for people."""
    asked = {"authority": tx.authority, "id": contact_id, "reader": tx.scope.actor.id}
    return tx.db.execute(whole if tx.scope.actor.is_system else open_to_reader, asked)


def _columns(one: Contact) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    values |= {"state": one.state.value, "decision": one.decision.value if one.decision else None}
    return {**values, "token": one.token or None}


def _contact(row: Row[Any]) -> Contact:
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    return Contact(
        id=row.id,
        version=row.version,
        checked_at=row.checked_at,
        state=State(row.state),
        decision=Decision(row.decision) if row.decision else None,
        **{**values, "token": row.token or ""},
    )
