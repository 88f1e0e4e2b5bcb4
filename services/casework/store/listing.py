"""Lists and counts of cases, for pages and the JSON side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from services.casework.domain.case import Stage
from services.casework.domain.clocks import day_of
from services.casework.domain.subject import Subject
from services.casework.store import clocks, subjects
from services.casework.store.sealing import visible, with_case
from services.casework.store.tables import case_file, clock, meeting
from shared.store.transaction import Transaction

AT_WORK = (Stage.OPEN, Stage.ENQUIRING, Stage.OUTCOME_RECORDED, Stage.REOPENED)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means everything. `due` is overdue, today or paused."""

    stage: str = ""
    owner: str = ""
    reference: str = ""
    due: str = ""
    untouched_before: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One line of a list of cases."""

    id: str
    reference: str
    stage: Stage
    owner: str
    live: bool
    opened_at: datetime
    closed_at: datetime | None
    version: int
    next_due: datetime | None
    adults: tuple[Subject, ...]

    @property
    def next_day(self) -> date | None:
        """The last day on which nothing is late yet."""
        return day_of(self.next_due - timedelta(minutes=1)) if self.next_due else None


def list_cases(tx: Transaction, filters: Filters, *, offset: int = 0, limit: int = 50) -> tuple[Row, ...]:
    """A page of cases, newest first, in a fixed number of queries."""
    query = _query(tx, filters).order_by(case_file.c.opened_at.desc(), case_file.c.id.desc())
    found = tx.db.execute(query.offset(offset).limit(limit)).all()
    # Two more queries for the whole page, not one per row.
    ids = [row.id for row in found]
    due, adults = clocks.next_due(tx, ids), subjects.of_cases(tx, ids)
    return tuple(_row(row, due, adults) for row in found)


def count_cases(tx: Transaction, filters: Filters) -> int:
    """How many cases that list has."""
    return tx.db.execute(select(func.count()).select_from(_query(tx, filters).subquery())).scalar_one()


def references(tx: Transaction, case_ids: Sequence[str]) -> dict[str, str]:
    """The references of cases the reader may see."""
    query = select(case_file.c.id, case_file.c.reference).where(visible(tx), case_file.c.id.in_(case_ids))
    return {row.id: row.reference for row in tx.db.execute(query).all()}


def meetings_to_come(tx: Transaction, owner: str, limit: int) -> Sequence[Any]:
    """Meetings neither held nor cancelled, earliest first: id, case_id, kind, starts_at, reference."""
    query = (
        select(meeting.c.id, meeting.c.case_id, meeting.c.kind, meeting.c.starts_at, case_file.c.reference)
        .select_from(with_case(meeting))
        .where(visible(tx), case_file.c.stage != Stage.CLOSED)
        .where(meeting.c.held_at.is_(None), meeting.c.cancelled_at.is_(None))
        .order_by(meeting.c.starts_at)
        .limit(limit)
    )
    return tx.db.execute(query.where(case_file.c.owner == owner) if owner else query).all()


def _query(tx: Transaction, filters: Filters) -> Select[Any]:
    query = select(case_file).where(visible(tx))
    for clause in _clauses(tx, filters):
        query = query.where(clause)
    return query


def _clauses(tx: Transaction, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    # A closed list of stages, so that the index on stage serves it.
    if filters.stage == "at_work":
        found.append(case_file.c.stage.in_(AT_WORK))
    elif filters.stage:
        found.append(case_file.c.stage == filters.stage)
    if filters.owner:
        found.append(case_file.c.owner == filters.owner)
    if filters.reference:
        found.append(case_file.c.reference == filters.reference.upper())
    if filters.untouched_before:
        found.append(case_file.c.touched_at < filters.untouched_before)
    if filters.due:
        found.append(_due(tx, filters.due))
    return found


def _due(tx: Transaction, due: str) -> ColumnElement[bool]:
    # A subquery rather than a join: a case with two late clocks is one line of the list.
    running = select(clock.c.case_id).where(clock.c.authority == tx.authority, clock.c.stopped_at.is_(None))
    if due == "paused":
        return case_file.c.id.in_(running.where(clock.c.paused.is_(True)))
    return case_file.c.id.in_(running.where(clock.c.paused.is_(False), clock.c.overdue_after < tx.now))


def _row(row: Any, due: dict[str, datetime], adults: dict[str, tuple[Subject, ...]]) -> Row:
    return Row(
        row.id,
        row.reference,
        Stage(row.stage),
        row.owner,
        row.live,
        row.opened_at,
        row.closed_at,
        row.version,
        due.get(row.id),
        adults.get(row.id, ()),
    )


def list_unplayed(tx: Transaction, before: datetime, limit: int) -> list[tuple[str, str]]:
    """Id and owner of cases of an invented history, opened before then, on which nothing was done yet."""
    query = (
        select(case_file.c.id, case_file.c.owner)
        .where(case_file.c.authority == tx.authority, case_file.c.stage == Stage.OPEN.value)
        .where(case_file.c.live.is_(False), case_file.c.opened_at < before)
        .order_by(case_file.c.opened_at)
        .limit(limit)
    )
    return [(case_id, owner) for case_id, owner in tx.db.execute(query).all()]
