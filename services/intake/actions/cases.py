"""What casework's and search's facts change here."""

from datetime import datetime

from services.intake.domain import contact as domain
from services.intake.domain.concern import PriorConcern, Standing
from services.intake.domain.pattern import Pattern
from services.intake.store import concerns, contacts, patterns
from shared.store.transaction import Transaction


# Nothing is raised for a contact that is not here: it may have been erased since.
def follow_case(tx: Transaction, contact_id: str, case_id: str) -> None:
    """A case was opened from the contact."""
    if one := contacts.find(tx, contact_id):
        contacts.save(tx, domain.case_opened(one, case_id))


def end_with_case(tx: Transaction, contact_id: str, case_id: str, closed_at: datetime) -> None:
    """The contact's case was closed."""
    if one := contacts.find(tx, contact_id):
        contacts.save(tx, domain.case_closed(one, case_id, closed_at))


def note_check(tx: Transaction, contact_id: str, checked_at: datetime) -> None:
    """Search has looked for every adult of a contact."""
    contacts.note_check(tx, contact_id, checked_at)


def note_prior_concern(tx: Transaction, concern: PriorConcern) -> None:
    """Search found that an adult of a contact was named before."""
    concerns.keep(tx, concern)


def judge_prior_concern(tx: Transaction, match_id: str, standing: Standing, by: str, at: datetime) -> None:
    """Somebody judged whether it is the same adult."""
    concerns.judge(tx, match_id, standing, by, at)


def forget_prior_concern(tx: Transaction, match_id: str) -> None:
    """Search took it back: the other record is of somebody else, or is erased."""
    concerns.forget(tx, match_id)


def note_pattern(tx: Transaction, one: Pattern, contact_ids: tuple[str, ...]) -> None:
    """Search found a pattern among contacts, or it grew."""
    patterns.keep(tx, one, contact_ids)


def move_pattern(tx: Transaction, pattern_id: str, state: str, finding: str = "") -> None:
    """Somebody reviewed a pattern, or search took it back."""
    patterns.move(tx, pattern_id, state, finding)
