"""Searches that people made, with what they were shown; and the holder's note of pointers shown elsewhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, select, update

from services.search.store import sealing
from services.search.store.tables import search, shown
from services.search.store.visibility import open_to
from shared.contracts.people import Person, Pointer
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class OwnHit:
    """A record of the own authority in a result. `lines` are (field, words, bits)."""

    contact_id: str
    person_id: str
    band: str
    probability: float
    bits: float
    active_at: datetime
    lines: tuple[tuple[str, str, float], ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """Everything personal about a search: what was asked, why in the person's words, and what came of it."""

    asked: Person
    reason: str = ""
    reference: str = ""
    own: tuple[OwnHit, ...] = ()
    pointers: tuple[Pointer, ...] = ()


@dataclass(frozen=True)
class Search:
    """`reach` is own or region; `prints` are keyed hashes of the fields asked, by which probing shows."""

    search_id: str
    actor_id: str
    at: datetime
    reach: str
    purpose: str
    contact_id: str = ""
    prints: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    result: Result = field(default_factory=lambda: Result(Person(id="")))


@dataclass(frozen=True)
class Shown:
    """That another authority was shown a pointer to one of our records."""

    reference: str
    contact_id: str
    person_id: str
    asker: str
    purpose: str
    first_at: datetime
    last_at: datetime


def keep(tx: Transaction[Any], made: Search) -> None:
    """Write it down."""
    values = {
        "search_id": made.search_id,
        "actor_id": made.actor_id,
        "at": made.at,
        "reach": made.reach,
        "purpose": made.purpose,
        "contact_id": made.contact_id,
        "prints": made.prints,
        "flags": list(made.flags),
        "flagged": bool(made.flags),
        "authority": tx.authority,
        "body": sealing.seal(tx, f"search/{made.search_id}", made.result),
    }
    tx.db.execute(insert(search).values(values))


def one(tx: Transaction[Any], search_id: str) -> Search | None:
    """A search of this authority."""
    query = select(search).where(search.c.authority == tx.authority, search.c.search_id == search_id)
    row = tx.db.execute(query).one_or_none()
    return None if row is None else _search(tx, row)


def prints_since(tx: Transaction[Any], actor_id: str, since: datetime) -> list[dict[str, str]]:
    """The prints of what somebody asked of the region lately, latest first."""
    query = select(search.c.prints).where(
        search.c.authority == tx.authority,
        search.c.actor_id == actor_id,
        search.c.at >= since,
        search.c.reach == "region",
    )
    return list(tx.db.execute(query.order_by(search.c.at.desc()).limit(100)).scalars())


def listed(
    tx: Transaction[Any], *, flagged: bool, without_contact: bool, asked: tuple[int, int]
) -> tuple[list[Search], int]:
    """The authority's searches, latest first, and how many there are; `asked` is how many to skip and to
    take."""
    query = select(search).where(search.c.authority == tx.authority)
    if flagged:
        query = query.where(search.c.flagged)
    if without_contact:
        query = query.where(search.c.contact_id == "")
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(search.c.at.desc(), search.c.search_id).offset(asked[0]).limit(asked[1])
    )
    return [_search(tx, row) for row in rows], total


def note_shown(tx: Transaction[Any], reference: str, who: tuple[str, str], asker: str, purpose: str) -> bool:
    """In the holder's scope: another authority was shown a pointer. Whether that is news."""
    here = and_(shown.c.authority == tx.authority, shown.c.reference == reference)
    if tx.db.execute(update(shown).where(here).values(last_at=tx.now, purpose=purpose)).rowcount:
        return False
    values = {
        "reference": reference,
        "contact_id": who[0],
        "person_id": who[1],
        "asker": asker,
        "purpose": purpose,
        "first_at": tx.now,
        "last_at": tx.now,
        "authority": tx.authority,
    }
    tx.db.execute(insert(shown).values(values))
    return True


def shown_by_reference(tx: Transaction[Any], reference: str) -> Shown | None:
    """The holder's note, whoever acts."""
    query = select(shown).where(shown.c.authority == tx.authority, shown.c.reference == reference)
    row = tx.db.execute(query).one_or_none()
    return None if row is None else _shown(row)


def shown_listed(tx: Transaction[Any], offset: int, count: int) -> tuple[list[Shown], int]:
    """A page of what others were shown of records open to the actor, latest first."""
    query = select(shown).where(shown.c.authority == tx.authority, open_to(shown.c.contact_id, tx))
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(shown.c.last_at.desc(), shown.c.reference).offset(offset).limit(count)
    )
    return [_shown(row) for row in rows], total


def _search(tx: Transaction[Any], row: Any) -> Search:
    result = sealing.unseal(tx, f"search/{row.search_id}", Result, row.body)
    return Search(
        row.search_id,
        row.actor_id,
        row.at,
        row.reach,
        row.purpose,
        row.contact_id,
        dict(row.prints),
        tuple(row.flags),
        result,
    )


def _shown(row: Any) -> Shown:
    return Shown(
        row.reference, row.contact_id, row.person_id, row.asker, row.purpose, row.first_at, row.last_at
    )
