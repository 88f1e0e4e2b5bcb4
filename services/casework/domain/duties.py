"""Duties to tell somebody, as notifications says they stand."""

from dataclasses import dataclass
from datetime import date, datetime


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
