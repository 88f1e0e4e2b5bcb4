"""Look-backs of an authority: which records of a setting are marked, by whom and why, and who signed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, update

from services.search.store import happenings, sealing
from services.search.store.happenings import Happening, Window
from services.search.store.lookback_tables import lookback, marked
from services.search.store.setting_tables import happening
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

OPEN, SIGNED = "open", "signed"


@dataclass(frozen=True)
class Words:
    """Why it was opened, and what whoever signed had to say."""

    reason: str
    closing: str = ""


@dataclass(frozen=True)
class Lookback:
    """One setting, from `since` until before `until`."""

    lookback_id: str
    setting_id: str
    state: str
    since: datetime
    until: datetime
    opened_by: str
    opened_at: datetime
    words: Words
    signed_by: str = ""
    signed_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What people call it."""
        return f"LB-{self.lookback_id[-8:].upper()}"


@dataclass(frozen=True)
class Mark:
    """What was found about one record, and why. It stands as long as the record does."""

    happening_id: str
    contact_id: str
    actioned: bool
    code: str
    state: str
    marked_by: str
    marked_at: datetime
    reason: str = ""

    def stands(self, one: Happening) -> bool:
        """Whether the record says what it said when it was marked."""
        return (self.code, self.state) == (one.code, one.state)


_PLAIN = tuple(one.name for one in fields(Lookback) if one.name != "words")
_MARKED = tuple(one.name for one in fields(Mark) if one.name != "reason")


def put(tx: Transaction[Any], one: Lookback) -> None:
    """A look-back as it stands now."""
    values = {name: getattr(one, name) for name in _PLAIN if name != "lookback_id"}
    values["body"] = sealing.seal(tx, f"lookback/{one.lookback_id}", one.words)
    if not tx.db.execute(update(lookback).where(_this(tx, one.lookback_id)).values(values)).rowcount:
        tx.db.execute(insert(lookback).values(authority=tx.authority, lookback_id=one.lookback_id, **values))


def one(tx: Transaction[Any], lookback_id: str) -> Lookback | None:
    """One of the authority's look-backs."""
    row = tx.db.execute(select(lookback).where(_this(tx, lookback_id))).one_or_none()
    return None if row is None else _lookback(tx, row)


def lock(tx: Transaction[Any], lookback_id: str) -> None:
    """Until the commit nobody else marks or signs it."""
    tx.db.execute(select(lookback.c.lookback_id).where(_this(tx, lookback_id)).with_for_update())


def of_setting(tx: Transaction[Any], setting_ids: Sequence[str]) -> list[Lookback]:
    """Those of a setting and what it followed, the latest first."""
    query = select(lookback).where(
        lookback.c.authority == tx.authority, lookback.c.setting_id.in_(setting_ids)
    )
    rows = tx.db.execute(query.order_by(lookback.c.opened_at.desc()).limit(20))
    return [_lookback(tx, row) for row in rows]


def listed(tx: Transaction[Any], state: str, offset: int, count: int) -> tuple[list[Lookback], int]:
    """A page of look-backs in a state or in any, the latest first, and how many there are."""
    query = select(lookback).where(lookback.c.authority == tx.authority)
    if state:
        query = query.where(lookback.c.state == state)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    order = query.order_by(lookback.c.opened_at.desc(), lookback.c.lookback_id)
    return [_lookback(tx, row) for row in tx.db.execute(order.offset(offset).limit(count)).all()], total


def mark(tx: Transaction[Any], lookback_id: str, made: Mark) -> None:
    """Remember what was found about one record; the last word counts."""
    place = f"lookback_mark/{lookback_id}/{made.happening_id}"
    values = {name: getattr(made, name) for name in _MARKED} | {
        "authority": tx.authority,
        "lookback_id": lookback_id,
        "times": 1,
        "body": sealing.seal(tx, place, made.reason),
    }
    statement = upsert(tx.db, marked, [values])
    changed = {name: statement.excluded[name] for name in (*_MARKED[2:], "body")}
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["authority", "lookback_id", "happening_id"],
            set_={**changed, "times": marked.c.times + 1},
        )
    )


