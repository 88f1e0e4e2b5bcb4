"""The register of settings (workplaces) of an authority, and who was named as working there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, update

from services.search.store import sealing
from services.search.store.tables import employment, setting, setting_key
from services.search.store.visibility import open_to
from shared.contracts.people import Setting
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Listed:
    """A setting of the register. `concerns` counts the adults named there, each contact's once."""

    setting_id: str
    kind: str
    listed_at: datetime
    named_at: datetime
    concerns: int
    said: Setting


@dataclass(frozen=True)
class Named:
    """An adult whom a contact named as working there."""

    contact_id: str
    person_id: str
    role: str
    seen_at: datetime


def known(tx: Transaction[Any], keys: Collection[int]) -> dict[int, str]:
    """Which setting is known under which of these keys."""
    query = select(setting_key.c.k, setting_key.c.setting_id).where(
        setting_key.c.authority == tx.authority, setting_key.c.k.in_(keys)
    )
    return dict(tx.db.execute(query).all())


def know(tx: Transaction[Any], keys: Mapping[int, str]) -> None:
    """Settings are found under these keys from now on; a key that belongs to another stays there."""
    rows = [
        {"authority": tx.authority, "k": k, "setting_id": setting_id}
        for k, setting_id in sorted(keys.items())
    ]
    if rows:
        tx.db.execute(upsert(tx.db, setting_key).on_conflict_do_nothing(), rows)


def add(tx: Transaction[Any], new: Mapping[str, tuple[Setting, datetime]]) -> None:
    """List new ones by id; already listed under that id, one stays as it is."""
    rows = [
        {
            "authority": tx.authority,
            "setting_id": setting_id,
            "kind": said.kind[:40],
            "listed_at": at,
            "named_at": at,
            "concerns": 0,
            "body": sealing.seal(tx, f"setting/{setting_id}", said),
        }
        for setting_id, (said, at) in sorted(new.items())
    ]
    if rows:
        tx.db.execute(upsert(tx.db, setting).on_conflict_do_nothing(), rows)


def employ(tx: Transaction[Any], named: Collection[tuple[str, Named]]) -> None:
    """Adults were named as working there; each counts once for a setting and contact."""
    rows = [{**vars(one), "setting_id": setting_id, "authority": tx.authority} for setting_id, one in named]
    later: dict[str, list[datetime]] = {}
    if rows:
        added = upsert(tx.db, employment).on_conflict_do_nothing()
        for setting_id, at in tx.db.execute(
            added.returning(employment.c.setting_id, employment.c.seen_at), rows
        ):
            later.setdefault(setting_id, []).append(at)
    for setting_id, moments in sorted(later.items()):
        last = case((setting.c.named_at < max(moments), max(moments)), else_=setting.c.named_at)
        more = setting.c.concerns + len(moments)
        tx.db.execute(update(setting).where(_this(tx, setting_id)).values(concerns=more, named_at=last))


def one(tx: Transaction[Any], setting_id: str) -> Listed | None:
    """One of the register."""
    row = tx.db.execute(select(setting).where(_this(tx, setting_id))).one_or_none()
    return None if row is None else _listed(tx, row)


def listed(tx: Transaction[Any], kind: str, offset: int, count: int) -> tuple[list[Listed], int]:
    """A page of the register, most lately named first, and how many there are."""
    query = select(setting).where(setting.c.authority == tx.authority)
    if kind:
        query = query.where(setting.c.kind == kind)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(setting.c.named_at.desc(), setting.c.setting_id).offset(offset).limit(count)
    )
    return [_listed(tx, row) for row in rows], total


def kinds(tx: Transaction[Any]) -> list[str]:
    """The kinds of setting in the register."""
    query = (
        select(setting.c.kind).where(setting.c.authority == tx.authority).distinct().order_by(setting.c.kind)
    )
    return [kind for kind in tx.db.execute(query).scalars() if kind]


def people(
    tx: Transaction[Any], setting_id: str, since: datetime, offset: int, count: int
) -> tuple[list[Named], int]:
    """A page of those named there since then whose contact is open to the actor, latest first."""
    query = select(employment).where(
        employment.c.authority == tx.authority,
        employment.c.setting_id == setting_id,
        employment.c.seen_at >= since,
        open_to(employment.c.contact_id, tx),
    )
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(employment.c.seen_at.desc(), employment.c.person_id).offset(offset).limit(count)
    )
    return [Named(row.contact_id, row.person_id, row.role, row.seen_at) for row in rows], total


def _this(tx: Transaction[Any], setting_id: str) -> ColumnElement[bool]:
    return and_(setting.c.authority == tx.authority, setting.c.setting_id == setting_id)


def _listed(tx: Transaction[Any], row: Any) -> Listed:
    said = sealing.unseal(tx, f"setting/{row.setting_id}", Setting, row.body)
    return Listed(row.setting_id, row.kind, row.listed_at, row.named_at, row.concerns, said)
