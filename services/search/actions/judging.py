"""People's answers: the same adult, different adults, or unsure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from services.search.actions import profiling, watching
from services.search.domain.clusters import Node
from services.search.domain.judgement import AFTER, State, Verdict
from services.search.store import matches, mentions, profiles
from services.search.store.matches import Match
from services.search.store.mentions import Kept
from shared.contracts.search import LinkConfirmed, LinkRejected, LinkUnsure
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.store.transaction import Transaction

LONGEST_REASON = 2_000
_CHANGED = (
    "The records changed while you were looking, or somebody decided. Read the page again, then decide."
)
_FACTS: dict[State, type[LinkConfirmed | LinkRejected | LinkUnsure]] = {
    State.CONFIRMED: LinkConfirmed,
    State.REJECTED: LinkRejected,
    State.UNSURE: LinkUnsure,
}


def judge(tx: Transaction[Any], match_id: str, verdict: Verdict, reason: str, *, seen: str = "") -> None:
    """Remember the answer until the data of either record change. `seen` is the mark of the page judged
    from.

    Raises Invalid without a reason, NotFound, Refused for a withdrawn match, Conflict when the data changed
    or somebody answered meanwhile."""
    if not reason.strip():
        raise Invalid(
            "Say in a sentence why you think so.", {"reason": ["Enter the reason for your answer."]}
        )
    # Of two who answer at once the second reads what the first said.
    one = matches.visible(tx, match_id, lock=True)
    if one is None:
        raise NotFound("There is no such match in your authority. It may have been withdrawn.")
    if one.state is State.WITHDRAWN:
        raise Refused(
            "This match was withdrawn, because the records no longer agree. There is nothing to decide."
        )
    # An answer holds for the data it was given on; other data, or another's answer, need another look.
    if seen and seen != one.mark:
        raise Conflict(_CHANGED)
    kept = reason.strip()[:LONGEST_REASON]
    judged = replace(
        one,
        state=AFTER[verdict],
        judged_by=tx.scope.actor.id,
        judged_at=tx.now,
        grounds=replace(one.grounds, reason=kept, earlier=None),
    )
    matches.put(tx, judged)
    _publish(tx, judged)
    profiling.settle(tx, judged)
    watching.look(tx, *filter(None, (judged.contact_id, judged.other_contact_id)))


class Sides(NamedTuple):
    """The records open to the actor of the two people of a match, and the pairs between them."""

    mine: Mapping[Node, Kept]
    theirs: Mapping[Node, Kept]
    pairs: tuple[Match, ...]

    @property
    def mark(self) -> str:
        """Changes with the records of either and with what is found between them."""
        said = sorted((one.match_id, one.mark) for one in self.pairs)
        return sha256(repr((sorted(self.mine), sorted(self.theirs), said)).encode()).hexdigest()


def people_of(tx: Transaction[Any], one: Match, *, lock: bool = False) -> Sides:
    """The two people of a match within the authority: every record that is joined to either of its two. The
    pairs between them are taken until the commit if that is asked."""
    mine, theirs = (one.contact_id, one.person_id), (one.other_contact_id, one.other_person_id)
    at = profiles.of(tx, {mine, theirs})
    joined = profiles.members_of(tx, set(at.values()))
    whole = {node: joined.get(at.get(node, ""), [node]) for node in (mine, theirs)}
    seen = mentions.of_contacts(tx, sorted({node[0] for nodes in whole.values() for node in nodes}))
    here, there = ({node: seen[node] for node in whole[side] if node in seen} for side in (mine, theirs))
    pairs = matches.among(tx, here.keys() | there.keys(), lock=lock)
    return Sides(here, there, tuple(pair for pair in pairs if _between(pair, here, there)))


def judge_people(
    tx: Transaction[Any], match_id: str, verdict: Verdict, reason: str, *, seen: str = ""
) -> None:
    """The same answer about every pair that was found between the two people. `seen` is the mark of the page
    judged from.

    Raises as `judge` does."""
    one = matches.visible(tx, match_id)
    sides = people_of(tx, one, lock=True) if one and not one.holder else None
    if sides and seen and seen != sides.mark:
        raise Conflict(_CHANGED)
    others = [pair.match_id for pair in sides.pairs if pair.match_id != match_id] if sides else []
    for each in (match_id, *others):
        judge(tx, each, verdict, reason)


def _between(pair: Match, here: Collection[Node], there: Collection[Node]) -> bool:
    one, other = (pair.contact_id, pair.person_id), (pair.other_contact_id, pair.other_person_id)
    return (one in here and other in there) or (other in here and one in there)


def _publish(tx: Transaction[Any], one: matches.Match) -> None:
    tx.publish(
        _FACTS[one.state](
            match_id=one.match_id,
            contact_id=one.contact_id,
            judged_by=one.judged_by,
            judged_at=one.judged_at or tx.now,
        )
    )
