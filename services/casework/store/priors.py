"""Earlier concerns that were found for the adults of a contact, known before a case exists."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Executable, Row, bindparam, delete, select, update

from services.casework.domain.priors import Prior
from services.casework.store.sealing import seal, unseal
from services.casework.store.tables import prior as table
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_KNOWN = select(table.c.id).where(table.c.authority == bindparam("authority"), table.c.id == bindparam("id"))
_OF_CONTACT = (
    select(table)
    .where(table.c.authority == bindparam("authority"), table.c.contact_id == bindparam("contact_id"))
    .order_by(table.c.found_at.desc())
    .limit(200)
)


@spelled
def _saving(make: Insert) -> Executable:
    new = make(table)
    changed = {name: new.excluded[name] for name in ("state", "found_at", "body")}
    return new.on_conflict_do_update(index_elements=["authority", "id"], set_=changed)


def save(tx: Transaction, prior: Prior) -> bool:
    """Keep a match.

    Returns whether it is new; a match found again replaces what was known and is open again.
    """
    # Search keeps the id of a match that it finds again; the chronology tells of it once.
    is_new = tx.db.execute(_KNOWN, {"authority": tx.authority, "id": prior.id}).first() is None
    row = {
        "authority": tx.authority,
        "id": prior.id,
        "contact_id": prior.contact_id,
        "state": prior.state,
        "found_at": prior.found_at,
        "body": seal(tx, "prior", prior.id, prior),
    }
    tx.db.execute(_saving(tx.db), row)
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
    rows = tx.db.execute(_OF_CONTACT, {"authority": tx.authority, "contact_id": contact_id})
    return tuple(_prior(tx, row) for row in rows)


def _prior(tx: Transaction, row: Row[Any]) -> Prior:
    return replace(unseal(tx, "prior", row.id, Prior, row.body), state=row.state)
