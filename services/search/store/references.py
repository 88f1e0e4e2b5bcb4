"""The references that people quote, of contacts and of the cases that grew from them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.search.store.tables import reference
from services.search.store.visibility import open_to
from shared.store.rows import Rows
from shared.store.transaction import Transaction

_KNOWING = Rows(reference, "reference", "contact_id", settled="DO NOTHING")


def know(tx: Transaction[Any], said: Mapping[str, str]) -> None:
    """Which contact each of these references means."""
    # Upper case: people read references out on the telephone.
    _KNOWING.add(tx.db, [(one[:60].upper(), contact_id) for one, contact_id in said.items()])


def contact_of(tx: Transaction[Any], said: str) -> str | None:
    """The contact that is open to the actor under that reference."""
    query = select(reference.c.contact_id).where(
        reference.c.authority == tx.authority,
        reference.c.reference == said.strip()[:60].upper(),
        open_to(reference.c.contact_id, tx),
    )
    found: str | None = tx.db.execute(query).scalar_one_or_none()
    return found


def is_open(tx: Transaction[Any], contact_id: str) -> bool:
    """Whether there is such a contact that is open to the actor."""
    query = select(reference.c.contact_id).where(
        reference.c.authority == tx.authority,
        reference.c.contact_id == contact_id,
        open_to(reference.c.contact_id, tx),
    )
    return tx.db.execute(query.limit(1)).first() is not None


def of_contacts(tx: Transaction[Any], contact_ids: list[str]) -> dict[str, str]:
    """What to call each contact: its shortest reference."""
    query = select(reference.c.contact_id, reference.c.reference).where(
        reference.c.authority == tx.authority, reference.c.contact_id.in_(contact_ids)
    )
    found: dict[str, str] = {}
    for contact_id, said in sorted(tx.db.execute(query).all(), key=lambda row: (len(row[1]), row[1])):
        found.setdefault(contact_id, said)
    return found
