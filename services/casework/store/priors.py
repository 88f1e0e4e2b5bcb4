"""Earlier concerns that were found for the adults of a contact, known before a case exists."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, select, update

from services.casework.domain.priors import Prior
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import prior as table
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


def save(tx: Transaction, prior: Prior) -> bool:
    """Keep a match.

    Returns whether it is new; a match found again replaces what was known and is open again.
    """
    # Search keeps the id of a match that it finds again; the chronology tells of it once.
    known = table.c.authority == tx.authority, table.c.id == prior.id
    is_new = tx.db.execute(select(table.c.id).where(*known)).first() is None
    row = {
        "authority": tx.authority,
        "id": prior.id,
        "contact_id": prior.contact_id,
        "state": prior.state,
        "found_at": prior.found_at,
        "body": seal(tx, "prior", prior.id, prior),
    }
    statement = upsert(tx.db, table, [row])
    changed = {name: statement.excluded[name] for name in ("state", "found_at", "body")}
    tx.db.execute(statement.on_conflict_do_update(index_elements=["authority", "id"], set_=changed))
    return is_new


def set_state(tx: Transaction, match_id: str, state: str) -> None:
    """What a person judged, or that it no longer holds; unknown matches are left alone."""
    tx.db.execute(
        update(table).where(table.c.authority == tx.authority, table.c.id == match_id).values(state=state)
    )


def blank(tx: Transaction, match_id: str) -> None:
    """It no longer holds, so nothing is kept of the own record that it led to."""
    row = tx.db.execute(
        select(table).where(table.c.authority == tx.authority, table.c.id == match_id)
    ).one_or_none()
    if row is not None:
        save(tx, replace(_prior(tx, row), state="withdrawn", own_contact_id="", evidence=()))


def forget(tx: Transaction, contact_id: str) -> None:
    """Delete what was found for the adults of a contact."""
    tx.db.execute(delete(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id))


def of_contact(tx: Transaction, contact_id: str) -> tuple[Prior, ...]:
    """Everything found for the adults of a contact, latest first."""
    query = select(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id)
    return tuple(_prior(tx, row) for row in tx.db.execute(query.order_by(table.c.found_at.desc()).limit(200)))


def _prior(tx: Transaction, row: Row[Any]) -> Prior:
    return replace(unseal(tx, "prior", row.id, Prior, row.body), state=row.state)
