"""Which authorities placed the children that contacts are about."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from services.search.store import sealing
from services.search.store.setting_tables import placing
from shared.store.rows import Rows
from shared.store.transaction import Transaction

_KNOWING = Rows(
    placing, "contact_id", "body", settled="(authority, contact_id) DO UPDATE SET body = excluded.body"
)


def know(tx: Transaction[Any], said: Mapping[str, Collection[str]]) -> None:
    """Who is said now to have placed the children of each contact; what a case says replaces what its
    contact said.
    """
    rows = [(one, sealing.seal(tx, f"placing/{one}", sorted(names))) for one, names in sorted(said.items())]
    _KNOWING.add(tx.db, rows)


def of_contacts(tx: Transaction[Any], contact_ids: Collection[str]) -> dict[str, list[str]]:
    """Each placing authority, as it was named, with the contacts about its children."""
    query = select(placing).where(placing.c.authority == tx.authority, placing.c.contact_id.in_(contact_ids))
    found: dict[str, list[str]] = {}
    for row in tx.db.execute(query.order_by(placing.c.contact_id)).all():
        for name in sealing.unseal(tx, f"placing/{row.contact_id}", list[str], row.body):
            found.setdefault(name, []).append(row.contact_id)
    return dict(sorted(found.items()))
