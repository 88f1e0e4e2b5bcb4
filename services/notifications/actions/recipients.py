"""Vouching for the addresses that notices go to: an act that holds from its moment on, not a rule with a day.

An address is known to be right when somebody has looked, and wrong at once when a letter went astray.
"""

from dataclasses import replace

from services.notifications.domain import recipient as directory
from services.notifications.domain.recipient import Recipient
from services.notifications.store import recipients as store
from shared.contracts.notifications import RecipientChanged
from shared.errors import Conflict
from shared.store.transaction import Transaction


def confirm_recipient(
    tx: Transaction, kind: str, version: int, name: str, email: str, taken_from: str
) -> Recipient:
    """Vouch for a body's name and address; until then nothing can be sent there."""
    entry = directory.confirm(_seen(tx, kind, version), name, email, taken_from)
    _tell(tx, entry, confirmed=True)
    return store.save(tx, replace(entry, confirmed_by=tx.scope.actor.id, confirmed_at=tx.now))


def unconfirm_recipient(tx: Transaction, kind: str, version: int) -> Recipient:
    """Take the confirmation back, for example when a letter went astray."""
    entry = directory.unconfirm(_seen(tx, kind, version))
    _tell(tx, entry, confirmed=False)
    return store.save(tx, entry)


def _tell(tx: Transaction, entry: Recipient, *, confirmed: bool) -> None:
    # Where the most sensitive letters go to is a matter for the audit.
    tx.publish(
        RecipientChanged(
            recipient_id=f"{tx.authority}/{entry.kind}",
            kind=entry.kind,
            confirmed=confirmed,
            changed_by=tx.scope.actor.id,
            changed_at=tx.now,
            reason=entry.taken_from,
        )
    )


def _seen(tx: Transaction, kind: str, version: int) -> Recipient:
    entry = store.get(tx, kind)
    if entry.version != version:
        raise Conflict("Somebody else has changed this entry. Load the directory again, then decide.")
    return entry
