"""A person looks at a pattern and says what came of it."""

from dataclasses import replace
from typing import Any

from services.search.domain.patterns import Finding
from services.search.store import patterns
from services.search.store.patterns import OPEN, REVIEWED, Pattern
from shared.contracts.search import PatternReviewed
from shared.errors import Invalid, NotFound, Refused
from shared.store.transaction import Transaction


def pattern_of(tx: Transaction[Any], pattern_id: str) -> Pattern:
    """One that the actor may know of. Raises NotFound."""
    return _found(patterns.visible(tx, pattern_id))


def review(tx: Transaction[Any], pattern_id: str, finding: Finding, reason: str) -> None:
    """Remember what was found. Raises Invalid without a reason, NotFound, Refused when it is not open."""
    if not reason.strip():
        raise Invalid("Enter the reason.", {"reason": ["Enter what you did, or what explains it."]})
    # Locked: of two who answer at once the second is told that the first did.
    one = _found(patterns.visible(tx, pattern_id, lock=True))
    if one.state != OPEN:
        raise Refused("This pattern was reviewed or withdrawn meanwhile. Read the page again.")
    actor = tx.scope.actor.id
    words = replace(one.words, reason=reason.strip())
    patterns.put(
        tx,
        replace(
            one, state=REVIEWED, finding=finding.value, reviewed_by=actor, reviewed_at=tx.now, words=words
        ),
    )
    tx.publish(
        PatternReviewed(pattern_id=pattern_id, finding=finding.value, reviewed_by=actor, reviewed_at=tx.now)
    )


def _found(one: Pattern | None) -> Pattern:
    if one is None:
        raise NotFound("There is no such pattern in your authority, or it is closed to you.")
    return one
