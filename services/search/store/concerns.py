"""Concerns as patterns count them: contacts with the adults of theirs that were not cleared."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, or_, select

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
from shared.store.membership import one_of, one_pair_of
from shared.store.transaction import Transaction
from shared.vocabulary import Band

_FRESH = timedelta(days=1)
# As many at a time as any database takes in one statement.
_AT_ONCE = 400


def _linked() -> Any:
    likely = and_(match.c.state == State.OPEN.value, match.c.band != Band.POSSIBLE.value)
    return or_(match.c.state == State.CONFIRMED.value, likely)


class Links(NamedTuple):
    """`holders`: the other authorities that may hold a record of the adult of each of these."""

    found: list[Link]
    holders: dict[Node, set[str]]


class _Ended(NamedTuple):
    """What does not count, and what counts together: adults who were cleared, and by what id the concern of
    a merged contact is known."""

    cleared: set[Node]
    known_as: dict[str, str]


# Asked at every contact, so they are made once.
_PLACES = select(employment.c.contact_id, employment.c.person_id, employment.c.setting_id).where(
    employment.c.authority == bindparam("here"), one_of(employment.c.contact_id, "ids")
)
_LINKS = select(
    match.c.contact_id, match.c.person_id, match.c.other_contact_id, match.c.other_person_id, match.c.holder
).where(
    match.c.authority == bindparam("here"),
    or_(one_of(match.c.contact_id, "ids"), one_of(match.c.other_contact_id, "ids")),
    _linked(),
)
_JOINED = select(profile_member).where(
    profile_member.c.authority == bindparam("here"),
    profile_member.c.profile_id.in_(
        select(profile_member.c.profile_id).where(
            profile_member.c.authority == bindparam("here"),
            one_pair_of(profile_member.c.contact_id, profile_member.c.person_id, "nodes"),
        )
    ),
)
_SEEN = select(mention.c.contact_id, mention.c.person_id, mention.c.seen_at).where(
    mention.c.authority == bindparam("here")
)
_OF_NODES = _SEEN.where(one_pair_of(mention.c.contact_id, mention.c.person_id, "nodes"))
_AT_SETTINGS = _SEEN.join(
    employment,
    and_(
        mention.c.authority == employment.c.authority,
        mention.c.contact_id == employment.c.contact_id,
        mention.c.person_id == employment.c.person_id,
    ),
).where(employment.c.authority == bindparam("here"), one_of(employment.c.setting_id, "ids"))
_THERE = select(employment.c.contact_id).where(
    employment.c.authority == bindparam("here"), one_of(employment.c.setting_id, "ids")
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
    one_of(happening.c.contact_id, "ids"),
    happening.c.kind == Kind.OUTCOME.value,
)


def of_adults(tx: Transaction[Any], adults: Sequence[Collection[Node]]) -> list[list[Concern]]:
    """What the records of each of these adults are about, the earliest first."""
    asked = {"here": tx.authority, "nodes": sorted({node for one in adults for node in one})}
    seen = {(row[0], row[1]): row for row in tx.db.execute(_OF_NODES, asked).all()} if adults else {}
    ended = _ended(tx, {contact_id for contact_id, _ in seen})
    return [_concerns((seen[node] for node in one if node in seen), ended) for one in adults]


def of_contacts(tx: Transaction[Any], contact_ids: Collection[str]) -> list[Concern]:
    """What these contacts are about, the earliest first."""
    query = select(mention.c.contact_id, mention.c.person_id, mention.c.seen_at).where(
        mention.c.authority == tx.authority, mention.c.contact_id.in_(sorted(contact_ids))
    )
    return _all(tx, query, {})


def at_settings(tx: Transaction[Any], setting_ids: Collection[str]) -> list[Concern]:
    """Everything that was told of these settings, the earliest first."""
    return _all(tx, _AT_SETTINGS, {"here": tx.authority, "ids": sorted(setting_ids)})


def places(tx: Transaction[Any], contact_ids: Collection[str]) -> dict[Node, set[str]]:
    """Where each adult of these contacts was named."""
    found: dict[Node, set[str]] = defaultdict(set)
    asked = {"here": tx.authority, "ids": sorted(contact_ids)}
    for contact_id, person_id, setting_id in tx.db.execute(_PLACES, asked).all():
        found[contact_id, person_id].add(setting_id)
    return found


def links(tx: Transaction[Any], nodes: Collection[Node]) -> Links:
    """What joins these records to others, or to each other, as one adult, or likely does."""
    found, holders = [], dict[Node, set[str]]()
    contact_ids = sorted({contact_id for contact_id, _ in nodes})
    for row in tx.db.execute(_LINKS, {"here": tx.authority, "ids": contact_ids}).all():
        mine, other = (row[0], row[1]), (row[2], row[3])
        if row.holder and mine in nodes:
            holders.setdefault(mine, set()).add(row.holder)
        elif not row.holder and (mine in nodes or other in nodes):
            found.append(_joining(mine, other))
    first: dict[str, Node] = {}
    for row in tx.db.execute(_JOINED, {"here": tx.authority, "nodes": sorted(nodes)}).all():
        node = (row.contact_id, row.person_id)
        found.append(_joining(first.setdefault(row.profile_id, node), node))
    return Links(found, holders)


def one_adult(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[Node, str]:
    """Which of the records at these settings are held to be of one adult, or likely are: the same name for
    the same adult.
    """
    asked = {"here": tx.authority, "ids": sorted(setting_ids)}
    pairs = tx.db.execute(_PAIRS, asked).all()
    links = [_joining((row[0], row[1]), (row[2], row[3])) for row in pairs]
    first: dict[str, Node] = {}
    for row in tx.db.execute(_MEMBERS, asked).all():
        node = (row.contact_id, row.person_id)
        links.append(_joining(first.setdefault(row.profile_id, node), node))
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


def _joining(one: Node, other: Node) -> Link:
    return Link(one, other, "", joins=True, sure=True)


def _all(tx: Transaction[Any], query: Select[Any], asked: dict[str, Any]) -> list[Concern]:
    rows = tx.db.execute(query, asked).all()
    return _concerns(rows, _ended(tx, {row[0] for row in rows}))


def _ended(tx: Transaction[Any], contact_ids: Collection[str]) -> _Ended:
    return _Ended(_cleared(tx, sorted(contact_ids)), merging.concern_of(tx, contact_ids))


def _concerns(rows: Iterable[Any], ended: _Ended) -> list[Concern]:
    adults: dict[str, set[Node]] = defaultdict(set)
    begun: dict[str, datetime] = {}
    for contact_id, person_id, at in rows:
        adults[contact_id].add((contact_id, person_id))
        begun[contact_id] = min(at, begun.get(contact_id, at))
    # Two reports of one concern are counted once.
    whole: dict[str, set[Node]] = defaultdict(set)
    for one, nodes in adults.items():
        concern = ended.known_as.get(one, one)
        whole[concern] |= nodes - ended.cleared
        begun[concern] = min(begun[one], begun.get(concern, begun[one]))
    found = [Concern(one, begun[one], frozenset(nodes)) for one, nodes in whole.items() if nodes]
    return sorted(found, key=lambda one: (one.at, one.contact_id))


def _cleared(tx: Transaction[Any], contact_ids: list[str]) -> set[Node]:
    """The adults against whom every allegation of a contact ended as malicious or false."""
    states: dict[Node, set[str]] = defaultdict(set)
    for start in range(0, len(contact_ids), _AT_ONCE):
        asked = {"here": tx.authority, "ids": contact_ids[start : start + _AT_ONCE]}
        for contact_id, person_id, state in tx.db.execute(_ENDED, asked).all():
            states[contact_id, person_id].add(state)
    return {node for node, found in states.items() if found <= CLEARED}
