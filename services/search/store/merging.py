"""Which contacts are reports of one concern, as intake says."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select

from services.search.store.tables import merged
from shared.store.dialect import upsert
from shared.store.membership import one_of
from shared.store.transaction import Transaction


def merge(tx: Transaction[Any], contact_id: str, into: str) -> None:
    """They are one concern."""
    row = {"authority": tx.authority, "contact_id": contact_id, "into": into}
    statement = upsert(tx.db, merged, [row])
    keys = ["authority", "contact_id"]
    tx.db.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"into": statement.excluded.into})
    )


def unmerge(tx: Transaction[Any], contact_id: str) -> None:
    """It is a concern of its own."""
    here = and_(merged.c.authority == tx.authority, merged.c.contact_id == contact_id)
    tx.db.execute(delete(merged).where(here))


def forget(tx: Transaction[Any], contact_id: str) -> None:
    """Neither end of a merge is known by this id any more."""
    either = or_(merged.c.contact_id == contact_id, merged.c.into == contact_id)
    tx.db.execute(delete(merged).where(merged.c.authority == tx.authority, either))


def reports_of(tx: Transaction[Any], contact_id: str) -> set[str]:
    """All reports of the concern that this contact is one of."""
    concern = concern_of(tx, [contact_id]).get(contact_id, contact_id)
    query = select(merged.c.contact_id).where(merged.c.authority == tx.authority, merged.c.into == concern)
    return {concern, *tx.db.execute(query).scalars()}


_INTO = select(merged.c.contact_id, merged.c.into).where(
    merged.c.authority == bindparam("here"), one_of(merged.c.contact_id, "ids")
)


def concern_of(tx: Transaction[Any], contact_ids: Collection[str]) -> dict[str, str]:
    """By what id the concern of each of these is known, of those that were merged."""
    asked = {"here": tx.authority, "ids": sorted(contact_ids)}
    return dict(tx.db.execute(_INTO, asked).all()) if contact_ids else {}
