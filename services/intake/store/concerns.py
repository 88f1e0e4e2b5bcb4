"""Earlier concerns, kept per match. One about a record closed to the reader does not exist for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, case, delete, func, or_, select, update

from services.intake.domain.concern import SHOWN, Badge, OwnEarlier, PriorConcern, Standing
from services.intake.store import patterns, visibility
from services.intake.store.bodies import seal, unseal
from services.intake.store.tables import prior_concern
from shared.contracts.people import Pointer
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_SHOWN = [standing.value for standing in SHOWN]


@dataclass(frozen=True)
class _Body:
    own: OwnEarlier | None = None
    pointer: Pointer | None = None


@spelled
def _keeping(make: Insert) -> Executable:
    new = make(prior_concern)
    names = ("contact_id", "person_id", "state", "other_contact_id", "found_at", "body")
    said = {name: new.excluded[name] for name in names}
    return new.on_conflict_do_update(index_elements=["authority", "match_id"], set_=said)


def keep(tx: Transaction, one: PriorConcern) -> None:
    """Add it, or put a match that was found again in place of what was known; open again for judgement."""
    row = {
        "authority": tx.authority, "match_id": one.match_id, "contact_id": one.contact_id,
        "person_id": one.person_id, "state": one.standing.value,
        "other_contact_id": one.own.contact_id if one.own else "", "found_at": one.found_at,
        "body": seal(tx, "prior_concern", one.match_id, _Body(one.own, one.pointer)),
    }  # fmt: skip
    tx.db.execute(_keeping(tx.db), row)


def judge(tx: Transaction, match_id: str, standing: Standing, by: str, at: datetime | None) -> None:
    """Note what became of a match; one never heard of needs no note."""
    tx.db.execute(
        update(prior_concern)
        .where(prior_concern.c.authority == tx.authority, prior_concern.c.match_id == match_id)
        .values(state=standing.value, judged_by=by, judged_at=at)
    )


def forget(tx: Transaction, match_id: str) -> None:
    """It holds no more, so nothing stays of what the two records had in common."""
    tx.db.execute(
        delete(prior_concern).where(
            prior_concern.c.authority == tx.authority, prior_concern.c.match_id == match_id
        )
    )


def of_contact(tx: Transaction, contact_id: str) -> list[PriorConcern]:
    """What the reader may see of them, newest finding first."""
    query = select(prior_concern).where(
        prior_concern.c.authority == tx.authority, prior_concern.c.contact_id == contact_id, *_visible(tx)
    )
    order = (prior_concern.c.found_at.desc(), prior_concern.c.match_id)
    return [_concern(tx, row) for row in tx.db.execute(query.order_by(*order).limit(200)).all()]


def badges(tx: Transaction, contact_ids: Sequence[str]) -> dict[str, Badge]:
    """The badges of the contacts on a page; none for those without earlier concerns or patterns."""
    if not contact_ids:
        return {}
    # Counted in two queries for the whole page, whatever its length.
    own = case((prior_concern.c.other_contact_id != "", 1), else_=0)
    query = (
        select(prior_concern.c.contact_id, func.sum(own), func.count())
        .where(prior_concern.c.authority == tx.authority, prior_concern.c.contact_id.in_(contact_ids))
        .where(*_visible(tx))
        .group_by(prior_concern.c.contact_id)
    )
    found = {
        contact_id: Badge(int(mine), int(every) - int(mine))
        for contact_id, mine, every in tx.db.execute(query).all()
    }
    for contact_id, number in patterns.waiting(tx, contact_ids).items():
        found[contact_id] = replace(found.get(contact_id, Badge()), patterns=number)
    return found


def _visible(tx: Transaction) -> tuple[ColumnElement[bool], ...]:
    # A match may not betray a record that is closed to the reader, so it goes by the other record.
    other = prior_concern.c.other_contact_id
    return prior_concern.c.state.in_(_SHOWN), or_(other == "", visibility.open_to(other, tx))


def _concern(tx: Transaction, row: Row[Any]) -> PriorConcern:
    body = unseal(tx, "prior_concern", row.match_id, row.body, _Body)
    return PriorConcern(
        match_id=row.match_id,
        contact_id=row.contact_id,
        person_id=row.person_id,
        found_at=row.found_at,
        standing=Standing(row.state),
        own=body.own,
        pointer=body.pointer,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
    )
