"""People put together from records that were judged to be of one adult, and taken apart again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from services.search.domain import clusters
from services.search.domain.clusters import Link, Node
from services.search.domain.judgement import State
from services.search.store import matches, profiles
from services.search.store.matches import Match
from services.search.store.profiles import JOINED, LEFT, Change, Profile
from shared.clock import new_id
from shared.contracts.findings import Mention
from shared.contracts.search import ProfileJoined, ProfileSplit
from shared.store.transaction import Transaction
from shared.vocabulary import Band


def settle(tx: Transaction[Any], about: Match) -> None:
    """The pair was judged, or its records changed: join or part what follows from it.

    A pair across authorities joins nothing: no record of another authority is ever part of a profile."""
    if about.holder:
        return
    pair = {(about.contact_id, about.person_id), (about.other_contact_id, about.other_person_id)}
    before = profiles.around(tx, pair)
    nodes = {*pair, *before}
    links = links_of(tx, nodes)
    after = _arranged(clusters.parts(nodes, links), before)
    if not before and not after:
        return
    profiles.rearrange(tx, before, after)
    standing = [_profile(tx, profile_id, after, links) for profile_id in sorted(set(after.values()))]
    profiles.put(tx, standing, set(before.values()) - set(after.values()))
    changes = list(_changes(tx, about, before, after))
    profiles.note(tx, changes)
    _publish(tx, about, changes, after)


def links_of(tx: Transaction[Any], nodes: Collection[Node]) -> list[Link]:
    """What is known between these records."""
    return [_link(one) for one in matches.among(tx, nodes)]


def _link(one: Match) -> Link:
    reopened = one.state is State.OPEN and one.was_confirmed
    first, second = sorted([(one.contact_id, one.person_id), (one.other_contact_id, one.other_person_id)])
    return Link(
        first,
        second,
        one.match_id,
        joins=one.state is State.CONFIRMED or reopened,
        sure=one.band is Band.STRONG,
        reopened=reopened,
        rejected=one.state is State.REJECTED,
    )


def _arranged(parts: Sequence[frozenset[Node]], before: Mapping[Node, str]) -> dict[Node, str]:
    """A profile id for each record of a part of two or more; the largest part keeps the id that most of it
    had."""
    after: dict[Node, str] = {}
    for part in parts:
        if len(part) < 2:
            continue
        had = [before[node] for node in part if node in before]
        free = sorted(set(had) - set(after.values()), key=lambda one: (-had.count(one), one))
        after.update(dict.fromkeys(part, free[0] if free else new_id()))
    return after


def _profile(
    tx: Transaction[Any], profile_id: str, after: Mapping[Node, str], links: Sequence[Link]
) -> Profile:
    nodes = {node for node, at in after.items() if at == profile_id}
    flags = tuple(dict.fromkeys(one.flag for one in clusters.weaknesses(nodes, links)))
    return Profile(profile_id, len(nodes), flags, tx.now)


def _changes(
    tx: Transaction[Any], about: Match, before: Mapping[Node, str], after: Mapping[Node, str]
) -> Iterator[Change]:
    who = tx.scope.actor.id
    for node in sorted({*before, *after}):
        old, new = before.get(node, ""), after.get(node, "")
        if old == new:
            continue
        if old:
            yield Change(old, LEFT, *node, about.match_id, who, tx.now)
        if new:
            yield Change(new, JOINED, *node, about.match_id, who, tx.now)


def _publish(
    tx: Transaction[Any], about: Match, changes: Sequence[Change], after: Mapping[Node, str]
) -> None:
    for kind, fact in ((LEFT, ProfileSplit), (JOINED, ProfileJoined)):
        for profile_id in sorted({one.profile_id for one in changes if one.kind == kind}):
            moved = [one for one in changes if one.kind == kind and one.profile_id == profile_id]
            tx.publish(
                fact(
                    profile_id=profile_id,
                    moved=tuple(_mention((one.contact_id, one.person_id)) for one in moved),
                    records=tuple(_mention(node) for node, at in sorted(after.items()) if at == profile_id),
                    match_id=about.match_id,
                    by=tx.scope.actor.id,
                    at=tx.now,
                )
            )


def _mention(node: Node) -> Mention:
    return Mention(contact_id=node[0], person_id=node[1])
