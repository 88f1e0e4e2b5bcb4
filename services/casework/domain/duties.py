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

# Bodies go by their full names: an abbreviation on a page is a question to whoever reads it first.
_BODIES = {
    "cqc": "Care Quality Commission",
    "dbs": "Disclosure and Barring Service",
    "gmc": "General Medical Council",
    "hcpc": "Health and Care Professions Council",
    "lado": "designated officer",
    "nmc": "Nursing and Midwifery Council",
    "swe": "Social Work England",
    "tra": "Teaching Regulation Agency",
}


def body_words(code: str) -> str:
    """Who has a duty or is to be told, as a page says it: `ofsted_early_years` is `Ofsted early years`."""
    known = _BODIES.get(code.lower())
    words = known or code.replace("_", " ").lower()
    return words[:1].upper() + words[1:]
