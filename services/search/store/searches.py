"""Searches that people made, with what they were shown; and the holder's note of pointers shown elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, insert, select, update

from services.search.store import sealing
from services.search.store.tables import search, search_found, shown
from services.search.store.visibility import open_to
from shared.contracts.people import Person, Pointer
from shared.store.dialect import upsert
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
    """Everything personal about a search: what was asked, why in the person's words, and what came of it.

    `known` pairs a pointer's reference with the own match that had it before."""

    asked: Person
    reason: str = ""
    reference: str = ""
    own: tuple[OwnHit, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    known: tuple[tuple[str, str], ...] = ()


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


class Count(NamedTuple):
    """How often somebody searched."""

    actor_id: str
    made: int
    without_contact: int
    region: int
    flagged: int


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
    withdrawn_at: datetime | None = None


def keep(tx: Transaction[Any], made: Search) -> None:
    """Write it down."""
    tx.db.execute(insert(search).values(_values(tx, made)))
    found = [
        {"authority": tx.authority, "contact_id": contact_id, "search_id": made.search_id}
        for contact_id in sorted({hit.contact_id for hit in made.result.own})
    ]
    if found:
        tx.db.execute(insert(search_found), found)


def rewrite(tx: Transaction[Any], changed: Sequence[Search]) -> None:
    """Replace what was kept of searches."""
    statement = upsert(tx.db, search)
    to = {name: statement.excluded[name] for name in ("contact_id", "prints", "body")}
    keys = ["authority", "search_id"]
    if changed:
        rows = [_values(tx, one) for one in changed]
        tx.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=to), rows)


def _values(tx: Transaction[Any], made: Search) -> dict[str, Any]:
    return {
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


def by_ids(tx: Transaction[Any], search_ids: Sequence[str]) -> list[Search]:
    """Those of them that exist, whoever made them."""
    query = select(search).where(search.c.authority == tx.authority, search.c.search_id.in_(search_ids))
    return [_search(tx, row) for row in tx.db.execute(query).all()]


def one(tx: Transaction[Any], search_id: str) -> Search | None:
    """A search of this authority."""
    query = select(search).where(search.c.authority == tx.authority, search.c.search_id == search_id)
    row = tx.db.execute(query).one_or_none()
    return None if row is None else _search(tx, row)


def prints_since(tx: Transaction[Any], actor_id: str, since: datetime) -> list[dict[str, str]]:
    """The prints of what somebody was answered from the region lately, latest first."""
    query = select(search.c.prints).where(
        search.c.authority == tx.authority,
        search.c.actor_id == actor_id,
        search.c.at >= since,
        search.c.reach == "region",
    )
    found = tx.db.execute(query.order_by(search.c.at.desc()).limit(100)).scalars()
    return [prints for prints in found if prints]


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


def counts(tx: Transaction[Any], since: datetime) -> list[Count]:
    """Everybody who searched since then, those with the most searches without a contact first."""

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    without = how_many(search.c.contact_id == "")
    query = select(
        search.c.actor_id,
        func.count(),
        without,
        how_many(search.c.reach == "region"),
        how_many(search.c.flagged),
    ).where(search.c.authority == tx.authority, search.c.at >= since)
    rows = tx.db.execute(query.group_by(search.c.actor_id).order_by(without.desc(), search.c.actor_id))
    return [Count(row[0], *(int(one) for one in row[1:])) for row in rows]


def note_shown(tx: Transaction[Any], reference: str, who: tuple[str, str], asker: str, purpose: str) -> bool:
    """In the holder's scope: another authority was shown a pointer. Whether that is news."""
    here = and_(
        shown.c.authority == tx.authority, shown.c.reference == reference, shown.c.withdrawn_at.is_(None)
    )
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
        "withdrawn_at": None,
        "authority": tx.authority,
    }
    statement = upsert(tx.db, shown, [values])
    again = {name: statement.excluded[name] for name in ("purpose", "last_at", "withdrawn_at")}
    tx.db.execute(statement.on_conflict_do_update(index_elements=["authority", "reference"], set_=again))
    return True


def withdraw_shown(tx: Transaction[Any], contact_ids: Collection[str], *, at_settings: bool) -> list[str]:
    """Pointers to these contacts hold no longer, or only those at settings. Returns which did until now."""
    which = [shown.c.authority == tx.authority, shown.c.contact_id.in_(sorted(contact_ids))]
    which += [shown.c.person_id == ""] if at_settings else []
    gone = update(shown).where(*which, shown.c.withdrawn_at.is_(None)).values(withdrawn_at=tx.now)
    return sorted(tx.db.execute(gone.returning(shown.c.reference)).scalars().all())


def shown_of(tx: Transaction[Any], contact_id: str) -> list[str]:
    """The references of all pointers to a contact that anybody was ever shown."""
    query = select(shown.c.reference).where(
        shown.c.authority == tx.authority, shown.c.contact_id == contact_id
    )
    return sorted(tx.db.execute(query).scalars().all())


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
    return Shown(**{one.name: getattr(row, one.name) for one in fields(Shown)})
