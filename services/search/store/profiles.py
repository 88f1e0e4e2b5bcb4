"""People: records that were judged to be of one adult, and the history of what was joined and parted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, insert, or_, select, tuple_

from services.search.domain.clusters import Node
from services.search.store.tables import profile, profile_change, profile_member
from services.search.store.visibility import open_to
from shared.clock import new_id
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

JOINED, LEFT = "joined", "left"
_LATEST = 100


@dataclass(frozen=True)
class Profile:
    """Records held to be one adult; `flags` say why somebody should look again."""

    profile_id: str
    records: int
    flags: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True)
class Change:
    """A record joined a profile or left it. `by` is who judged the pair or changed its records."""

    profile_id: str
    kind: str
    contact_id: str
    person_id: str
    match_id: str
    by: str
    at: datetime


def around(tx: Transaction[Any], nodes: Collection[Node]) -> dict[Node, str]:
    """These records' profiles, with every other record of these profiles; locked until the commit."""
    ids = select(profile_member.c.profile_id).where(profile_member.c.authority == tx.authority, _among(nodes))
    query = select(profile_member).where(
        profile_member.c.authority == tx.authority, profile_member.c.profile_id.in_(ids)
    )
    rows = tx.db.execute(query.with_for_update())
    return {(row.contact_id, row.person_id): row.profile_id for row in rows}


def of(tx: Transaction[Any], nodes: Collection[Node]) -> dict[Node, str]:
    """Which of these records are in a profile, and in which."""
    query = select(profile_member).where(profile_member.c.authority == tx.authority, _among(nodes))
    return {(row.contact_id, row.person_id): row.profile_id for row in tx.db.execute(query).all()}


def _among(nodes: Collection[Node]) -> Any:
    return tuple_(profile_member.c.contact_id, profile_member.c.person_id).in_(sorted(nodes))


def rearrange(tx: Transaction[Any], before: Mapping[Node, str], after: Mapping[Node, str]) -> None:
    """Move records; one that `after` does not name is in no profile any more."""
    gone = [node for node in before if node not in after]
    if gone:
        here = and_(profile_member.c.authority == tx.authority, _among(gone))
        tx.db.execute(delete(profile_member).where(here))
    moved = [
        {"authority": tx.authority, "contact_id": node[0], "person_id": node[1], "profile_id": profile_id}
        for node, profile_id in sorted(after.items())
        if before.get(node) != profile_id
    ]
    if moved:
        statement = upsert(tx.db, profile_member)
        keys = ["authority", "contact_id", "person_id"]
        to = {"profile_id": statement.excluded.profile_id}
        tx.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=to), moved)


def put(tx: Transaction[Any], standing: Sequence[Profile], ended: Iterable[str]) -> None:
    """Write profiles as they stand, and drop those without records."""
    here = and_(profile.c.authority == tx.authority, profile.c.profile_id.in_(sorted(ended)))
    tx.db.execute(delete(profile).where(here))
    rows = [
        {
            "authority": tx.authority,
            "profile_id": one.profile_id,
            "records": one.records,
            "flags": list(one.flags),
            "flagged": bool(one.flags),
            "changed_at": one.changed_at,
        }
        for one in standing
    ]
    if rows:
        statement = upsert(tx.db, profile)
        changed = {name: statement.excluded[name] for name in ("records", "flags", "flagged", "changed_at")}
        keys = ["authority", "profile_id"]
        tx.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def note(tx: Transaction[Any], changes: Sequence[Change]) -> None:
    """Add to the history, which is never taken back."""
    rows = [{**vars(one), "authority": tx.authority, "change_id": new_id()} for one in changes]
    if rows:
        tx.db.execute(insert(profile_change), rows)


def one(tx: Transaction[Any], profile_id: str) -> Profile | None:
    """One of which at least a record is open to the actor."""
    row = tx.db.execute(_visible(tx).where(profile.c.profile_id == profile_id)).one_or_none()
    return None if row is None else _profile(row)


def members(tx: Transaction[Any], profile_id: str) -> list[Node]:
    """Its records, whoever acts."""
    query = select(profile_member.c.contact_id, profile_member.c.person_id).where(
        profile_member.c.authority == tx.authority, profile_member.c.profile_id == profile_id
    )
    return sorted((row.contact_id, row.person_id) for row in tx.db.execute(query).all())


def members_of(tx: Transaction[Any], profile_ids: Collection[str]) -> dict[str, list[Node]]:
    """The records of these profiles, by profile."""
    query = select(profile_member).where(
        profile_member.c.authority == tx.authority, profile_member.c.profile_id.in_(sorted(profile_ids))
    )
    found: dict[str, list[Node]] = {}
    for row in tx.db.execute(query).all():
        found.setdefault(row.profile_id, []).append((row.contact_id, row.person_id))
    return found


def listed(tx: Transaction[Any], *, flagged: bool, asked: tuple[int, int]) -> tuple[list[Profile], int]:
    """A page of profiles, those that changed last first, and how many there are; `asked` is how many to skip
    and to take."""
    query = _visible(tx)
    if flagged:
        query = query.where(profile.c.flagged)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(
        query.order_by(profile.c.changed_at.desc(), profile.c.profile_id).offset(asked[0]).limit(asked[1])
    )
    return [_profile(row) for row in rows], total


def history(tx: Transaction[Any], profile_id: str, nodes: Collection[Node]) -> list[Change]:
    """What joined and left it, and how its records came here, latest first; of contacts open to the actor."""
    who = tuple_(profile_change.c.contact_id, profile_change.c.person_id)
    query = select(profile_change).where(
        profile_change.c.authority == tx.authority,
        or_(profile_change.c.profile_id == profile_id, who.in_(sorted(nodes))),
        open_to(profile_change.c.contact_id, tx),
    )
    rows = tx.db.execute(
        query.order_by(profile_change.c.at.desc(), profile_change.c.change_id.desc()).limit(_LATEST)
    )
    return [
        Change(row.profile_id, row.kind, row.contact_id, row.person_id, row.match_id, row.by, row.at)
        for row in rows
    ]


def _visible(tx: Transaction[Any]) -> Select[Any]:
    shows = exists().where(
        profile_member.c.authority == tx.authority,
        profile_member.c.profile_id == profile.c.profile_id,
        open_to(profile_member.c.contact_id, tx),
    )
    return select(profile).where(profile.c.authority == tx.authority, shows)


def _profile(row: Any) -> Profile:
    return Profile(row.profile_id, row.records, tuple(row.flags), row.changed_at)
