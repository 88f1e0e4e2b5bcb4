"""When a contact may be erased: its time has come or it was decided, and nothing keeps it."""

from datetime import datetime, timedelta
from typing import Any

from services.intake.domain.contact import Contact, State
from services.intake.domain.report import Report
from shared.errors import Refused
from shared.keeping.erasure import Ground

# North West regional policy 2014/2017: a contact that went no further is reviewed ten years after it ended.
SHIPPED_YEARS = 10
_YEAR = timedelta(days=365.25)


def years_of(own: Any) -> int:
    """The authority's own number of years, else the shipped one."""
    return int(own) if own else SHIPPED_YEARS


def ended_by(now: datetime, years: int) -> datetime:
    """What ended before this has been kept for so many years."""
    return now - years * _YEAR


def check_ask(contact: Contact, report: Report, ground: Ground, before: datetime, *, held: bool) -> None:
    """Raises Refused while the contact must be kept."""
    if contact.case_id or contact.state in (State.MET, State.CASE):
        raise Refused("A case grew from this contact. It is erased with the case; ask for it there.")
    if contact.merged_into:
        raise Refused("This report is joined to another. It is erased with that one; or part them first.")
    if held:
        raise Refused("This contact is under a legal hold: it is kept until a manager lifts the hold.")
    if contact.state is not State.CLOSED:
        raise Refused("This contact is still open. Decide and close it first.")
    if ground is Ground.RETENTION:
        if contact.closed_at is None or contact.closed_at > before:
            raise Refused("The time for which this contact is kept has not passed.")
        # Inquiries asked all bodies to keep whatever touches the sexual abuse of children.
        if any("SEXUAL" in one.category for one in report.allegations):
            raise Refused("What touches child sexual abuse is kept, however long ago it was.")
