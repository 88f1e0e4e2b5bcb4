"""Clocks: those of one case, those that are due, those whose day has passed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Executable, Row, Select, and_, func, or_, select

from services.casework.domain.clocks import Clock, Pause
from services.casework.domain.rules import Rule
from services.casework.store.sealing import of_case as about
from services.casework.store.sealing import visible, with_case
from services.casework.store.tables import case_file
from services.casework.store.tables import clock as table
from shared.errors import NotFound
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction

_PLAIN = (
    "case_id",
    "amount",
    "period",
    "started_at",
    "due_on",
    "overdue_after",
    "stopped_at",
    "called_off",
    "marked_at",
    "live",
    "counted_by",
)
# The rule is not among them: a promise stays as it was made when the rule changes later.
_CHANGES = (
    "due_on",
    "overdue_after",
    "paused",
    "pauses",
    "stopped_at",
    "called_off",
    "marked_at",
    "counted_by",
)
_OF_CASE = about(table, table.c.overdue_after, table.c.id)


@spelled
def _saving(make: Insert) -> Executable:
    new = make(table)
    changed = {name: new.excluded[name] for name in _CHANGES}
    return new.on_conflict_do_update(index_elements=["authority", "id"], set_=changed)


def save(tx: Transaction, clocks: Iterable[Clock]) -> None:
    """Add these clocks, or keep what changed on them."""
    rows = [_row(tx, clock) for clock in clocks]
    if rows:
        tx.db.execute(_saving(tx.db), rows)


def _row(tx: Transaction, clock: Clock) -> dict[str, Any]:
    return {
        "authority": tx.authority,
        "id": clock.id,
        "rule_id": clock.rule.id,
        "rule": msgspec.to_builtins(clock.rule),
        "paused": clock.is_paused,
        "pauses": msgspec.to_builtins(clock.pauses),
        **{name: getattr(clock, name) for name in _PLAIN},
    }


def of_case(tx: Transaction, case_id: str) -> tuple[Clock, ...]:
    """All clocks of a case, by when lateness begins."""
    return tuple(map(_clock, tx.db.execute(_OF_CASE, {"authority": tx.authority, "case_id": case_id})))


def get(tx: Transaction, case_id: str, clock_id: str) -> Clock:
    """One clock of a case. Raises NotFound."""
    query = select(table).where(table.c.authority == tx.authority, table.c.case_id == case_id)
    row = tx.db.execute(query.where(table.c.id == clock_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such clock on this case. Open the case again.")
    return _clock(row)


def take_overdue(tx: Transaction, limit: int) -> tuple[Clock, ...]:
    """Live clocks whose lateness has begun and was not marked yet, most overdue first, taken with their cases
    until the commit. Cases at which somebody is at work are left for the next time.
    """
    query = (
        select(table)
        .select_from(with_case(table))
        .where(
            table.c.authority == tx.authority, table.c.stopped_at.is_(None), table.c.overdue_after < tx.now
        )
        # An imported or invented history raises no alarm.
        .where(table.c.paused.is_(False), table.c.marked_at.is_(None), table.c.live.is_(True))
        .order_by(table.c.overdue_after)
        .limit(limit)
        # The case as well: whoever pauses a clock takes that before they read the clock.
        .with_for_update(of=[case_file, table], skip_locked=True)
    )
    return tuple(map(_clock, tx.db.execute(query)))


def counted_otherwise(tx: Transaction, mark: str, limit: int) -> list[str]:
    """The cases of some of the running clocks that were counted by another calendar than the one of this
    mark.
    """
    query = select(table.c.case_id).where(_counted_otherwise(tx, mark)).limit(limit)
    return list(tx.db.execute(query).scalars().all())


def to_recount(tx: Transaction, mark: str, case_ids: Sequence[str]) -> tuple[Clock, ...]:
    """Those clocks of these cases."""
    query = select(table).where(_counted_otherwise(tx, mark), table.c.case_id.in_(case_ids))
    return tuple(map(_clock, tx.db.execute(query.order_by(table.c.id))))


def _counted_otherwise(tx: Transaction, mark: str) -> ColumnElement[bool]:
    # Less or greater and not unequal: only those can be looked up in an index.
    other = or_(table.c.counted_by < mark, table.c.counted_by > mark)
    return and_(table.c.authority == tx.authority, table.c.stopped_at.is_(None), other)


def due_query(tx: Transaction, owner: str = "") -> Select[Any]:
    """Running clocks of the cases the reader may see; narrowed to one officer's cases when `owner` is
    given.
    """
    query = select(table).select_from(with_case(table)).where(visible(tx), table.c.stopped_at.is_(None))
    return query.where(case_file.c.owner == owner) if owner else query


def list_due(tx: Transaction, before: datetime, owner: str, limit: int) -> tuple[Clock, ...]:
    """Running, unpaused clocks due before a moment, earliest first."""
    query = due_query(tx, owner).where(table.c.paused.is_(False), table.c.overdue_after < before)
    return tuple(map(_clock, tx.db.execute(query.order_by(table.c.overdue_after).limit(limit))))


def list_paused(tx: Transaction, owner: str, limit: int) -> tuple[Clock, ...]:
    """Paused clocks, longest running first."""
    query = due_query(tx, owner).where(table.c.paused.is_(True))
    return tuple(map(_clock, tx.db.execute(query.order_by(table.c.started_at).limit(limit))))


def count_due(tx: Transaction, owner: str, since: datetime, before: datetime) -> int:
    """How many running, unpaused clocks have their last moment in a span."""
    query = due_query(tx, owner).where(
        table.c.paused.is_(False), table.c.overdue_after >= since, table.c.overdue_after < before
    )
    return tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def next_due(tx: Transaction, case_ids: Sequence[str]) -> dict[str, datetime]:
    """For each of these cases, when the next of its running clocks runs out."""
    query = (
        select(table.c.case_id, func.min(table.c.overdue_after).label("soonest"))
        .where(table.c.authority == tx.authority, table.c.case_id.in_(case_ids))
        .where(table.c.stopped_at.is_(None), table.c.paused.is_(False))
        .group_by(table.c.case_id)
    )
    return {row.case_id: row.soonest for row in tx.db.execute(query).all()}


def _clock(row: Row[Any]) -> Clock:
    return Clock(
        id=row.id,
        rule=msgspec.convert(row.rule, Rule),
        pauses=msgspec.convert(row.pauses, tuple[Pause, ...]),
        **{name: getattr(row, name) for name in _PLAIN},
    )
