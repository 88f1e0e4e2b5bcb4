"""Records that are closed to some of their authority's readers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, delete, insert, or_, select

from shared.contracts.casework import CaseErased, CaseRestricted, CaseUnrestricted
from shared.contracts.intake import ContactErased, ContactRestricted, ContactUnrestricted
from shared.replicas import tables
from shared.store.membership import one_of
from shared.store.transaction import Transaction


def open_to(record_id: ColumnElement[str], tx: Transaction) -> ColumnElement[bool]:
    """A clause that hides records closed to the actor: named in `never`, or left out of `only`."""
    return record_id.not_in(closed_to(tx))


def open_to_reader(record_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The same for a query that is made once: whoever runs it gives `authority` and `reader`."""
    return record_id.not_in(closed_to_reader())


def closed_to(tx: Transaction) -> Select[tuple[str]]:
    """The ids of the records closed to the actor: a short list, from which to what hangs on them."""
    return _closed(tx.authority, tx.scope.actor.id)


def closed_to_reader() -> Select[tuple[str]]:
    """The same for a query that is made once: whoever runs it gives `authority` and `reader`."""
    return _closed(bindparam("authority"), bindparam("reader"))


Value = str | BindParameter[str]


def _closed(authority: Value, me: Value) -> Select[tuple[str]]:
    table, mine = tables.restriction, tables.restriction.alias()
    named = select(mine.c.record_id).where(
        mine.c.authority == authority, mine.c.effect == "only", mine.c.user_id == me
    )
    barred = and_(table.c.effect == "never", table.c.user_id == me)
    left_out = and_(table.c.effect == "only", table.c.record_id.not_in(named))
    # The few closed ones, listed once a statement: a look for each row costs a long list its page.
    return select(table.c.record_id).where(table.c.authority == authority, or_(barred, left_out))


def closed_to_anybody() -> Select[Any]:
    """The ids of all records of the authority that are closed to somebody: whoever runs it gives
    `authority`."""
    return select(tables.restriction.c.record_id).where(
        tables.restriction.c.authority == bindparam("authority")
    )


def is_restricted(tx: Transaction, record_id: str) -> bool:
    """Whether the record is closed to anybody."""
    query = select(tables.restriction.c.record_id).where(
        tables.restriction.c.authority == tx.authority, tables.restriction.c.record_id == record_id
    )
    return tx.db.execute(query.limit(1)).first() is not None


def seen_by(tx: Transaction, record_id: str) -> dict[str, list[str]]:
    """To whom a record is closed: the users that `only` may see it, and those that `never` may."""
    table = tables.restriction
    query = select(table.c.effect, table.c.user_id).where(
        table.c.authority == tx.authority, table.c.record_id == record_id
    )
    found: dict[str, list[str]] = {"only": [], "never": []}
    for effect, user_id in tx.db.execute(query.order_by(table.c.user_id)).all():
        found[effect].append(user_id)
    return found


_AMONG = (
    select(tables.restriction.c.record_id)
    .where(
        tables.restriction.c.authority == bindparam("here"),
        one_of(tables.restriction.c.record_id, "ids"),
    )
    .distinct()
)


def restricted_among(tx: Transaction, record_ids: Collection[str]) -> set[str]:
    """Those of these records that are closed to anybody."""
    asked = {"here": tx.authority, "ids": list(record_ids)}
    return set(tx.db.execute(_AMONG, asked).scalars().all())


@tables.heard(ContactRestricted)
def _restrict_contact(tx: Transaction, event: ContactRestricted) -> None:
    restrict(tx, event.contact_id, only=event.only, never=event.never)


@tables.heard(CaseRestricted)
def _restrict_case(tx: Transaction, event: CaseRestricted) -> None:
    restrict(tx, event.case_id, only=event.only, never=event.never)


@tables.heard(ContactUnrestricted)
def _open_contact(tx: Transaction, event: ContactUnrestricted) -> None:
    restrict(tx, event.contact_id)


@tables.heard(CaseUnrestricted)
def _open_case(tx: Transaction, event: CaseUnrestricted) -> None:
    restrict(tx, event.case_id)


@tables.heard(ContactErased)
def _forget_contact(tx: Transaction, event: ContactErased) -> None:
    # Nobody asks any more who may see what is gone.
    restrict(tx, event.contact_id)


@tables.heard(CaseErased)
def _forget_case(tx: Transaction, event: CaseErased) -> None:
    restrict(tx, event.case_id)


def restrict(
    tx: Transaction, record_id: str, *, only: tuple[str, ...] = (), never: tuple[str, ...] = ()
) -> None:
    """Replace what is said about who may see a record; nothing named opens it again."""
    tx.db.execute(
        delete(tables.restriction).where(
            tables.restriction.c.authority == tx.authority, tables.restriction.c.record_id == record_id
        )
    )
    rows = [{"record_id": record_id, "effect": "only", "user_id": one} for one in only]
    rows += [{"record_id": record_id, "effect": "never", "user_id": one} for one in never]
    if rows:
        tx.db.execute(insert(tables.restriction), rows)
