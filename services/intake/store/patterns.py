"""Patterns that contacts are part of. One that rests on too few contacts open to the reader does not exist
for them.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, delete, func, insert, select, update

from services.intake.domain.pattern import OPEN, WITHDRAWN, Pattern
from services.intake.store import visibility
from services.intake.store.tables import pattern, pattern_contact
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_PLAIN = tuple(one.name for one in fields(Pattern))


def _keeping(insert: Insert) -> Executable:
    statement: Any = insert(pattern)
    changed = {name: statement.excluded[name] for name in _PLAIN if name != "pattern_id"}
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=["authority", "pattern_id"], set_=changed
    )


# Heard with every concern that is part of one, so they are made once.
_KEEPING = spelled(_keeping)
_LETTING_GO = delete(pattern_contact).where(
    pattern_contact.c.authority == bindparam("here"), pattern_contact.c.pattern_id == bindparam("this")
)


def keep(tx: Transaction, one: Pattern, contact_ids: Collection[str]) -> None:
    """A pattern as it stands, with all contacts that it rests on now."""
    values: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN} | {"signs": list(one.signs)}
    tx.db.execute(_KEEPING(tx.db), {"authority": tx.authority, **values})
    tx.db.execute(_LETTING_GO, {"here": tx.authority, "this": one.pattern_id})
    rows = [{"pattern_id": one.pattern_id, "contact_id": each} for each in sorted(contact_ids)]
    if rows:
        tx.db.execute(insert(pattern_contact), rows)


def move(tx: Transaction, pattern_id: str, state: str, finding: str = "") -> None:
    """It was reviewed or withdrawn; one never heard of is left alone."""
    here = and_(pattern.c.authority == tx.authority, pattern.c.pattern_id == pattern_id)
    tx.db.execute(update(pattern).where(here).values(state=state, finding=finding))


def of_contact(tx: Transaction, contact_id: str) -> list[Pattern]:
    """Those that the reader may know of, the latest first."""
    query = (
        select(pattern)
        .join(pattern_contact, _same())
        .where(
            _mine(tx), pattern_contact.c.contact_id == contact_id, pattern.c.state != WITHDRAWN, _known(tx)
        )
    )
    rows = tx.db.execute(query.order_by(pattern.c.found_at.desc(), pattern.c.pattern_id).limit(50))
    return [
        Pattern(**{name: getattr(row, name) for name in _PLAIN} | {"signs": tuple(row.signs)}) for row in rows
    ]


def waiting(tx: Transaction, contact_ids: Sequence[str]) -> dict[str, int]:
    """How many patterns of each of these contacts nobody has reviewed yet."""
    query = (
        select(pattern_contact.c.contact_id, func.count())
        .join(pattern, _same())
        .where(_mine(tx), pattern_contact.c.contact_id.in_(contact_ids), pattern.c.state == OPEN, _known(tx))
        .group_by(pattern_contact.c.contact_id)
    )
    return (
        {contact_id: int(number) for contact_id, number in tx.db.execute(query).all()} if contact_ids else {}
    )


def _same() -> ColumnElement[bool]:
    return and_(
        pattern_contact.c.authority == pattern.c.authority,
        pattern_contact.c.pattern_id == pattern.c.pattern_id,
    )


def _mine(tx: Transaction) -> ColumnElement[bool]:
    return and_(pattern.c.authority == tx.authority, pattern_contact.c.authority == tx.authority)


def _known(tx: Transaction) -> ColumnElement[bool]:
    rests_on = pattern_contact.alias()
    seen = (
        select(func.count())
        .select_from(rests_on)
        .where(
            rests_on.c.authority == tx.authority,
            rests_on.c.pattern_id == pattern.c.pattern_id,
            visibility.open_to(rests_on.c.contact_id, tx),
        )
        .scalar_subquery()
    )
    return seen >= pattern.c.needs
