"""The register of settings (workplaces) of an authority, and who was named as working there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from services.search.store import sealing
from services.search.store.setting_tables import setting, setting_key, setting_word, succession
from shared.contracts.people import Setting
from shared.store.membership import one_of
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Listed:
    """A setting of the register. `concerns` counts the adults named there, each contact's once; `joined_to`
    is the setting that it turned out to be.
    """

    setting_id: str
    kind: str
    listed_at: datetime
    named_at: datetime | None
    concerns: int
    said: Setting
    provider_id: str = ""
    head_count: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    joined_to: str = ""


# A setting with more former or later ones than this was entered wrongly.
_MOST = 20
_LARGEST_GROUP = 2_000
_PLAIN = tuple(one.name for one in fields(Listed) if one.name != "said")


class Sized(NamedTuple):
    """As much of a setting as stands in the clear."""

    setting_id: str
    kind: str
    head_count: int | None
    opened_on: date | None
    concerns: int
    provider_id: str
    joined_to: str


@dataclass(frozen=True)
class Wanted:
    """What a list of settings is narrowed by; `named` leaves out those that no contact spoke of. `words`
    are hashed.
    """

    kind: str = ""
    named: bool = True
    provider_id: str = ""
    words: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Named:
    """An adult whom a contact named as working there."""

    contact_id: str
    person_id: str
    role: str
    seen_at: datetime


# Asked at every contact, so they are made once.
_OF_SIZE = (
    select(*(setting.c[name] for name in Sized._fields))
    .where(setting.c.authority == bindparam("here"))
    .order_by(setting.c.setting_id)
    .limit(_LARGEST_GROUP)
)
_SIZED = _OF_SIZE.where(one_of(setting.c.setting_id, "ids"))
_OF_BODY = _OF_SIZE.where(setting.c.provider_id == bindparam("body"), setting.c.joined_to == "")


# Each setting with one that it followed.
_FOLLOWING = (
    select(succession.c.setting_id, setting_key.c.setting_id)
    .distinct()
    .join(
        succession, and_(succession.c.authority == setting_key.c.authority, succession.c.k == setting_key.c.k)
    )
    .where(
        setting_key.c.authority == bindparam("here"),
        succession.c.authority == bindparam("here"),
        one_of(succession.c.setting_id, "ids"),
    )
)


_SOME = select(setting).where(setting.c.authority == bindparam("here"), one_of(setting.c.setting_id, "ids"))


def one(tx: Transaction[Any], setting_id: str) -> Listed | None:
    """One of the register."""
    row = tx.db.execute(select(setting).where(_this(tx, setting_id))).one_or_none()
    return None if row is None else _listed(tx, row)


def some(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[str, Listed]:
    """These of the register."""
    rows = tx.db.execute(_SOME, {"here": tx.authority, "ids": setting_ids}) if setting_ids else ()
    return {row.setting_id: _listed(tx, row) for row in rows}


def names(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[str, str]:
    """What these settings are called."""
    return {setting_id: one.said.name for setting_id, one in some(tx, setting_ids).items()}


def listed(tx: Transaction[Any], wanted: Wanted, offset: int, count: int) -> tuple[list[Listed], int]:
    """A page of the register, most lately named first, and how many there are."""
    query = select(setting).where(setting.c.authority == tx.authority, setting.c.joined_to == "")
    if wanted.named:
        query = query.where(setting.c.named_at.is_not(None))
    if wanted.kind:
        query = query.where(setting.c.kind == wanted.kind)
    if wanted.provider_id:
        query = query.where(setting.c.provider_id == wanted.provider_id)
    if wanted.words:
        query = query.where(setting.c.setting_id.in_(_with_words(tx, wanted.words)))
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(setting.c.named_at.desc().nulls_last(), setting.c.setting_id)
        .offset(offset)
        .limit(count)
    )
    return [_listed(tx, row) for row in rows], total


def _with_words(tx: Transaction[Any], words: frozenset[int]) -> Select[Any]:
    query = select(setting_word.c.setting_id).where(
        setting_word.c.authority == tx.authority, setting_word.c.k.in_(sorted(words))
    )
    return query.group_by(setting_word.c.setting_id).having(func.count() == len(words))


def line(tx: Transaction[Any], setting_id: str) -> tuple[str, ...]:
    """The setting and all that it followed, so that a new number hides no earlier concern."""
    return lines(tx, [setting_id])[setting_id]


def lines(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The same of each of these settings."""
    before: dict[str, list[str]] = {}
    asked = set(setting_ids)
    for _ in range(_MOST):
        if not asked:
            break
        before |= {one: [] for one in asked}
        for later, earlier in tx.db.execute(_FOLLOWING, {"here": tx.authority, "ids": sorted(asked)}).all():
            before[later].append(earlier)
        asked = {one for each in asked for one in before[each]} - before.keys()
    return {one: _walked(one, before) for one in setting_ids}


