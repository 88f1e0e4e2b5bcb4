"""Of which patterns the cases of contacts were told."""

from collections.abc import Collection

from sqlalchemy import delete

from services.casework.store.tables import pattern as table
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


def note(tx: Transaction, pattern_id: str, reference: str, contact_id: str) -> None:
    """The case of this contact was told."""
    row = {
        "authority": tx.authority, "pattern_id": pattern_id, "contact_id": contact_id, "reference": reference
    }  # fmt: skip
    tx.db.execute(upsert(tx.db, table, [row]).on_conflict_do_nothing())


def take_out(tx: Transaction, pattern_id: str, still: Collection[str] = ()) -> list[tuple[str, str]]:
    """It is about none but these contacts any more. Returns the contacts whose cases were told otherwise,
    each with the pattern's reference.
    """
    gone = delete(table).where(table.c.authority == tx.authority, table.c.pattern_id == pattern_id)
    if still:
        gone = gone.where(table.c.contact_id.not_in(sorted(still)))
    found = tx.db.execute(gone.returning(table.c.contact_id, table.c.reference))
    return sorted((row.contact_id, row.reference) for row in found)


def forget(tx: Transaction, contact_id: str) -> None:
    """Nothing is known of this contact."""
    tx.db.execute(delete(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id))
