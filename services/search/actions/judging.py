"""People's answers: the same adult, different adults, or unsure."""

from dataclasses import replace
from typing import Any

from services.search.actions import profiling, watching
from services.search.domain.judgement import AFTER, State, Verdict
from services.search.store import matches
from shared.contracts.search import LinkConfirmed, LinkRejected, LinkUnsure
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.store.transaction import Transaction

LONGEST_REASON = 2_000
_FACTS: dict[State, type[LinkConfirmed | LinkRejected | LinkUnsure]] = {
    State.CONFIRMED: LinkConfirmed,
    State.REJECTED: LinkRejected,
    State.UNSURE: LinkUnsure,
}


def judge(tx: Transaction[Any], match_id: str, verdict: Verdict, reason: str, *, seen: str = "") -> None:
    """Remember the answer until the data of either record change. `seen` is the data mark of the page
    judged from.

    Raises Invalid without a reason, NotFound, Refused for a withdrawn match, Conflict when the data changed
    meanwhile."""
    if not reason.strip():
        raise Invalid(
            "Say in a sentence why you think so.", {"reason": ["Enter the reason for your answer."]}
        )
    one = matches.visible(tx, match_id)
    if one is None:
        raise NotFound("There is no such match in your authority. It may have been withdrawn.")
    if one.state is State.WITHDRAWN:
        raise Refused(
            "This match was withdrawn, because the records no longer agree. There is nothing to decide."
        )
    # An answer holds for the data it was given on; other data need another look.
    if seen and seen != one.data_mark:
        raise Conflict("The records changed while you were looking. Read the page again, then decide.")
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


def _publish(tx: Transaction[Any], one: matches.Match) -> None:
    tx.publish(
        _FACTS[one.state](
            match_id=one.match_id,
            contact_id=one.contact_id,
            judged_by=one.judged_by,
            judged_at=one.judged_at or tx.now,
        )
    )
