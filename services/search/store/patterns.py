"""Patterns of an authority: what was found about whom, on which records, and what came of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from services.search.domain.clusters import Node
from services.search.domain.patterns import Ground, Kind
from services.search.store import sealing
from services.search.store.pattern_tables import pattern, pattern_record
from services.search.store.visibility import open_to
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of
from shared.store.transaction import Transaction

OPEN, REVIEWED, WITHDRAWN = "open", "reviewed", "withdrawn"


@dataclass(frozen=True)
class Words:
    """What was counted when it fired on so many records, what is counted now, and the reason of whoever
    reviewed it.
    """

    fired: tuple[Ground, ...]
    now: tuple[Ground, ...]
    records: int
    reason: str = ""


@dataclass(frozen=True)
class Pattern:
    """One pattern. `finding` is empty until somebody reviews it."""

    pattern_id: str
    kind: Kind
    subject: str
    state: str
    needs: int
    found_at: datetime
    words: Words
    finding: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What people call it."""
        return f"PT-{self.pattern_id[-8:].upper()}"


_PLAIN = tuple(one.name for one in fields(Pattern) if one.name not in ("words", "kind"))


# Asked at every contact, so they are made once.
_STANDING = (
    select(pattern)
    .where(pattern.c.authority == bindparam("here"), pattern.c.state != WITHDRAWN)
    .order_by(pattern.c.found_at)
)
_OF_CONTACTS = _STANDING.where(
    pattern.c.pattern_id.in_(
        select(pattern_record.c.pattern_id).where(
            pattern_record.c.authority == bindparam("here"),
            one_of(pattern_record.c.contact_id, "ids"),
        )
    )
)
# In one order, so that two who take many do not wait for each other.
_TAKEN = (
    select(pattern)
    .where(
        pattern.c.authority == bindparam("here"),
        pattern.c.state != WITHDRAWN,
        one_of(pattern.c.pattern_id, "ids"),
    )
    .order_by(pattern.c.pattern_id)
    .with_for_update()
)
_OF_SUBJECTS = _STANDING.where(pattern.c.kind == bindparam("of_kind"), one_of(pattern.c.subject, "ids"))


_RECORDS = select(pattern_record).where(
    pattern_record.c.authority == bindparam("here"),
    one_of(pattern_record.c.pattern_id, "ids"),
)


def _putting(insert: Insert) -> Executable:
    statement: Any = insert(pattern)
    changed = {name: statement.excluded[name] for name in (*_PLAIN[1:], "body")}
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=["authority", "pattern_id"], set_=changed
    )


_PUTTING = spelled(_putting)


def put(tx: Transaction[Any], one: Pattern) -> None:
    """A pattern as it stands now."""
    values = {name: getattr(one, name) for name in _PLAIN} | {
        "authority": tx.authority,
        "kind": one.kind.value,
    }
    values["body"] = sealing.seal(tx, f"pattern/{one.pattern_id}", one.words)
    tx.db.execute(_PUTTING(tx.db), values)


def add_records(tx: Transaction[Any], pattern_id: str, nodes: Collection[Node], *, later: bool) -> None:
    """It rests on these records too."""
    rows = [
        {
            "authority": tx.authority,
            "pattern_id": pattern_id,
            "contact_id": node[0],
            "person_id": node[1],
            "later": later,
        }
        for node in sorted(nodes)
    ]
    if rows:
        tx.db.execute(insert(pattern_record), rows)


def drop_records(tx: Transaction[Any], pattern_id: str, nodes: Collection[Node]) -> None:
    """It rests on these records no more."""
    if nodes:
        these = tuple_(pattern_record.c.contact_id, pattern_record.c.person_id).in_(sorted(nodes))
        tx.db.execute(delete(pattern_record).where(_of(tx, pattern_id), these))


def records(tx: Transaction[Any], pattern_ids: Collection[str]) -> dict[str, dict[Node, bool]]:
    """The records of each of these patterns, whoever acts, and whether each came later."""
    if not pattern_ids:
        return {}
    return _by_pattern(tx.db.execute(_RECORDS, {"here": tx.authority, "ids": sorted(pattern_ids)}))


def open_records(tx: Transaction[Any], pattern_ids: Collection[str]) -> dict[str, dict[Node, bool]]:
    """The same, of contacts that are open to the actor."""
    query = select(pattern_record).where(
        pattern_record.c.authority == tx.authority,
        pattern_record.c.pattern_id.in_(sorted(pattern_ids)),
        open_to(pattern_record.c.contact_id, tx),
    )
    return _by_pattern(tx.db.execute(query))


def of_contacts(tx: Transaction[Any], contact_ids: Collection[str]) -> list[Pattern]:
    """The patterns that rest on any of these contacts and were not withdrawn, whoever acts, oldest first."""
    asked = {"here": tx.authority, "ids": sorted(contact_ids)}
    return [_read(tx, row) for row in tx.db.execute(_OF_CONTACTS, asked).all()]