def _walked(setting_id: str, before: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found = edge = [setting_id]
    while edge:
        reached = dict.fromkeys(earlier for one in edge for earlier in before.get(one, ()))
        edge = [one for one in reached if one not in found]
        found = found + edge
    return tuple(found)


def group(tx: Transaction[Any], provider_id: str) -> tuple[str, ...]:
    """Every setting that a body runs."""
    query = select(setting.c.setting_id).where(
        setting.c.authority == tx.authority, setting.c.provider_id == provider_id, setting.c.joined_to == ""
    )
    return tuple(tx.db.execute(query.order_by(setting.c.setting_id).limit(_LARGEST_GROUP)).scalars())


def sized(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[str, Sized]:
    """What patterns need to know of these settings."""
    asked = {"here": tx.authority, "ids": sorted(setting_ids)}
    return {row.setting_id: Sized(*row) for row in tx.db.execute(_SIZED, asked).all()}


def group_sized(tx: Transaction[Any], provider_id: str) -> list[Sized]:
    """The same of every setting that a body runs."""
    return [Sized(*row) for row in tx.db.execute(_OF_BODY, {"here": tx.authority, "body": provider_id}).all()]


def predecessors(tx: Transaction[Any], setting_id: str) -> list[Listed]:
    """The settings that this one followed, the latest to close first."""
    before = [
        earlier for _, earlier in tx.db.execute(_FOLLOWING, {"here": tx.authority, "ids": [setting_id]}).all()
    ]
    query = select(setting).where(setting.c.authority == tx.authority, setting.c.setting_id.in_(before))
    rows = tx.db.execute(query.order_by(setting.c.closed_on.desc(), setting.c.setting_id).limit(_MOST))
    return [_listed(tx, row) for row in rows]


def successors(tx: Transaction[Any], setting_id: str) -> list[Listed]:
    """The settings that followed this one."""
    after = (
        select(succession.c.setting_id)
        .join(
            setting_key,
            and_(setting_key.c.authority == succession.c.authority, setting_key.c.k == succession.c.k),
        )
        .where(
            succession.c.authority == tx.authority,
            setting_key.c.authority == tx.authority,
            setting_key.c.setting_id == setting_id,
        )
    )
    query = select(setting).where(setting.c.authority == tx.authority, setting.c.setting_id.in_(after))
    rows = tx.db.execute(query.order_by(setting.c.opened_on, setting.c.setting_id).limit(_MOST))
    return [_listed(tx, row) for row in rows]


def kinds(tx: Transaction[Any]) -> list[str]:
    """The kinds of setting in the register."""
    query = (
        select(setting.c.kind).where(setting.c.authority == tx.authority).distinct().order_by(setting.c.kind)
    )
    return [kind for kind in tx.db.execute(query).scalars().all() if kind]


def _this(tx: Transaction[Any], setting_id: str) -> ColumnElement[bool]:
    return and_(setting.c.authority == tx.authority, setting.c.setting_id == setting_id)


def _listed(tx: Transaction[Any], row: Any) -> Listed:
    said = sealing.unseal(tx, f"setting/{row.setting_id}", Setting, row.body)
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Listed(**plain, said=said)
