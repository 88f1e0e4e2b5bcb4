"""Which contacts each pattern is about, and the cases of which were told. A contact may come later."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    String,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)

from services.casework.domain.patterns import Pattern
from services.casework.store.tables import case_file
from services.casework.store.tables import pattern as table
from shared import replicas
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of
from shared.store.transaction import Transaction


def _keeping(insert: Insert) -> Executable:
    statement: Any = insert(table)
    changed = {name: statement.excluded[name] for name in ("reference", "kind", "needs")}
    keys = ["authority", "pattern_id", "contact_id"]
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)  # type: ignore[no-any-return]


# Heard with every concern that is part of one, so they are made once.
_KEEPING = spelled(_keeping)
_OF_PATTERN = (table.c.authority == bindparam("here"), table.c.pattern_id == bindparam("this"))
_CONTACTS = select(table.c.contact_id).where(*_OF_PATTERN)
_TELLING = (
    update(table)
    .where(*_OF_PATTERN, table.c.contact_id == bindparam("whose"), table.c.told.is_(False))
    .values(told=True)
)


_CHANGED = (table.c.contact_id, table.c.reference, table.c.told)
_TAKING_OUT = delete(table).where(*_OF_PATTERN, ~one_of(table.c.contact_id, "still")).returning(*_CHANGED)


def _of_contact(closed: Select[tuple[str]]) -> Select[Any]:
    """Those of a contact that rest on enough contacts which are not among the closed."""
    rests_on, mine = table.alias(), bindparam("authority", type_=String)
    # A contact is as closed as the case that grew from it.
    by_case = select(case_file.c.contact_id).where(case_file.c.authority == mine, case_file.c.id.in_(closed))
    is_open = and_(rests_on.c.contact_id.not_in(closed), rests_on.c.contact_id.not_in(by_case))
    seen = (
        select(func.count())
        .where(rests_on.c.authority == mine, rests_on.c.pattern_id == table.c.pattern_id, is_open)
        .scalar_subquery()
    )
    here = (table.c.authority == mine, table.c.contact_id == bindparam("contact"))
    return select(table).where(*here, seen >= table.c.needs).order_by(table.c.reference).limit(50)


_OPEN_TO_ALL = _of_contact(replicas.closed_to_anybody())
_OPEN_TO_READER = _of_contact(replicas.closed_to_reader())


def keep(tx: Transaction, one: Pattern, contact_ids: Collection[str]) -> None:
    """It is about these contacts; which of their cases were told stays."""
    about = {"reference": one.reference, "kind": one.kind, "needs": one.needs}
    rows = [
        {"authority": tx.authority, "pattern_id": one.id, "contact_id": contact_id, "told": False, **about}
        for contact_id in sorted(contact_ids)
    ]
    if rows:
        tx.db.execute(_KEEPING(tx.db), rows)


def contacts_of(tx: Transaction, pattern_id: str) -> list[str]:
    """The contacts that it is about."""
    asked = {"here": tx.authority, "this": pattern_id}
    return list(tx.db.execute(_CONTACTS, asked).scalars().all())


def tell(tx: Transaction, pattern_id: str, contact_id: str) -> bool:
    """The case of this contact is told. Returns whether it was not before."""
    asked = {"here": tx.authority, "this": pattern_id, "whose": contact_id}
    return tx.db.execute(_TELLING, asked).rowcount == 1


def of_contact(tx: Transaction, contact_id: str) -> list[Pattern]:
    """Those that the reader may know of. For Heed itself, which tells everybody of a case, those that
    everybody may.
    """
    query = _OPEN_TO_ALL if tx.scope.actor.is_system else _OPEN_TO_READER
    asked = {"authority": tx.authority, "reader": tx.scope.actor.id, "contact": contact_id}
    return [
        Pattern(
            id=row.pattern_id, reference=row.reference, kind=row.kind, needs=row.needs, finding=row.finding
        )
        for row in tx.db.execute(query, asked).all()
    ]


def review(tx: Transaction, pattern_id: str, finding: str) -> list[tuple[str, str]]:
    """What somebody found who looked at it. Returns the contacts whose cases were told of it, each with its
    reference.
    """
    seen = update(table).where(_rows(tx, table.c.pattern_id == pattern_id)).values(finding=finding)
    return _told(tx.db.execute(seen.returning(*_CHANGED)))


def take_out(tx: Transaction, pattern_id: str, still: Collection[str] = ()) -> list[tuple[str, str]]:
    """It is about none but these contacts any more. Returns the contacts whose cases were told otherwise,
    each with the pattern's reference.
    """
    return _told(tx.db.execute(_TAKING_OUT, {"here": tx.authority, "this": pattern_id, "still": still}))


def _told(changed: Iterable[Any]) -> list[tuple[str, str]]:
    return sorted((row.contact_id, row.reference) for row in changed if row.told)


def forget(tx: Transaction, contact_id: str) -> None:
    """Nothing is known of this contact."""
    tx.db.execute(delete(table).where(_rows(tx, table.c.contact_id == contact_id)))


def _rows(tx: Transaction, *asked: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(table.c.authority == tx.authority, *asked)
