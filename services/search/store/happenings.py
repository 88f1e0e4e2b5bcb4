"""What happened about the contacts of an authority, and which of it was at a setting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update

from services.search.store.setting_tables import employment, happening
from services.search.store.visibility import open_to
from shared.store.rows import Rows
from shared.store.transaction import Transaction


class Kind(StrEnum):
    """What a happening is."""

    CONTACT = "contact"
    CASE = "case"
    OUTCOME = "outcome"
    NOTICE = "notice"


@dataclass(frozen=True)
class Happening:
    """`code` is the type of contact, the category of the allegation or the rule of the notice; `about` whom a
    notice is for; `state` the decision, outcome or state so far. Without `person_id` it is about every adult
    of the contact.
    """

    happening_id: str
    kind: Kind
    contact_id: str
    at: datetime
    person_id: str = ""
    case_id: str = ""
    code: str = ""
    about: str = ""
    state: str = ""


@dataclass(frozen=True)
class Window:
    """Which happenings: at these settings, from `since` until before `until`."""

    setting_ids: tuple[str, ...]
    since: datetime
    until: datetime
    kind: str = ""


_NAMES = tuple(one.name for one in fields(Happening))
_WIDTHS = {"code": 60, "about": 60, "state": 40}


_SETTLED = "(authority, happening_id) DO UPDATE SET person_id = excluded.person_id, code = excluded.code, "
# By whether what is noted has a state; without one it keeps the state it had.
_NOTING = {
    False: Rows(happening, *_NAMES, settled=f"{_SETTLED}about = excluded.about"),
    True: Rows(happening, *_NAMES, settled=f"{_SETTLED}about = excluded.about, state = excluded.state"),
}
_MOVING = (
    update(happening)
    .where(happening.c.authority == bindparam("here"), happening.c.happening_id == bindparam("this"))
    .values(state=bindparam("now"))
)


@dataclass
class Happened:
    """What happened and how it moved on, gathered in order and written in a few statements."""

    notes: dict[str, Happening] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)

    def note(self, one: Happening) -> None:
        """It happened, or stands otherwise now. What has a state keeps it when it is told of once more."""
        before = self.notes.get(one.happening_id)
        self.notes[one.happening_id] = one if before is None else _anew(before, one)
        if one.state:
            self.moves.pop(one.happening_id, None)

    def move(self, happening_id: str, state: str) -> None:
        """It stands otherwise now."""
        self.moves[happening_id] = state

    def forget(self, contact_ids: Collection[str]) -> None:
        """What happened about these contacts is not written."""
        self.notes = {key: one for key, one in self.notes.items() if one.contact_id not in contact_ids}

    def write(self, tx: Transaction[Any]) -> None:
        """Notes first: what moved may be among them."""
        for has_state, noting in _NOTING.items():
            noting.add(tx.db, [_row(one) for one in self.notes.values() if bool(one.state) is has_state])
        moved = [
            {"here": tx.authority, "this": one, "now": state[: _WIDTHS["state"]]}
            for one, state in self.moves.items()
        ]
        if moved:
            tx.db.execute(_MOVING, moved)


def _anew(before: Happening, one: Happening) -> Happening:
    state = one.state or before.state
    return replace(before, person_id=one.person_id, code=one.code, about=one.about, state=state)


def _row(one: Happening) -> tuple[Any, ...]:
    said = {**vars(one), "kind": one.kind.value}
    return tuple(said[name][: _WIDTHS[name]] if name in _WIDTHS else said[name] for name in _NAMES)


def at_settings(tx: Transaction[Any], window: Window, offset: int, count: int) -> list[Happening]:
    """Those that are open to the actor, the latest first."""
    query = _open(tx, window).order_by(happening.c.at.desc(), happening.c.happening_id)
    return [read(row) for row in tx.db.execute(query.offset(offset).limit(count)).mappings()]


def visible(tx: Transaction[Any], window: Window, happening_id: str) -> Happening | None:
    """One of them, when it is open to the actor."""
    query = _open(tx, window).where(happening.c.happening_id == happening_id)
    row = tx.db.execute(query).mappings().one_or_none()
    return None if row is None else read(row)


def open_within(tx: Transaction[Any], window: Window) -> ColumnElement[bool]:
    """A clause for those that are open to the actor."""
    return and_(_within(tx, window), open_to(happening.c.contact_id, tx))


def closed_within(tx: Transaction[Any], window: Window) -> ColumnElement[bool]:
    """A clause for those that are closed to the actor."""
    return and_(_within(tx, window), ~open_to(happening.c.contact_id, tx))


def read(row: Mapping[Any, Any]) -> Happening:
    """A row back."""
    return Happening(**{name: row[name] for name in _NAMES if name != "kind"}, kind=Kind(row["kind"]))


def counted(tx: Transaction[Any], window: Window) -> dict[tuple[str, str], int]:
    """How many of them are open to the actor, by kind and state."""
    found = _open(tx, window).subquery()
    query = select(found.c.kind, found.c.state, func.count()).group_by(found.c.kind, found.c.state)
    return {(kind, state): number for kind, state, number in tx.db.execute(query).all()}


def employed(
    tx: Transaction[Any], setting_ids: Collection[str], contact_ids: Sequence[str]
) -> dict[str, list[tuple[str, str]]]:
    """Person and role of those whom these contacts named there, by contact."""
    query = select(employment.c.contact_id, employment.c.person_id, employment.c.role).where(
        employment.c.authority == tx.authority,
        employment.c.setting_id.in_(setting_ids),
        employment.c.contact_id.in_(contact_ids),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for contact_id, person_id, role in tx.db.execute(query.order_by(employment.c.person_id)).all():
        found.setdefault(contact_id, []).append((person_id, role))
    return found


def _open(tx: Transaction[Any], window: Window) -> Select[Any]:
    query = select(happening).where(happening.c.authority == tx.authority, open_within(tx, window))
    return query.where(happening.c.kind == window.kind) if window.kind else query


def _within(tx: Transaction[Any], window: Window) -> ColumnElement[bool]:
    there = and_(employment.c.authority == tx.authority, employment.c.setting_id.in_(window.setting_ids))
    # First which contacts, by an index; then whether the one adult it is about was named there.
    contacts = select(employment.c.contact_id).where(there)
    mine = employment.alias()
    about = exists().where(
        mine.c.authority == tx.authority,
        mine.c.setting_id.in_(window.setting_ids),
        mine.c.contact_id == happening.c.contact_id,
        mine.c.person_id == happening.c.person_id,
    )
    return and_(
        happening.c.authority == tx.authority,
        happening.c.contact_id.in_(contacts),
        happening.c.at >= window.since,
        happening.c.at < window.until,
        or_(happening.c.person_id == "", about),
    )
