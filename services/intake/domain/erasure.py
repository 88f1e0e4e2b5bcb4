"""Erasing a contact: one person asks with a ground, another decides; when its time has come."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.intake.domain.contact import Contact, State
from services.intake.domain.report import Report
from shared.errors import Invalid, NotAllowed, Refused

# North West regional policy 2014/2017: a contact that went no further is reviewed ten years after it ended.
SHIPPED_YEARS = 10
_YEAR = timedelta(days=365.25)


class Ground(StrEnum):
    """Why a contact is to be erased."""

    RETENTION = "retention"
    DECISION = "decision"


class Standing(StrEnum):
    """Where a request to erase stands."""

    ASKED = "asked"
    REFUSED = "refused"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """A request about one contact. Once it is done no words are left of it."""

    contact_id: str
    reference: str
    ground: Ground
    asked_by: str
    asked_at: datetime
    reason: str = ""
    state: Standing = Standing.ASKED
    decided_by: str = ""
    decided_at: datetime | None = None
    answer: str = ""


def years_of(own: Any) -> int:
    """The authority's own number of years, else the shipped one."""
    return int(own) if own else SHIPPED_YEARS


def ended_by(now: datetime, years: int) -> datetime:
    """What ended before this has been kept for so many years."""
    return now - years * _YEAR


def check_ask(contact: Contact, report: Report, ground: Ground, before: datetime) -> None:
    """Raises Refused while the contact must be kept."""
    if contact.case_id or contact.state in (State.MET, State.CASE):
        raise Refused("A case grew from this contact. It is kept as long as the records of the case.")
    if contact.state is not State.CLOSED:
        raise Refused("This contact is still open. Decide and close it first.")
    if ground is Ground.RETENTION:
        if contact.closed_at is None or contact.closed_at > before:
            raise Refused("The time for which this contact is kept has not passed.")
        # Inquiries asked all bodies to keep whatever touches the sexual abuse of children.
        if any("SEXUAL" in one.category for one in report.allegations):
            raise Refused("What touches child sexual abuse is kept, however long ago it was.")


def decide(one: Erasure, by: str, now: datetime, *, approve: bool, answer: str) -> Erasure:
    """A second person decides. Raises NotAllowed for whoever asked, Refused when it is decided already."""
    if one.state is not Standing.ASKED:
        raise Refused("This request has been decided already.")
    if one.asked_by == by:
        raise NotAllowed("Somebody else must decide: you asked for it yourself.")
    if not approve and not answer.strip():
        raise Invalid("Enter why it is kept.", {"answer": ["Enter why the contact is kept."]})
    decided = replace(one, decided_by=by, decided_at=now)
    if approve:
        return replace(decided, state=Standing.DONE, reason="", answer="")
    return replace(decided, state=Standing.REFUSED, answer=answer.strip())
