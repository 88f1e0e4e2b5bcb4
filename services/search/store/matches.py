"""Matches: a found pair from one authority's side, with its grounds and what people judged."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, func, or_, select, update

from services.search.domain.judgement import JUDGED, State, is_news
from services.search.domain.thresholds import percent
from services.search.store import sealing
from services.search.store.tables import match
from services.search.store.visibility import open_to
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of
from shared.store.transaction import Transaction
from shared.vocabulary import Band, Recency


@dataclass(frozen=True)
class Ground:
    """One line of the waterfall in words, as it was when the pair was found."""

    field: str
    level: str
    words: str
    bits: float


@dataclass(frozen=True)
class Earlier:
    """What somebody decided about the pair before its records changed."""

    state: State
    reason: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True)
class Grounds:
    """Why it was found. Across authorities only `agrees` and `recency` are known."""

    agrees: tuple[str, ...] = ()
    recency: Recency = Recency.UNDER_1_YEAR
    probability: float = 0.0
    bits: float = 0.0
    version: str = ""
    lines: tuple[Ground, ...] = ()
    flags: tuple[str, ...] = ()
    reason: str = ""
    earlier: Earlier | None = None


@dataclass(frozen=True)
class Match:
    """`holder` is empty for a pair inside the authority, which alone says `other_contact_id`; else
    `reference` is how
    the holder knows it."""

    match_id: str
    contact_id: str
    person_id: str
    band: Band
    data_mark: str
    found_at: datetime
    other_contact_id: str = ""
    other_person_id: str = ""
    holder: str = ""
    reference: str = ""
    state: State = State.OPEN
    judged_by: str = ""
    judged_at: datetime | None = None
    grounds: Grounds = field(default_factory=Grounds)

    @property
    def mark(self) -> str:
        """Changes with the data of either record, and with each answer."""
        return f"{self.data_mark}/{self.judged_at.isoformat()}" if self.judged_at else self.data_mark

    @property
    def was_confirmed(self) -> bool:
        """Whether it was judged to be the same adult before its records changed."""
        return self.grounds.earlier is not None and self.grounds.earlier.state is State.CONFIRMED


# What a pair is, and what is known of it so far.
_SUBJECT = (
    "match_id",
    "contact_id",
    "person_id",
    "other_contact_id",
    "other_person_id",
    "holder",
    "reference",
)
_FINDING = ("data_mark", "found_at", "judged_by", "judged_at")
_PLAIN = (*_SUBJECT, *_FINDING)


def keep(tx: Transaction[Any], found: Sequence[Match]) -> list[Match]:
    """Write what was found; returns those that are news, as they stand now. The subject of a known pair
    stays."""
    known = {one.match_id: one for one in take(tx, [one.match_id for one in found])}
    news, rows = [], []
    for one in found:
        before = known.get(one.match_id)
        now = one if before is None else _again(before, one)
        same_data = before is not None and before.data_mark == one.data_mark
        if before is None or is_news(before.state, before.band, one.band, same_data=same_data):
            news.append(now)
        # A judgement stands until the data change; finding the pair again is no reason to ask anew.
        elif before.state is not State.OPEN or same_data:
            continue
        rows.append(now)
    _write(tx, rows)
    return news


def _again(before: Match, found: Match) -> Match:
    return replace(
        before,
        band=found.band,
        data_mark=found.data_mark,
        found_at=found.found_at,
        state=State.OPEN,
        judged_by="",
        judged_at=None,
        grounds=replace(found.grounds, earlier=_earlier(before)),
    )


def _earlier(before: Match) -> Earlier | None:
    if before.state in JUDGED:
        return Earlier(before.state, before.grounds.reason, before.judged_by, before.judged_at)
    return before.grounds.earlier if before.state is State.OPEN else None


def put(tx: Transaction[Any], changed: Match) -> None:
    """Write a changed match."""
    _write(tx, [changed])


_BY_IDS = select(match).where(match.c.authority == bindparam("here"), one_of(match.c.match_id, "ids"))


def _taking(query: Select[Any]) -> Select[Any]:
    """Nobody else judges or changes them until the commit; in one order, so that two who take many do not
    wait for each other.
    """
    return query.order_by(match.c.match_id).with_for_update()


_TAKEN = _taking(_BY_IDS)


def by_ids(tx: Transaction[Any], match_ids: Sequence[str]) -> list[Match]:
    """Those of them that exist, whoever acts."""
    return _some(tx, _BY_IDS, match_ids)


def take(tx: Transaction[Any], match_ids: Sequence[str]) -> list[Match]:
    """The same, taken until the commit."""
    return _some(tx, _TAKEN, match_ids)


def _some(tx: Transaction[Any], query: Select[Any], match_ids: Sequence[str]) -> list[Match]:
    if not match_ids:
        return []
    return [
        _match(tx, row) for row in tx.db.execute(query, {"here": tx.authority, "ids": list(match_ids)}).all()
    ]


def visible(tx: Transaction[Any], match_id: str, *, lock: bool = False) -> Match | None:
    """One that is open to the actor on both its sides; taken until the commit if that is asked."""
    query = _open(tx).where(match.c.match_id == match_id)
    row = tx.db.execute(_taking(query) if lock else query).one_or_none()
    return None if row is None else _match(tx, row)


def take_of_person(tx: Transaction[Any], contact_id: str, person_id: str) -> list[Match]:
    """Every pair that mention is in, whoever acts, taken until the commit."""
    mine = and_(match.c.contact_id == contact_id, match.c.person_id == person_id)
    other = and_(match.c.other_contact_id == contact_id, match.c.other_person_id == person_id)
    return _taken(tx, or_(mine, other))


def _taken(tx: Transaction[Any], which: ColumnElement[bool]) -> list[Match]:
    query = _taking(select(match).where(match.c.authority == tx.authority, which))
    return [_match(tx, row) for row in tx.db.execute(query).all()]


def among(tx: Transaction[Any], nodes: Collection[tuple[str, str]], *, lock: bool = False) -> list[Match]:
    """Every standing pair of two of these records, whoever acts; taken until the commit if that is asked."""
    contact_ids = sorted({contact_id for contact_id, _ in nodes})
    query = select(match).where(
        match.c.authority == tx.authority,
        match.c.contact_id.in_(contact_ids),
        match.c.other_contact_id.in_(contact_ids),
        match.c.state != State.WITHDRAWN.value,
    )
    found = (_match(tx, row) for row in tx.db.execute(_taking(query) if lock else query).all())
    return [
        one
        for one in found
        if (one.contact_id, one.person_id) in nodes and (one.other_contact_id, one.other_person_id) in nodes
    ]


def of_contact(tx: Transaction[Any], contact_id: str) -> list[Match]:
    """The standing pairs of a contact that are open to the actor, surest first."""
    return of_contacts(tx, [contact_id])


def of_contacts(tx: Transaction[Any], contact_ids: Collection[str]) -> list[Match]:
    """The same of several contacts."""
    here = or_(match.c.contact_id.in_(contact_ids), match.c.other_contact_id.in_(contact_ids))
    standing = match.c.state != State.WITHDRAWN.value
    rows = tx.db.execute(_open(tx).where(here, standing).order_by(match.c.found_at.desc()).limit(200))
    return sorted((_match(tx, row) for row in rows), key=lambda one: list(Band).index(one.band))


def take_of_either(tx: Transaction[Any], contact_id: str) -> list[Match]:
    """Every pair that a contact is or was in, whoever acts, taken until the commit."""
    return _taken(tx, or_(match.c.contact_id == contact_id, match.c.other_contact_id == contact_id))


def across(tx: Transaction[Any], contact_id: str) -> list[Match]:
    """The standing pairs of a contact with other authorities, whoever acts."""
    query = select(match).where(
        match.c.authority == tx.authority,
        match.c.contact_id == contact_id,
        match.c.holder != "",
        match.c.state != State.WITHDRAWN.value,
    )
    return [_match(tx, row) for row in tx.db.execute(query).all()]


def listed(tx: Transaction[Any], state: State, offset: int, count: int) -> tuple[list[Match], int]:
    """A page of the matches in a state, latest first, and how many there are."""
    query = _open(tx).where(match.c.state == state.value)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(match.c.found_at.desc(), match.c.match_id).offset(offset).limit(count)
    )
    return [_match(tx, row) for row in rows], total


def withdraw(tx: Transaction[Any], match_ids: Iterable[str]) -> None:
    """They no longer hold."""
    here = and_(match.c.authority == tx.authority, match.c.match_id.in_(list(match_ids)))
    tx.db.execute(update(match).where(here).values(state=State.WITHDRAWN.value))


def _open(tx: Transaction[Any]) -> Select[Any]:
    return select(match).where(
        match.c.authority == tx.authority,
        open_to(match.c.contact_id, tx),
        # Both sides: the evidence of a pair would else show what a closed record says.
        open_to(match.c.other_contact_id, tx),
    )


def _writing(insert: Insert) -> Executable:
    statement: Any = insert(match)
    changed = {name: statement.excluded[name] for name in (*_FINDING, "band", "percent", "state", "body")}
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=["authority", "match_id"], set_=changed
    )


_WRITING = spelled(_writing)


def _write(tx: Transaction[Any], rows: Sequence[Match]) -> None:
    if rows:
        tx.db.execute(_WRITING(tx.db), [_values(tx, one) for one in rows])


def _values(tx: Transaction[Any], one: Match) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in _PLAIN}
    body = sealing.seal(tx, f"match/{one.match_id}", one.grounds)
    return {
        **plain,
        "authority": tx.authority,
        "band": one.band.value,
        "percent": None if one.holder else percent(one.grounds.probability),
        "state": one.state.value,
        "body": body,
    }


def _match(tx: Transaction[Any], row: Any) -> Match:
    plain = {name: getattr(row, name) for name in _PLAIN}
    grounds = sealing.unseal(tx, f"match/{row.match_id}", Grounds, row.body)
    return Match(**plain, band=Band(row.band), state=State(row.state), grounds=grounds)