def take(tx: Transaction[Any], pattern_ids: Collection[str]) -> list[Pattern]:
    """Those of these that were not withdrawn, whoever acts, oldest first: nobody else reviews or changes them
    until the commit.
    """
    if not pattern_ids:
        return []
    found = tx.db.execute(_TAKEN, {"here": tx.authority, "ids": sorted(pattern_ids)})
    return sorted((_read(tx, row) for row in found), key=lambda one: one.found_at)


def of_subjects(tx: Transaction[Any], kind: Kind, subjects: Collection[str]) -> dict[str, list[Pattern]]:
    """Those of each of these settings or bodies that were not withdrawn, whoever acts, oldest first."""
    found: dict[str, list[Pattern]] = {}
    asked = {"here": tx.authority, "of_kind": kind.value, "ids": sorted(subjects)}
    for row in tx.db.execute(_OF_SUBJECTS, asked).all() if subjects else ():
        found.setdefault(row.subject, []).append(_read(tx, row))
    return found


def visible(tx: Transaction[Any], pattern_id: str, *, lock: bool = False) -> Pattern | None:
    """One that the actor may know of; locked until the commit if that is asked."""
    query = _visible(tx).where(pattern.c.pattern_id == pattern_id)
    row = tx.db.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _read(tx, row)


def listed(tx: Transaction[Any], state: str, kind: str, offset: int, count: int) -> tuple[list[Pattern], int]:
    """A page of those that the actor may know of, the latest first, and how many there are."""
    query = _visible(tx).where(pattern.c.state == state)
    if kind:
        query = query.where(pattern.c.kind == kind)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    order = query.order_by(pattern.c.found_at.desc(), pattern.c.pattern_id).offset(offset).limit(count)
    return [_read(tx, row) for row in tx.db.execute(order).all()], total


def about(tx: Transaction[Any], kind: Kind, subjects: Collection[str]) -> list[Pattern]:
    """Those of these settings or bodies that the actor may know of, the latest first."""
    query = _visible(tx).where(
        pattern.c.kind == kind.value, pattern.c.subject.in_(sorted(subjects)), pattern.c.state != WITHDRAWN
    )
    return [
        _read(tx, row) for row in tx.db.execute(query.order_by(pattern.c.found_at.desc()).limit(20)).all()
    ]


def about_adult(tx: Transaction[Any], nodes: Collection[Node]) -> list[Pattern]:
    """Those about the adult of these records that the actor may know of."""
    found = [one for one in of_contacts(tx, {node[0] for node in nodes}) if one.kind is Kind.PERSON]
    rests = open_records(tx, [one.pattern_id for one in found])
    mine = [one for one in found if rests.get(one.pattern_id, {}).keys() & set(nodes)]
    return [one for one in mine if len({node[0] for node in rests[one.pattern_id]}) >= one.needs]


def reviewed(tx: Transaction[Any]) -> dict[tuple[Kind, str], int]:
    """How many patterns of each kind are open, or ended in each finding."""
    query = select(pattern.c.kind, pattern.c.finding, func.count()).where(
        _mine(tx), pattern.c.state != WITHDRAWN
    )
    rows = tx.db.execute(query.group_by(pattern.c.kind, pattern.c.finding))
    return {(Kind(kind), finding): number for kind, finding, number in rows}


def join(tx: Transaction[Any], gone: str, kept: str) -> None:
    """A setting turned out to be another: what was found about it is about that one."""
    here = and_(_mine(tx), pattern.c.kind == Kind.SETTING.value, pattern.c.subject == gone)
    tx.db.execute(update(pattern).where(here).values(subject=kept))


def _visible(tx: Transaction[Any]) -> Select[Any]:
    rests_on = (
        select(func.count(pattern_record.c.contact_id.distinct()))
        .where(
            pattern_record.c.authority == tx.authority,
            pattern_record.c.pattern_id == pattern.c.pattern_id,
            open_to(pattern_record.c.contact_id, tx),
        )
        .scalar_subquery()
    )
    return select(pattern).where(_mine(tx), rests_on >= pattern.c.needs)


def _mine(tx: Transaction[Any]) -> ColumnElement[bool]:
    return pattern.c.authority == tx.authority


def _of(tx: Transaction[Any], pattern_id: str) -> ColumnElement[bool]:
    return and_(pattern_record.c.authority == tx.authority, pattern_record.c.pattern_id == pattern_id)


def _by_pattern(rows: Iterable[Any]) -> dict[str, dict[Node, bool]]:
    found: dict[str, dict[Node, bool]] = {}
    for row in rows:
        found.setdefault(row.pattern_id, {})[row.contact_id, row.person_id] = row.later
    return found


def _read(tx: Transaction[Any], row: Any) -> Pattern:
    words = sealing.unseal(tx, f"pattern/{row.pattern_id}", Words, row.body)
    return Pattern(**{name: getattr(row, name) for name in _PLAIN}, kind=Kind(row.kind), words=words)