def mark_of(tx: Transaction[Any], lookback_id: str, happening_id: str) -> Mark | None:
    """What was found about one record so far."""
    query = select(marked).where(
        marked.c.authority == tx.authority,
        marked.c.lookback_id == lookback_id,
        marked.c.happening_id == happening_id,
    )
    row = tx.db.execute(query).mappings().one_or_none()
    return None if row is None else _mark(tx, row)


def worklist(
    tx: Transaction[Any], one: Lookback, window: Window, *, todo: bool, asked: tuple[int, int]
) -> list[tuple[Happening, Mark | None]]:
    """Records open to the actor with their marks, the oldest first; `todo` leaves out what is marked."""
    query = _items(tx, one, window).add_columns(*marked.c)
    if todo:
        query = query.where(_unmarked())
    order = query.order_by(happening.c.at, happening.c.happening_id).offset(asked[0]).limit(asked[1])
    return [(_seen(row), _mark(tx, row)) for row in tx.db.execute(order).mappings()]


def tally(tx: Transaction[Any], one: Lookback, window: Window) -> dict[str, int]:
    """How many records open to the actor are still to be marked, actioned, or not."""
    found: dict[str, int] = {"todo": 0, "actioned": 0, "not_actioned": 0}
    items = _items(tx, one, window).add_columns(marked.c.actioned, _unmarked().label("unmarked")).subquery()
    query = select(items.c.unmarked, items.c.actioned, func.count())
    for unmarked, actioned, number in tx.db.execute(query.group_by(items.c.unmarked, items.c.actioned)).all():
        found["todo" if unmarked else "actioned" if actioned else "not_actioned"] += number
    return found


def closed_to_reader(tx: Transaction[Any], window: Window) -> int:
    """How many records of the window are closed to the actor: a number and nothing else of them."""
    query = select(func.count()).select_from(happening).where(happenings.closed_within(tx, window))
    return int(tx.db.execute(query).scalar_one())


def outstanding(tx: Transaction[Any], one: Lookback, window: Window) -> list[str]:
    """The contacts of which some record was not actioned."""
    query = (
        _items(tx, one, window).where(marked.c.actioned.is_(False)).with_only_columns(happening.c.contact_id)
    )
    return list(tx.db.execute(query.distinct().order_by(happening.c.contact_id)).scalars().all())


def _items(tx: Transaction[Any], one: Lookback, window: Window) -> Select[Any]:
    columns = [column.label(f"item_{column.name}") for column in happening.c]
    here = and_(
        marked.c.authority == happening.c.authority,
        marked.c.happening_id == happening.c.happening_id,
        marked.c.lookback_id == one.lookback_id,
        marked.c.authority == tx.authority,
    )
    return (
        select(*columns)
        .select_from(happening.outerjoin(marked, here))
        .where(happening.c.authority == tx.authority, happenings.open_within(tx, window))
    )


def _unmarked() -> ColumnElement[bool]:
    changed = or_(marked.c.code != happening.c.code, marked.c.state != happening.c.state)
    return or_(marked.c.happening_id.is_(None), changed)


def _this(tx: Transaction[Any], lookback_id: str) -> ColumnElement[bool]:
    return and_(lookback.c.authority == tx.authority, lookback.c.lookback_id == lookback_id)


def _lookback(tx: Transaction[Any], row: Any) -> Lookback:
    words = sealing.unseal(tx, f"lookback/{row.lookback_id}", Words, row.body)
    return Lookback(**{name: getattr(row, name) for name in _PLAIN}, words=words)


def _seen(row: Any) -> Happening:
    return happenings.read(
        {name.removeprefix("item_"): row[name] for name in row if name.startswith("item_")}
    )


def _mark(tx: Transaction[Any], row: Any) -> Mark | None:
    if row["lookback_id"] is None:
        return None
    place = f"lookback_mark/{row['lookback_id']}/{row['happening_id']}"
    return Mark(**{name: row[name] for name in _MARKED}, reason=sealing.unseal(tx, place, str, row["body"]))
