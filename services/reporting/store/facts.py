"""Facts in and out of their tables, and what is found by them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select

from services.reporting.domain.facts import Fact, Judgement
from services.reporting.store import tables
from services.reporting.store.writing import write
from shared.store.transaction import Transaction

F = TypeVar("F", bound=Fact)
# Made once: making a statement costs as much as running it. The whole row, because naming its columns one by
# one costs more than reading them.
_FIND = {
    kind: select(table).where(table.c.authority == bindparam("of"), table.c.id == bindparam("wanted"))
    for kind, table in tables.OF_KIND.items()
}


def find(tx: Transaction[Any], kind: type[F], fact_id: str) -> F | None:
    """What is known of one; None while nothing was heard."""
    row = tx.db.execute(_FIND[kind], {"of": tx.authority, "wanted": fact_id}).one_or_none()
    return (
        kind(**{name: value for name, value in row._mapping.items() if name != "authority"}) if row else None
    )


def save(tx: Transaction[Any], facts: Sequence[Fact]) -> None:
    """Put them in the place of what was known before."""
    by_kind: dict[type[Fact], list[dict[str, Any]]] = defaultdict(list)
    for one in facts:
        by_kind[type(one)].append({**vars(one)})
    # In one order of ids, so that two transactions take the rows' locks alike.
    for kind, found in sorted(by_kind.items(), key=lambda one: one[0].__name__):
        write(tx, tables.OF_KIND[kind], "replace", sorted(found, key=itemgetter("id")))


def open_allegations(tx: Transaction[Any], case_id: str) -> int:
    """How many allegations of a case have no outcome yet."""
    tx.write_held()
    table = tables.allegation
    query = select(func.count()).where(
        table.c.authority == tx.authority, table.c.case_id == case_id, table.c.outcome == ""
    )
    return int(tx.db.execute(query).scalar_one())


def last_outcome(tx: Transaction[Any], case_id: str) -> date | None:
    """The day of the latest outcome of a case."""
    tx.write_held()
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
    tx.write_held()
    table = tables.match
    query = select(table.c.place, table.c.sure, table.c.judgement).where(
        table.c.authority == tx.authority, table.c.contact_id == contact_id
    )
    return {
        row.place
        for row in tx.db.execute(query)
        if row.judgement == Judgement.CONFIRMED or (row.sure and row.judgement == Judgement.FOUND)
    }
