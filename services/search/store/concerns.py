"""Concerns as patterns count them: contacts with the adults of theirs that were not cleared."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, tuple_

from services.search.domain import clusters
from services.search.domain.clusters import Link, Node
from services.search.domain.judgement import State
from services.search.domain.patterns import CLEARED, MONTH, Concern
from services.search.store import merging
from services.search.store.happenings import Kind
from services.search.store.pattern_tables import sector
from services.search.store.setting_tables import employment, happening, setting
from services.search.store.tables import match, mention, profile_member
from shared.store.dialect import upsert
from shared.store.transaction import Transaction
from shared.vocabulary import Band

_FRESH = timedelta(days=1)
# As many at a time as any database takes in one statement.
_AT_ONCE = 400


_IDS: Any = bindparam("ids", expanding=True)
_NODES: Any = bindparam("nodes", expanding=True)


def _linked() -> Any:
    likely = and_(match.c.state == State.OPEN.value, match.c.band != Band.POSSIBLE.value)
    return or_(match.c.state == State.CONFIRMED.value, likely)


# Asked at every contact, so they are made once.
_PLACES = select(employment.c.contact_id, employment.c.person_id, employment.c.setting_id).where(
    employment.c.authority == bindparam("here"), employment.c.contact_id.in_(_IDS)
)
_LINKS = select(
    match.c.contact_id, match.c.person_id, match.c.other_contact_id, match.c.other_person_id, match.c.holder
).where(
    match.c.authority == bindparam("here"),
    or_(match.c.contact_id.in_(_IDS), match.c.other_contact_id.in_(_IDS)),
    _linked(),
)
_JOINED = select(profile_member.c.contact_id, profile_member.c.person_id).where(
    profile_member.c.authority == bindparam("here"),
    profile_member.c.profile_id.in_(
        select(profile_member.c.profile_id).where(
            profile_member.c.authority == bindparam("here"),
            tuple_(profile_member.c.contact_id, profile_member.c.person_id).in_(_NODES),
        )
    ),
)
_SEEN = select(mention.c.contact_id, mention.c.person_id, mention.c.seen_at).where(
    mention.c.authority == bindparam("here")
)
_OF_NODES = _SEEN.where(tuple_(mention.c.contact_id, mention.c.person_id).in_(_NODES))
_AT_SETTINGS = _SEEN.join(
    employment,
    and_(
        mention.c.authority == employment.c.authority,
        mention.c.contact_id == employment.c.contact_id,
        mention.c.person_id == employment.c.person_id,
    ),
).where(employment.c.authority == bindparam("here"), employment.c.setting_id.in_(_IDS))
_THERE = select(employment.c.contact_id).where(
    employment.c.authority == bindparam("here"), employment.c.setting_id.in_(_IDS)
)
_PAIRS = select(
    match.c.contact_id, match.c.person_id, match.c.other_contact_id, match.c.other_person_id
).where(
    match.c.authority == bindparam("here"),
    match.c.holder == "",
    match.c.contact_id.in_(_THERE),
    match.c.other_contact_id.in_(_THERE),
    _linked(),
)
_MEMBERS = select(profile_member).where(
    profile_member.c.authority == bindparam("here"), profile_member.c.contact_id.in_(_THERE)
)
_BEGAN = select(func.min(mention.c.seen_at)).where(mention.c.authority == bindparam("here"))
_ENDED = select(happening.c.contact_id, happening.c.person_id, happening.c.state).where(
    happening.c.authority == bindparam("here"),
    happening.c.contact_id.in_(_IDS),
    happening.c.kind == Kind.OUTCOME.value,
)


def of_records(tx: Transaction[Any], nodes: Collection[Node]) -> list[Concern]:
    """What these records are about, the earliest first."""
    asked = {"here": tx.authority, "nodes": sorted(nodes)}
    return _concerns(tx, tx.db.execute(_OF_NODES, asked)) if nodes else []


def of_contacts(tx: Transaction[Any], contact_ids: Collection[str]) -> list[Concern]:
    """What these contacts are about, the earliest first."""
    query = select(mention.c.contact_id, mention.c.person_id, mention.c.seen_at).where(
        mention.c.authority == tx.authority, mention.c.contact_id.in_(sorted(contact_ids))
    )
    return _concerns(tx, tx.db.execute(query))


def at_settings(tx: Transaction[Any], setting_ids: Collection[str]) -> list[Concern]:
    """Everything that was told of these settings, the earliest first."""
    return _concerns(tx, tx.db.execute(_AT_SETTINGS, {"here": tx.authority, "ids": sorted(setting_ids)}))


def places(tx: Transaction[Any], contact_ids: Collection[str]) -> dict[Node, set[str]]:
    """Where each adult of these contacts was named."""
    found: dict[Node, set[str]] = defaultdict(set)
    asked = {"here": tx.authority, "ids": sorted(contact_ids)}
    for contact_id, person_id, setting_id in tx.db.execute(_PLACES, asked):
        found[contact_id, person_id].add(setting_id)
    return found


def near(tx: Transaction[Any], nodes: Collection[Node]) -> tuple[set[Node], set[str]]:
    """The records that are held to be of the same adult, or likely are, and these; and the other authorities
    that may hold a record of the adult.
    """
    found, holders = set(nodes), set[str]()
    contact_ids = sorted({contact_id for contact_id, _ in nodes})
    for row in tx.db.execute(_LINKS, {"here": tx.authority, "ids": contact_ids}):
        mine, other = (row[0], row[1]), (row[2], row[3])
        if row.holder:
            holders |= {row.holder} if mine in nodes else set()
        elif mine in nodes or other in nodes:
            found |= {mine, other}
    joined = tx.db.execute(_JOINED, {"here": tx.authority, "nodes": sorted(nodes)})
    return found | {(contact_id, person_id) for contact_id, person_id in joined}, holders


def alone(tx: Transaction[Any], nodes: Collection[Node]) -> set[Node]:
    """Those of these records that no other record, here or elsewhere, is held to be of the same adult as."""
    asked = {"here": tx.authority, "ids": sorted({contact_id for contact_id, _ in nodes})}
    near = {node for row in tx.db.execute(_LINKS, asked) for node in ((row[0], row[1]), (row[2], row[3]))}
    joined = tx.db.execute(_JOINED, {"here": tx.authority, "nodes": sorted(nodes)})
    return set(nodes) - near - {(contact_id, person_id) for contact_id, person_id in joined}


def one_adult(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[Node, str]:
    """Which of the records at these settings are held to be of one adult, or likely are: the same name for
    the same adult.
    """
    asked = {"here": tx.authority, "ids": sorted(setting_ids)}
    pairs = tx.db.execute(_PAIRS, asked).all()
    links = [Link((row[0], row[1]), (row[2], row[3]), "", joins=True, sure=True) for row in pairs]
    first: dict[str, Node] = {}
    for row in tx.db.execute(_MEMBERS, asked):
        node = (row.contact_id, row.person_id)
        links.append(Link(first.setdefault(row.profile_id, node), node, "", joins=True, sure=True))
    nodes = {node for link in links for node in link[:2]}
    return {node: "/".join(min(part)) for part in clusters.parts(nodes, links) for node in part}


def began(tx: Transaction[Any]) -> datetime:
    """When the authority's records begin."""
    first: datetime | None = tx.db.execute(_BEGAN, {"here": tx.authority}).scalar_one()
    return first or tx.now


