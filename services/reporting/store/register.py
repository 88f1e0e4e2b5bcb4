"""The register of access: every look at, search for and export of personal data, in every service.

It answers "who saw this contact, when and why" in one query, and says nothing about a person by itself.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from services.reporting.store import desk, tables
from shared import replicas
from shared.store.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Access:
    """One line. `found` counts the records a search showed; `reason` is in the reader's own words."""

    id: str
    at: datetime
    service: str
    actor_id: str
    act: str
    subject_kind: str
    subject_id: str
    purpose: str = ""
    reason: str = ""
    found: int = 0


@dataclass(frozen=True)
class Wanted:
    """What to look for; empty fields match everything.

    `until` is exclusive. `whom` is the id of a record, whatever its kind: also of one that a search only
    listed.
    """

    who: str = ""
    whom: frozenset[str] = field(default_factory=frozenset)
    act: str = ""
    service: str = ""
    purpose: str = ""
    since: datetime | None = None
    until: datetime | None = None


def add(tx: Transaction[Any], access: Access, shown: Sequence[str]) -> None:
    """Enter a line; once, however often it is heard. `shown` are the ids of what a search listed."""
    row = {name: getattr(access, name) for name in _PLAIN}
    row["reason"] = tx.seal(_place(access.id), access.reason.encode()) if access.reason else b""
    desk.lines(tx, tables.access, "keep").append(row)
    actors = desk.lines(tx, tables.access_actor, "keep")
    if (actor := {"actor_id": access.actor_id}) not in actors:
        actors.append(actor)
    subjects = sorted({access.subject_id, *shown} - {""})
    desk.lines(tx, tables.access_subject, "keep").extend(
        {"subject_id": one, "at": access.at, "entry_id": access.id} for one in subjects
    )


def find(tx: Transaction[Any], wanted: Wanted, *, limit: int, offset: int) -> tuple[Sequence[Access], int]:
    """A page of lines, newest first, and how many match.

    Lines about records closed to the reader are left out.
    """
    conditions = _conditions(tx, wanted)
    table = tables.access
    total = tx.db.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    return [_read(tx, row) for row in tx.db.execute(_lines(conditions).limit(limit).offset(offset))], int(
        total
    )


def actors(tx: Transaction[Any]) -> list[str]:
    """Everybody who is in the register, at most five hundred."""
    table = tables.access_actor
    # A table of its own: finding the different people among a million lines would read them all.
    query = select(table.c.actor_id).where(table.c.authority == tx.authority).order_by(table.c.actor_id)
    return list(tx.db.execute(query.limit(500)).scalars())


def references(tx: Transaction[Any], ids: Collection[str]) -> dict[str, str]:
    """What people call those ids that are contacts, cases or notices."""
    found: dict[str, str] = {}
    for table in (tables.contact, tables.case):
        query = select(table.c.id, table.c.reference).where(
            table.c.authority == tx.authority, table.c.id.in_(list(ids)), table.c.reference != ""
        )
        found.update({row.id: row.reference for row in tx.db.execute(query)})
    return found | _notices(tx, ids)


def _notices(tx: Transaction[Any], ids: Collection[str]) -> dict[str, str]:
    notice, case = tables.notice, tables.case
    query = (
        select(notice.c.id, notice.c.rule, case.c.reference)
        .join(case, and_(case.c.authority == notice.c.authority, case.c.id == notice.c.case_id))
        .where(notice.c.authority == tx.authority, case.c.authority == tx.authority)
        .where(notice.c.id.in_(list(ids)))
    )
    return {row.id: f"{row.rule}, {row.reference}" for row in tx.db.execute(query)}


_PLAIN = ("id", "at", "service", "actor_id", "act", "subject_kind", "subject_id", "purpose", "found")


def _lines(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    table = tables.access
    columns = [table.c[name] for name in (*_PLAIN, "reason")]
    return select(*columns).where(*conditions).order_by(table.c.at.desc(), table.c.id.desc())


def _conditions(tx: Transaction[Any], wanted: Wanted) -> list[ColumnElement[bool]]:
    table = tables.access
    # That somebody looked at a closed record says that there is one, and who works on it.
    conditions = [table.c.authority == tx.authority, *_open(tx, table.c.subject_id)]
    exact = {"actor_id": wanted.who, "act": wanted.act, "service": wanted.service}
    conditions += [table.c[name] == value for name, value in exact.items() if value]
    if wanted.purpose:
        # The list says `New concern` for NEW_CONCERN, and whoever reads that types that.
        typed = wanted.purpose.strip().lower().replace(" ", "_")
        conditions.append(func.lower(table.c.purpose) == typed)
    if wanted.since:
        conditions.append(table.c.at >= wanted.since)
    if wanted.until:
        conditions.append(table.c.at < wanted.until)
    if wanted.whom:
        conditions.append(table.c.id.in_(_entries_on(tx, wanted.whom)))
    return conditions


def _open(tx: Transaction[Any], subject_id: ColumnElement[str]) -> Iterator[ColumnElement[bool]]:
    closed = replicas.closed_to(tx)
    yield subject_id.not_in(closed)
    # What hangs on a closed case is as closed as the case.
    case, notice = tables.case, tables.notice
    yield subject_id.not_in(
        select(case.c.contact_id).where(case.c.authority == tx.authority, case.c.id.in_(closed))
    )
    yield subject_id.not_in(
        select(notice.c.id).where(notice.c.authority == tx.authority, notice.c.case_id.in_(closed))
    )


def _entries_on(tx: Transaction[Any], subjects: frozenset[str]) -> Select[Any]:
    table = tables.access_subject
    return select(table.c.entry_id).where(
        table.c.authority == tx.authority, table.c.subject_id.in_(sorted(subjects))
    )


def _read(tx: Transaction[Any], row: Any) -> Access:
    reason = tx.open(_place(row.id), row.reason).decode() if row.reason else ""
    return Access(**{name: getattr(row, name) for name in _PLAIN}, reason=reason)


def _place(entry_id: str) -> str:
    return f"access_entry/{entry_id}/reason"


def records_named(tx: Transaction[Any], text: str) -> frozenset[str]:
    """The ids that a reader may mean: an id itself, or a reference of a contact and its case."""
    # A contact and its case are one story to whoever asks who looked at it.
    contact, case = tables.contact, tables.case
    contacts = select(contact.c.id, contact.c.case_id).where(
        contact.c.authority == tx.authority, contact.c.reference == text
    )
    found = {one for row in tx.db.execute(contacts) for one in row if one}
    cases = select(case.c.id, case.c.contact_id).where(
        case.c.authority == tx.authority, case.c.reference == text
    )
    found |= {one for row in tx.db.execute(cases) for one in row if one}
    return frozenset(found | {text})
