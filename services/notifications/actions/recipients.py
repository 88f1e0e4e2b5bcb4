"""Vouching for the addresses that notices go to."""

from services.notifications.domain import recipient as directory
from services.notifications.domain.recipient import Recipient
from services.notifications.store import recipients as store
from shared.errors import Conflict
from shared.store.transaction import Transaction


def confirm_recipient(tx: Transaction, kind: str, version: int, name: str, email: str) -> Recipient:
    """Vouch for a body's name and address; until then nothing can be sent there."""
    entry = _seen(tx, kind, version)
    return store.save(tx, directory.confirm(entry, name, email, tx.scope.actor.id, tx.now))


def unconfirm_recipient(tx: Transaction, kind: str, version: int) -> Recipient:
    """Take the confirmation back, for example when a letter went astray."""
    return store.save(tx, directory.unconfirm(_seen(tx, kind, version)))


def _seen(tx: Transaction, kind: str, version: int) -> Recipient:
    entry = store.get(tx, kind)
    if entry.version != version:
        raise Conflict("Somebody else has changed this entry. Load the directory again, then decide.")
    return entry