def in_sector(tx: Transaction[Any], kind: str, months: int) -> tuple[int, int]:
    """Concerns of the last months at all settings of that kind whose size is known, and how many children
    are there; as of today.
    """
    here = and_(sector.c.authority == tx.authority, sector.c.kind == kind, sector.c.months == months)
    row = tx.db.execute(select(sector).where(here)).one_or_none()
    if row is None or abs(tx.now - row.counted_at) > _FRESH:
        counted = _count_sector(tx, kind, tx.now - months * MONTH)
        _keep(tx, kind, months, counted)
        return counted
    return row.concerns, row.heads


def _count_sector(tx: Transaction[Any], kind: str, since: datetime) -> tuple[int, int]:
    sized = and_(
        setting.c.authority == tx.authority, setting.c.kind == kind, setting.c.head_count > 0,
        setting.c.joined_to == "",
    )  # fmt: skip
    heads: int = tx.db.execute(
        select(func.coalesce(func.sum(setting.c.head_count), 0)).where(sized)
    ).scalar_one()
    there = and_(
        employment.c.authority == setting.c.authority, employment.c.setting_id == setting.c.setting_id
    )
    named = (
        select(employment.c.setting_id, employment.c.contact_id)
        .join(setting, there)
        .where(sized, employment.c.authority == tx.authority, employment.c.seen_at >= since)
        .distinct()
        .subquery()
    )
    concerns: int = tx.db.execute(select(func.count()).select_from(named)).scalar_one()
    return concerns, heads


def _keep(tx: Transaction[Any], kind: str, months: int, counted: tuple[int, int]) -> None:
    values = {
        "authority": tx.authority, "kind": kind, "months": months, "concerns": counted[0],
        "heads": counted[1], "counted_at": tx.now,
    }  # fmt: skip
    statement = upsert(tx.db, sector, [values])
    changed = {name: statement.excluded[name] for name in ("concerns", "heads", "counted_at")}
    keys = ["authority", "kind", "months"]
    tx.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def _concerns(tx: Transaction[Any], rows: Iterable[Any]) -> list[Concern]:
    adults: dict[str, set[Node]] = defaultdict(set)
    begun: dict[str, datetime] = {}
    for contact_id, person_id, at in rows:
        adults[contact_id].add((contact_id, person_id))
        begun[contact_id] = min(at, begun.get(contact_id, at))
    cleared = _cleared(tx, sorted(adults))
    # Two reports of one concern are counted once.
    known_as = merging.concern_of(tx, adults)
    whole: dict[str, set[Node]] = defaultdict(set)
    for one, nodes in adults.items():
        concern = known_as.get(one, one)
        whole[concern] |= nodes - cleared
        begun[concern] = min(begun[one], begun.get(concern, begun[one]))
    found = [Concern(one, begun[one], frozenset(nodes)) for one, nodes in whole.items() if nodes]
    return sorted(found, key=lambda one: (one.at, one.contact_id))


def _cleared(tx: Transaction[Any], contact_ids: list[str]) -> set[Node]:
    """The adults against whom every allegation of a contact ended as malicious or false."""
    states: dict[Node, set[str]] = defaultdict(set)
    for start in range(0, len(contact_ids), _AT_ONCE):
        asked = {"here": tx.authority, "ids": contact_ids[start : start + _AT_ONCE]}
        for contact_id, person_id, state in tx.db.execute(_ENDED, asked):
            states[contact_id, person_id].add(state)
    return {node for node, found in states.items() if found <= CLEARED}
