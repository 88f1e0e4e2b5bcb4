"""Matches of a mention: found, told to both sides, withdrawn when they no longer hold."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from services.search.actions import asking, profiling, telling, watching
from services.search.actions.indexing import Indexed
from services.search.domain.judgement import JUDGED, State
from services.search.domain.thresholds import percent
from services.search.gateways.port import Index
from services.search.store import crossing, figures, matches, mentions, merging, visibility
from services.search.store.crossing import Answer, Hit, Question, Told
from services.search.store.matches import Match
from shared.actor import Actor, Scope
from shared.contracts.findings import Evidence, OwnRecord
from shared.contracts.message import Origin
from shared.contracts.search import MatchFound, MatchWithdrawn
from shared.store.transaction import Transaction

# An imported history tells no other authority; it is found when a live concern asks.
_TELLING = frozenset({Origin.LIVE, Origin.DEMO})
# So many adults are asked about together; each may have lists of thousands.
_AT_ONCE = 20


def look_up(tx: Transaction[Index], many: Iterable[Indexed]) -> Iterator[asking.Found]:
    """What the index holds for each of them, some at a time."""
    left = iter(many)
    while some := list(islice(left, _AT_ONCE)):
        yield from asking.look_up(tx, [one.portrait for one in some])


def find_matches(
    tx: Transaction[Index], about: Indexed, later: Collection[int] = (), found: asking.Found | None = None
) -> None:
    """Look for earlier mentions of the adult; publish what is news to either side, withdraw what no longer
    holds. Those of the numbers `later` came after it, and look for it themselves; `found` when the index was
    asked already.

    While the index is rebuilt nothing is looked for: the matches are kept and were told."""
    if tx.scope.origin is Origin.REBUILD:
        return
    # A contact may be closed before its adults were indexed; the pair must not cross then.
    active_at, closed = about.standing or mentions.state(tx, about.contact_id) or (tx.now, False)
    question = Question(
        about.portrait,
        about.contact_id,
        about.person_id,
        active_at=active_at,
        closed=closed,
        reach=tx.scope.origin in _TELLING,
        later=later,
    )
    answer = asking.ask(tx, question, found=found)
    met = [*_own(tx, about, answer), *_pointed(tx, about, answer.others)]
    for one in matches.keep(tx, met):
        tx.publish(_fact(tx, one))
        if one.was_confirmed:
            profiling.settle(tx, one)
    _tell_holders(tx, answer.others)
    # What is new has no earlier matches that could have lapsed.
    if not about.is_new:
        _withdraw_others(tx, about, {one.match_id for one in met})


def hide(tx: Transaction[Any], contact_id: str) -> None:
    """The contact is closed to somebody now: nobody outside is pointed at it any more."""
    mentions.close(tx, contact_id, closed=True)
    telling.withdraw(tx, contact_id)
    for one in matches.across(tx, contact_id):
        _withdraw_there(tx, one)


def show(tx: Transaction[Index], contact_id: str) -> None:
    """The contact is open again, unless another restriction stands; who was named before is looked for
    afresh."""
    if visibility.is_closed(tx, contact_id):
        return
    mentions.close(tx, contact_id, closed=False)
    look_again(tx, contact_id)


def look_again(tx: Transaction[Index], contact_id: str) -> None:
    """Look afresh for who was named before."""
    for kept in mentions.find(tx, [contact_id]).values():
        filed = mentions.filed(tx, kept.number)
        about = Indexed(contact_id, kept.person_id, kept.number, filed, is_new=False, changed=True)
        find_matches(tx, about)


def _own(tx: Transaction[Any], about: Indexed, answer: Answer) -> Iterable[Match]:
    least = figures.limits(tx).own
    sure = [hit for hit in answer.own if percent(hit.grounds.probability) >= least]
    if not sure:
        return
    known_as = merging.concern_of(tx, {about.contact_id, *(hit.contact_id for hit in sure)})
    mine = known_as.get(about.contact_id, about.contact_id)
    for hit in sure:
        # Another report of the same concern is no earlier concern.
        if known_as.get(hit.contact_id, hit.contact_id) != mine:
            yield _own_match(tx, about, hit)


def _own_match(tx: Transaction[Any], about: Indexed, hit: Hit) -> Match:
    mine, other = (about.contact_id, about.person_id), (hit.contact_id, hit.person_id)
    return Match(
        crossing.match_id_of(tx, mine, other),
        *mine,
        hit.band,
        hit.data_mark,
        tx.now,
        *other,
        grounds=hit.grounds,
    )


def _pointed(tx: Transaction[Any], about: Indexed, others: Iterable[Told]) -> Iterable[Match]:
    for told in others:
        pointer = told.pointer
        yield Match(
            told.match_id,
            about.contact_id,
            about.person_id,
            pointer.band,
            told.data_mark,
            tx.now,
            holder=pointer.holder,
            reference=pointer.reference,
            grounds=matches.Grounds(agrees=pointer.agrees, recency=pointer.recency),
        )


def _tell_holders(tx: Transaction[Any], others: Iterable[Told]) -> None:
    for told in others:
        if told.holder_told:
            with tx.within(as_system(tx, told.pointer.holder)):
                # Read anew in the holder's scope: what is published there comes from the holder's own row.
                for one in matches.by_ids(tx, [told.pointer.reference]):
                    tx.publish(_fact(tx, one))
                    watching.look(tx, one.contact_id)


def as_system(tx: Transaction[Any], authority: str) -> Scope:
    """Search itself, in another authority: it must not learn who asked."""
    scope = tx.scope
    return Scope(authority, Actor("system:search"), scope.correlation_id, scope.origin, scope.as_of)


def _fact(tx: Transaction[Any], one: Match) -> MatchFound:
    return MatchFound(
        match_id=one.match_id,
        contact_id=one.contact_id,
        person_id=one.person_id,
        found_at=one.found_at,
        own=None if one.holder else _record(tx, one),
        pointer=crossing.pointer_of(tx, one) if one.holder else None,
    )


def _record(tx: Transaction[Any], one: Match) -> OwnRecord:
    active_at: datetime = (mentions.state(tx, one.other_contact_id) or (one.found_at, False))[0]
    lines = tuple(
        Evidence(field=line.field, words=line.words, bits=round(line.bits, 2)) for line in one.grounds.lines
    )
    return OwnRecord(
        contact_id=one.other_contact_id,
        person_id=one.other_person_id,
        band=one.band,
        probability=round(one.grounds.probability, 4),
        last_activity=active_at,
        evidence=lines,
        flags=one.grounds.flags,
    )


def _withdraw_others(tx: Transaction[Any], about: Indexed, standing: set[str]) -> None:
    gone = [
        one
        for one in matches.take_of_person(tx, about.contact_id, about.person_id)
        if one.match_id not in standing and one.state is not State.WITHDRAWN
    ]
    for one in gone:
        withdraw_here_and_there(tx, one)


def withdraw_here_and_there(tx: Transaction[Any], one: Match) -> None:
    """It no longer holds, nor does the other authority's side of it when there is one."""
    withdraw(tx, one)
    if one.holder:
        _withdraw_there(tx, one)


def withdraw(tx: Transaction[Any], one: Match) -> None:
    """It no longer holds in this authority."""
    matches.withdraw(tx, [one.match_id])
    tx.publish(MatchWithdrawn(match_id=one.match_id, contact_id=one.contact_id))
    if one.state in JUDGED or one.was_confirmed:
        profiling.settle(tx, one)


def _withdraw_there(tx: Transaction[Any], one: Match) -> None:
    with tx.within(as_system(tx, one.holder)):
        for other in matches.take(tx, [one.reference]):
            if other.state is not State.WITHDRAWN:
                withdraw(tx, replace(other, state=State.WITHDRAWN))
                watching.look(tx, other.contact_id)
