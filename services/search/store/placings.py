"""Which authorities placed the children that contacts are about."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from services.search.store import sealing
from services.search.store.setting_tables import placing
from shared.contracts.people import Child
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


def know(tx: Transaction[Any], contact_id: str, children: Collection[Child]) -> None:
    """What is said now of who placed these children; what a case says replaces what its contact said."""
    placed_by = sorted({one.placed_by.strip() for one in children if one.placed_by.strip()})
    if not placed_by:
        return
    body = sealing.seal(tx, f"placing/{contact_id}", placed_by)
    statement = upsert(tx.db, placing, [{"authority": tx.authority, "contact_id": contact_id, "body": body}])
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["authority", "contact_id"], set_={"body": statement.excluded.body}
        )
    )


def of_contacts(tx: Transaction[Any], contact_ids: Collection[str]) -> dict[str, list[str]]:
    """Each placing authority, as it was named, with the contacts about its children."""
    query = select(placing).where(placing.c.authority == tx.authority, placing.c.contact_id.in_(contact_ids))
    found: dict[str, list[str]] = {}
    for row in tx.db.execute(query.order_by(placing.c.contact_id)):
        for name in sealing.unseal(tx, f"placing/{row.contact_id}", list[str], row.body):
            found.setdefault(name, []).append(row.contact_id)
    return dict(sorted(found.items()))
