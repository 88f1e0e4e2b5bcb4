"""Who may see a record: a contact is hidden when it, the case that grew from it or the contact that it is
another report of is closed to the reader.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, select

from services.search.store.tables import case_of, merged
from shared import replicas
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of
from shared.store.transaction import Transaction


def open_to(contact_id: ColumnElement[str], tx: Transaction[Any]) -> ColumnElement[bool]:
    """A clause that hides contacts closed to the actor."""
    mine, again, closed = case_of.alias(), merged.alias(), replicas.closed_to(tx)
    by_case = select(mine.c.contact_id).where(mine.c.authority == tx.authority, mine.c.case_id.in_(closed))
    # Each by its index, which an "or" would pass by.
    joined = [
        select(again.c.contact_id).where(again.c.authority == tx.authority, again.c.into.in_(concern))
        for concern in (closed, by_case)
    ]
    return and_(*(contact_id.not_in(hidden) for hidden in (closed, by_case, *joined)))


def _joining(insert: Insert) -> Executable:
    return insert(case_of).on_conflict_do_nothing()


_JOINING = spelled(_joining)
_CONTACT = select(case_of.c.contact_id).where(
    case_of.c.authority == bindparam("here"), case_of.c.case_id == bindparam("this")
)


def join_case(tx: Transaction[Any], case_id: str, contact_id: str) -> None:
    """A case grew from that contact."""
    row = {"authority": tx.authority, "case_id": case_id, "contact_id": contact_id}
    tx.db.execute(_JOINING(tx.db), row)


def contact_of(tx: Transaction[Any], case_id: str) -> str | None:
    """The contact that a case grew from."""
    asked = {"here": tx.authority, "this": case_id}
    found: str | None = tx.db.execute(_CONTACT, asked).scalar_one_or_none()
    return found


def is_closed(tx: Transaction[Any], contact_id: str) -> bool:
    """Whether the contact or its case is closed to anybody."""
    return bool(closed_among(tx, {contact_id}))


_CASES = select(case_of.c.case_id, case_of.c.contact_id).where(
    case_of.c.authority == bindparam("here"), one_of(case_of.c.contact_id, "ids")
)


def closed_among(tx: Transaction[Any], contact_ids: Collection[str]) -> set[str]:
    """Those of these contacts that are closed to anybody, themselves or by their case."""
    of = dict(tx.db.execute(_CASES, {"here": tx.authority, "ids": list(contact_ids)}).all())
    closed = replicas.restricted_among(tx, [*contact_ids, *of])
    return {of.get(one, one) for one in closed}
