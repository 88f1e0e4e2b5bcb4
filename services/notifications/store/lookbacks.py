"""Which contacts the notices of a look-back rest on."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select

from services.notifications.store.tables import lookback_contact as table
from services.notifications.store.tables import notice
from shared.store.transaction import Transaction


def add(tx: Transaction, notice_id: str, *, outstanding: Collection[str], others: Collection[str]) -> None:
    """The notice rests on these contacts; nobody acted on those that are `outstanding`."""
    about = {**dict.fromkeys(others, False), **dict.fromkeys(outstanding, True)}
    rows = [
        {"authority": tx.authority, "notice_id": notice_id, "contact_id": one, "outstanding": left}
        for one, left in sorted(about.items())
    ]
    tx.db.execute(insert(table), rows)


def take_out(tx: Transaction, contact_id: str) -> list[str]:
    """The contact is known no more. Returns the notices that rested on it."""
    here = delete(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id)
    return sorted(tx.db.execute(here.returning(table.c.notice_id)).scalars().all())


def without_contacts(tx: Transaction) -> list[str]:
    """The notices of look-backs that rest on no known contact, or never had theirs kept."""
    kept = select(table.c.notice_id).where(
        table.c.authority == notice.c.authority, table.c.notice_id == notice.c.id
    )
    query = select(notice.c.id).where(
        notice.c.authority == tx.authority, notice.c.case_id == "", notice.c.contact_id == "", ~kept.exists()
    )
    return list(tx.db.execute(query.order_by(notice.c.id)).scalars().all())


def outstanding(tx: Transaction, notice_id: str) -> int:
    """How many contacts of a notice nobody acted on."""
    query = select(func.count()).where(
        table.c.authority == tx.authority, table.c.notice_id == notice_id, table.c.outstanding
    )
    return int(tx.db.execute(query).scalar_one())
