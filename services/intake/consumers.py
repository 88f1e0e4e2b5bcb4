"""What intake hears, and the action each fact triggers."""

from services.intake.actions import cases, erasing
from services.intake.domain.concern import OwnEarlier, PriorConcern, Standing
from services.intake.domain.pattern import REVIEWED, WITHDRAWN, Pattern
from shared.contracts.casework import CaseClosed, CaseErased, CaseHeld, CaseOpened, CaseReleased
from shared.contracts.findings import OwnRecord
from shared.contracts.search import (
    ContactChecked,
    LinkConfirmed,
    LinkRejected,
    LinkUnsure,
    MatchFound,
    MatchWithdrawn,
    PatternFound,
    PatternReviewed,
    PatternWithdrawn,
)
from shared.service import Subscriptions
from shared.store.transaction import Transaction

# Restrictions, configuration and sessions are not here: the kernel keeps those replicas for every service.
subscriptions = Subscriptions()


@subscriptions.on(MatchFound)
def note_match(tx: Transaction, event: MatchFound) -> None:
    """The contact page shows it first."""
    concern = PriorConcern(
        match_id=event.match_id,
        contact_id=event.contact_id,
        person_id=event.person_id,
        found_at=event.found_at,
        own=_own(event.own) if event.own else None,
        pointer=event.pointer,
    )
    cases.note_prior_concern(tx, concern)


@subscriptions.on(ContactChecked)
def note_check(tx: Transaction, event: ContactChecked) -> None:
    """The contact page may say that nothing is known."""
    cases.note_check(tx, event.contact_id, event.checked_at)


@subscriptions.on(MatchWithdrawn)
def withdraw_match(tx: Transaction, event: MatchWithdrawn) -> None:
    """It no longer holds."""
    cases.forget_prior_concern(tx, event.match_id)


@subscriptions.on(LinkConfirmed)
def confirm_match(tx: Transaction, event: LinkConfirmed) -> None:
    """Somebody judged it to be the same adult."""
    cases.judge_prior_concern(tx, event.match_id, Standing.CONFIRMED, event.judged_by, event.judged_at)


@subscriptions.on(LinkRejected)
def reject_match(tx: Transaction, event: LinkRejected) -> None:
    """Somebody judged it to be another adult."""
    cases.judge_prior_concern(tx, event.match_id, Standing.REJECTED, event.judged_by, event.judged_at)


@subscriptions.on(LinkUnsure)
def reopen_match(tx: Transaction, event: LinkUnsure) -> None:
    """Somebody cannot tell; it counts as not judged."""
    cases.judge_prior_concern(tx, event.match_id, Standing.OPEN, event.judged_by, event.judged_at)


@subscriptions.on(PatternFound)
def note_pattern(tx: Transaction, event: PatternFound) -> None:
    """The pages of its contacts tell of it."""
    one = Pattern(
        pattern_id=event.pattern_id,
        reference=event.reference,
        kind=event.kind,
        signs=tuple(ground.sign for ground in event.grounds),
        needs=event.needs,
        found_at=event.found_at,
    )
    cases.note_pattern(tx, one, event.contact_ids)


@subscriptions.on(PatternReviewed)
def review_pattern(tx: Transaction, event: PatternReviewed) -> None:
    """The pages say what came of it."""
    cases.move_pattern(tx, event.pattern_id, REVIEWED, event.finding)


@subscriptions.on(PatternWithdrawn)
def withdraw_pattern(tx: Transaction, event: PatternWithdrawn) -> None:
    """It is a pattern no longer."""
    cases.move_pattern(tx, event.pattern_id, WITHDRAWN)


@subscriptions.on(CaseOpened)
def follow_case(tx: Transaction, event: CaseOpened) -> None:
    """The contact leads to its case."""
    cases.follow_case(tx, event.contact_id, event.case_id)


@subscriptions.on(CaseClosed)
def end_with_case(tx: Transaction, event: CaseClosed) -> None:
    """The contact has ended with its case."""
    cases.end_with_case(tx, event.contact_id, event.case_id, event.closed_at)


@subscriptions.on(CaseHeld)
def hold_with_case(tx: Transaction, event: CaseHeld) -> None:
    """The contact is held with its case."""
    erasing.follow_hold(tx, event)


@subscriptions.on(CaseReleased)
def release_with_case(tx: Transaction, event: CaseReleased) -> None:
    """Nothing holds it any more."""
    erasing.follow_release(tx, event.contact_id)


@subscriptions.on(CaseErased)
def erase_with_case(tx: Transaction, event: CaseErased) -> None:
    """The contact goes with its case."""
    erasing.erase_with_case(tx, event.contact_id)


def _own(record: OwnRecord) -> OwnEarlier:
    return OwnEarlier(
        contact_id=record.contact_id,
        band=record.band,
        last_activity=record.last_activity,
        reasons=tuple(line.words for line in record.evidence),
        flags=record.flags,
    )
