"""Duties to tell somebody, as notifications says they stand."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.code_words import code_words


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One duty.

    `duty_of` has it, `recipient` is to be told; `due_on` None means without delay or no number in law.
    """

    id: str
    case_id: str
    rule: str
    basis: str
    duty_of: str
    recipient: str
    adult_id: str
    due_on: date | None
    state: str
    state_at: datetime


STATE_WORDS = {
    "due": "To do",
    "advised": "Advised, not yet sent",
    "sent": "Sent",
    "acknowledged": "Acknowledged",
    "declined": "Decided not to send",
    "overdue": "Overdue",
    "withdrawn": "No longer needed",
    "uncertain": "Uncertain whether it was sent",
}


def body_words(code: str) -> str:
    """Who has a duty or is to be told, as a page says it."""
    return code_words("body", code.lower())
