"""What becomes of patterns: found and told, grown, or taken back with what they rested on."""

from collections.abc import Collection, Sequence, Set
from dataclasses import replace
from typing import Any

from services.search.domain.clusters import Node
from services.search.domain.patterns import Found, Kind, Limit, known_elsewhere_no_more
from services.search.store import patterns as store
from services.search.store.patterns import OPEN, REVIEWED, WITHDRAWN, Pattern, Words
from shared.clock import new_id
from shared.contracts.findings import PatternGround
from shared.contracts.search import PatternFound, PatternWithdrawn
from shared.store.transaction import Transaction

# New concerns after a review before the same setting or body is told of again; an adult at the first.
_AGAIN = {Kind.PERSON: 1, Kind.SETTING: 3, Kind.PROVIDER: 3}


def settle(
    tx: Transaction[Any], kind: Kind, subject: str, known: Sequence[Pattern], found: Found,
    limits: Sequence[Limit],
) -> None:  # fmt: skip
    """What is found now of an adult, a setting or a body of which these patterns are known."""
    if not known and not found.grounds:
        return
    # Read again, because somebody may just have reviewed one.
    standing = store.take(tx, [one.pattern_id for one in known])
    now_open = [one for one in standing if one.state == OPEN]
    rests_on = store.records(tx, [one.pattern_id for one in standing])
    if not found.grounds:
        for one in now_open:
            fired = {node for node, later in rests_on[one.pattern_id].items() if not later}
            # Time that passed does not take it back; records that are gone, or are of somebody else, do.
            fewer = len(fired & found.standing) < one.words.records
            if fewer or known_elsewhere_no_more(one.words.fired, found.authorities):
                _withdraw(tx, one)
        return
    if now_open:
        _go_on(tx, now_open[0], rests_on[now_open[0].pattern_id], found, limits)
        # Two adults turned out to be one.
        for one in now_open[1:]:
            _withdraw(tx, one)
        return
    seen = {node[0] for one in standing if one.state == REVIEWED for node in rests_on[one.pattern_id]}
    fresh = {node[0] for node in found.records} - seen
    if not seen or len(fresh) >= _AGAIN[kind]:
        _find(tx, kind, subject, found, limits)


def take_back_bare(tx: Transaction[Any], pattern_ids: Set[str]) -> None:
    """Those of these that rest on no record any more."""
    rests_on = store.records(tx, pattern_ids)
    for one in store.take(tx, pattern_ids - rests_on.keys()):
        if one.state == OPEN:
            _withdraw(tx, one)


def _find(tx: Transaction[Any], kind: Kind, subject: str, found: Found, limits: Sequence[Limit]) -> None:
    words = Words(found.grounds, found.grounds, len(found.records))
    one = Pattern(new_id(), kind, subject, OPEN, _needs(kind, found, limits), tx.now, words)
    store.put(tx, one)
    store.add_records(tx, one.pattern_id, found.records, later=False)
    _tell(tx, one, found.records, found.records)


def _go_on(
    tx: Transaction[Any], one: Pattern, rests_on: dict[Node, bool], found: Found, limits: Sequence[Limit]
) -> None:
    """It is not told anew while it is open; what it rests on now is kept beside what fired it."""
    gone = rests_on.keys() - found.standing
    fresh = found.records - rests_on.keys()
    counted = [(ground.sign, ground.count) for ground in found.grounds]
    if not gone and not fresh and counted == [(ground.sign, ground.count) for ground in one.words.now]:
        return
    store.drop_records(tx, one.pattern_id, gone)
    store.add_records(tx, one.pattern_id, fresh, later=True)
    grown = replace(one, needs=_needs(one.kind, found, limits), words=replace(one.words, now=found.grounds))
    store.put(tx, grown)
    _tell(tx, grown, (rests_on.keys() - gone) | fresh, fresh)


def _needs(kind: Kind, found: Found, limits: Sequence[Limit]) -> int:
    """How many of its records somebody must see to learn of it: fewer would tell of closed ones."""
    if kind is Kind.PERSON:
        return 1 if any(one.sign == "person_authorities" for one in found.grounds) else 2
    least = {one.code: one.least for one in limits}
    return min(least[one.sign] for one in found.grounds)


def _withdraw(tx: Transaction[Any], one: Pattern) -> None:
    store.put(tx, replace(one, state=WITHDRAWN))
    tx.publish(PatternWithdrawn(pattern_id=one.pattern_id))


def _tell(tx: Transaction[Any], one: Pattern, nodes: Collection[Node], fresh: Collection[Node]) -> None:
    tx.publish(
        PatternFound(
            pattern_id=one.pattern_id,
            reference=one.reference,
            kind=one.kind.value,
            setting_id=one.subject if one.kind is Kind.SETTING else "",
            contact_ids=tuple(sorted({contact_id for contact_id, _ in nodes})),
            added=tuple(sorted({contact_id for contact_id, _ in fresh})),
            needs=one.needs,
            grounds=tuple(
                PatternGround(
                    sign=each.sign, since=each.since, until=each.until, count=each.count, adults=each.adults,
                    expected=round(each.expected, 2), chance=round(each.chance, 6),
                )
                for each in one.words.now
            ),
            found_at=one.found_at,
        )
    )  # fmt: skip
