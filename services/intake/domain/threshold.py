"""The harm threshold: what an officer may decide, what a decision must say, and what follows from it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.domain.contact import Contact, State
from shared.errors import Invalid, Refused
from shared.vocabulary import Decision

REASONS_LONGEST = 10_000

# A decision is final but for "more information", which waits for the next one.
_DECIDABLE: dict[Decision, State] = {
    Decision.MET: State.MET,
    Decision.MORE_INFO: State.WAITING,
    Decision.NOT_MET_INTERNAL: State.CLOSED,
    Decision.NOT_MET_LOW_LEVEL: State.CLOSED,
    Decision.NOT_MET_COMPLAINT: State.CLOSED,
    Decision.NOT_MET_SIGNPOST: State.CLOSED,
    Decision.TRANSFER: State.TRANSFERRING,
}
MOVES: dict[State, dict[Decision, State]] = {
    State.NEW: _DECIDABLE,
    State.TAKEN: _DECIDABLE,
    State.WAITING: _DECIDABLE,
    State.TRANSFERRING: {},
    State.MET: {},
    State.CASE: {},
    State.CLOSED: {},
}

# Intake's part ends with these: the rest is casework's, the employer's or another service's.
ENDING = frozenset(Decision) - {Decision.MORE_INFO, Decision.TRANSFER}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was decided, on which harm tests, at which tier, why and by whom (a user's id)."""

    decision: Decision
    criteria: tuple[str, ...]
    tier: str
    reasons: str
    decided_by: str


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A judgement as it stands in the record: nothing of it changes any more."""

    id: str
    contact_id: str
    judgement: Judgement
    decided_at: datetime


def decide(contact: Contact, judgement: Judgement, criteria: Collection[str], now: datetime) -> Contact:
    """Apply a judgement; `criteria` are the harm tests in force today. Raises Refused or Invalid."""
    moves = MOVES[contact.state]
    if judgement.decision not in moves:
        raise Refused(
            "This contact has been decided, and a decision does not change. You can still add advice."
        )
    check(judgement, criteria)
    ended = judgement.decision in ENDING
    return replace(
        contact,
        state=moves[judgement.decision],
        decision=judgement.decision,
        # The clock asks for a first answer: asking for more information is one.
        decided_at=contact.decided_at or now,
        closed_at=now if ended and judgement.decision is not Decision.MET else None,
        owner=contact.owner or judgement.decided_by,
    )


def check(judgement: Judgement, criteria: Collection[str]) -> None:
    """Raises Invalid with a sentence per field that does not hold."""
    problems: dict[str, list[str]] = {}
    if judgement.decision is Decision.MET and not judgement.criteria:
        problems["criteria"] = ["Choose at least one of the harm tests that is met."]
    if not set(judgement.criteria) <= set(criteria):
        problems["criteria"] = ["Choose from the harm tests that your authority uses today."]
    if not judgement.reasons.strip():
        problems["reasons"] = ["Write down the reasons for the decision."]
    elif len(judgement.reasons) > REASONS_LONGEST:
        problems["reasons"] = [f"Shorten the reasons to {REASONS_LONGEST:,} characters or fewer."]
    if problems:
        raise Invalid("The decision is not complete. Correct the parts named.", problems)
