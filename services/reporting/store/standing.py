"""What stands open on a day: figures that change by time passing, so that no fact can keep their sum."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from services.reporting.domain.bands import band_of
from services.reporting.domain.facts import OPEN_STANDINGS
from services.reporting.domain.periods import Period
from services.reporting.store import tables
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Duties:
    """Open duties to tell somebody, by where they stand against their date."""

    overdue: int
    due: int
    without_date: int


def open_cases_by_age(tx: Transaction[Any], today: date) -> Counter[str]:
    """Cases that are not closed, by how long they have been open."""
    table = tables.case
    query = (
        select(table.c.opened_on, func.count())
        .where(table.c.authority == tx.authority, table.c.closed_on.is_(None), table.c.opened_on.is_not(None))
        .group_by(table.c.opened_on)
    )
    found: Counter[str] = Counter()
    for opened_on, count in tx.db.execute(query).all():
        found[band_of((today - opened_on).days)] += count
    return found


def open_allegations(tx: Transaction[Any]) -> int:
    """Allegations without an outcome."""
    table = tables.allegation
    return _count(tx, select(func.count()).where(table.c.authority == tx.authority, table.c.outcome == ""))


def undecided_contacts(tx: Transaction[Any]) -> int:
    """Contacts without any decision or advice yet."""
    table = tables.contact
    query = select(func.count()).where(
        table.c.authority == tx.authority, table.c.answered_at.is_(None), table.c.respond_by.is_not(None)
    )
    return _count(tx, query)


def unanswered_late(tx: Transaction[Any], period: Period, now: datetime) -> int:
    """Contacts of a period whose answer was due before now and has not been given."""
    table = tables.contact
    query = select(func.count()).where(
        table.c.authority == tx.authority,
        table.c.answered_at.is_(None),
        table.c.respond_by < now,
        table.c.received_on.between(period.first, period.last),
    )
    return _count(tx, query)


def meetings_missed(tx: Transaction[Any], period: Period, today: date) -> int:
    """First meetings due in a period, before today, that were not held."""
    table = tables.case
    query = select(func.count()).where(
        table.c.authority == tx.authority,
        table.c.first_meeting_on.is_(None),
        table.c.first_meeting_due < today,
        table.c.first_meeting_due.between(period.first, period.last),
    )
    return _count(tx, query)


def duties(tx: Transaction[Any], today: date) -> Duties:
    """Open duties, counted by date."""
    table = tables.notice
    query = (
        select(table.c.due_on, func.count())
        .where(table.c.authority == tx.authority, table.c.standing.in_(OPEN_STANDINGS))
        .group_by(table.c.due_on)
    )
    # Grouped by day and judged here, so that one query serves all three.
    counts = {due_on: int(count) for due_on, count in tx.db.execute(query).all()}
    overdue = sum(count for due_on, count in counts.items() if due_on and due_on < today)
    undated = counts.get(None, 0)
    return Duties(overdue, sum(counts.values()) - overdue - undated, undated)


def _count(tx: Transaction[Any], query: Select[Any]) -> int:
    return int(tx.db.execute(query).scalar_one())
