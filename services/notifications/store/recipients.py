"""The authority's directory of recipients: the shipped one, with what its people confirmed."""

from dataclasses import replace

import msgspec
from sqlalchemy import select

from services.notifications.domain import recipient as directory
from services.notifications.domain.recipient import Recipient
from services.notifications.store.tables import recipient as table
from shared.errors import Conflict, NotFound
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


def list_all(tx: Transaction) -> tuple[Recipient, ...]:
    """Every body of the directory, by kind."""
    query = select(table.c.kind, table.c.body).where(table.c.authority == tx.authority)
    kept = {row.kind: _read(tx, row.kind, row.body) for row in tx.db.execute(query).all()}
    # What people confirmed stands before what came with Heed, also after an update of the shipped list.
    everybody = {one.kind: one for one in directory.shipped()} | kept
    return tuple(everybody[kind] for kind in sorted(everybody))


def get(tx: Transaction, kind: str) -> Recipient:
    """One body. Raises NotFound."""
    found = next((one for one in list_all(tx) if one.kind == kind), None)
    if found is None:
        raise NotFound("There is no such recipient in your authority's directory. Go back to the directory.")
    return found


def save(tx: Transaction, recipient: Recipient) -> Recipient:
    """Keep a changed entry. Raises Conflict when somebody else changed it meanwhile."""
    changed = replace(recipient, version=recipient.version + 1)
    row = {
        "authority": tx.authority,
        "kind": changed.kind,
        "confirmed_at": changed.confirmed_at,
        "version": changed.version,
        "body": tx.seal(_place(changed.kind), msgspec.json.encode(changed)),
    }
    statement = upsert(tx.db, table, [row])
    statement = statement.on_conflict_do_update(
        index_elements=["authority", "kind"],
        set_={name: statement.excluded[name] for name in ("confirmed_at", "version", "body")},
        where=(table.c.authority == tx.authority) & (table.c.version == recipient.version),
    )
    if tx.db.execute(statement).rowcount != 1:
        raise Conflict("Somebody else has changed this entry. Load the directory again, then decide.")
    return changed


def _read(tx: Transaction, kind: str, sealed: bytes) -> Recipient:
    return msgspec.json.decode(tx.open(_place(kind), sealed), type=Recipient)


def _place(kind: str) -> str:
    return f"recipient/{kind}/body"
