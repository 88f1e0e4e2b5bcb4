"""Facts in and out of their tables, and what is found by them."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, select

from services.reporting.domain.facts import Fact, Judgement
from services.reporting.store import tables
from services.reporting.store.writing import write
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)


def find(tx: Transaction[Any], kind: type[F], fact_id: str) -> F | None:
    """What is known of one; None while nothing was heard."""
    table = tables.OF_KIND[kind]
    # The whole row: naming its columns one by one costs more than reading them.
    query = select(table).where(table.c.authority == tx.authority, table.c.id == fact_id)
    row = tx.db.execute(query).one_or_none()
    return (
        kind(**{name: value for name, value in row._mapping.items() if name != "authority"}) if row else None
    )


def save(tx: Transaction[Any], fact: Fact) -> None:
    """Put it in the place of what was known before."""
    write(tx, tables.OF_KIND[type(fact)], "replace", [{**vars(fact)}])


def open_allegations(tx: Transaction[Any], case_id: str) -> int:
    """How many allegations of a case have no outcome yet."""
    table = tables.allegation
    query = select(func.count()).where(
        table.c.authority == tx.authority, table.c.case_id == case_id, table.c.outcome == ""
    )
    return int(tx.db.execute(query).scalar_one())


def last_outcome(tx: Transaction[Any], case_id: str) -> date | None:
    """The day of the latest outcome of a case."""
    table = tables.allegation
    query = select(func.max(table.c.outcome_on)).where(
        table.c.authority == tx.authority, table.c.case_id == case_id
    )
    day: date | None = tx.db.execute(query).scalar_one()
    return day


def places_named_before(tx: Transaction[Any], contact_id: str) -> set[str]:
    """Where adults of a contact were named before: matches a person confirmed, and sure ones that nobody
    rejected.
    """
    table = tables.match
    query = select(table.c.place, table.c.sure, table.c.judgement).where(
        table.c.authority == tx.authority, table.c.contact_id == contact_id
    )
    return {
        row.place
        for row in tx.db.execute(query)
        if row.judgement == Judgement.CONFIRMED or (row.sure and row.judgement == Judgement.FOUND)
    }
