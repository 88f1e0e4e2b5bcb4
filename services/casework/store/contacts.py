"""What was heard of contacts before any case exists. Dropped when the contact ends without one."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Executable, bindparam, delete, select, update

from services.casework.store.tables import known_contact
from shared.contracts.intake import ContactReceived
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction
from shared.store.waiting import Waiting

_mine = (
    known_contact.c.authority == bindparam("authority"),
    known_contact.c.contact_id == bindparam("contact_id"),
)
_FIND, _FORGET = select(known_contact).where(*_mine), delete(known_contact).where(*_mine)


@dataclass(frozen=True)
class KnownContact:
    """A contact as first given, and to whom it is closed."""

    told: ContactReceived
    only: tuple[str, ...]
    never: tuple[str, ...]


@spelled
def _remembering(make: Insert) -> Executable:
    new = make(known_contact)
    # To whom it is closed is left alone: a repeated contact must not open it again.
    return new.on_conflict_do_update(
        index_elements=["authority", "contact_id"], set_={"body": new.excluded.body}
    )


class _Told(Waiting):
    """Most contacts of a batch are told of once and asked for later, if ever."""

    def statement(self, db: Connection) -> Executable:
        """The one upsert."""
        return _remembering(db)


def remember(tx: Transaction, told: ContactReceived) -> None:
    """Keep what was said; the same contact again replaces it."""
    row = {
        "authority": tx.authority,
        "contact_id": told.contact_id,
        "received_at": told.received_at,
        "only": [],
        "never": [],
        "body": tx.seal(_place(told.contact_id), msgspec.json.encode(told)),
    }
    _Told.put(tx, row)


def find(tx: Transaction, contact_id: str) -> KnownContact | None:
    """What is known of a contact; None when it has not been heard of, or was dropped."""
    _Told.settle(tx)
    row = tx.db.execute(_FIND, {"authority": tx.authority, "contact_id": contact_id}).one_or_none()
    if row is None:
        return None
    told = msgspec.json.decode(tx.open(_place(contact_id), row.body), type=ContactReceived)
    return KnownContact(told, tuple(row.only), tuple(row.never))


def close_to(tx: Transaction, contact_id: str, only: tuple[str, ...], never: tuple[str, ...]) -> None:
    """Remember to whom it is closed, for the case that may come of it."""
    _Told.settle(tx)
    tx.db.execute(
        update(known_contact)
        .where(known_contact.c.authority == tx.authority, known_contact.c.contact_id == contact_id)
        .values(only=list(only), never=list(never))
    )


def forget(tx: Transaction, contact_id: str) -> None:
    """Drop it: no case came of it, or the case now holds everything."""
    _Told.settle(tx)
    tx.db.execute(_FORGET, {"authority": tx.authority, "contact_id": contact_id})


def _place(contact_id: str) -> str:
    return f"known_contact/{contact_id}/body"
