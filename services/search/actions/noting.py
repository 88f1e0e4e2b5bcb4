"""What happened about contacts is noted, so that a setting can be looked at over any window."""

from datetime import datetime
from typing import Any

from services.search.actions import hearing
from services.search.store.happenings import Happening, Kind
from shared.contracts.casework import CaseOpened, OutcomeCorrected, OutcomeRecorded
from shared.contracts.intake import ContactReceived
from shared.contracts.notifications import NoticeDue
from shared.store.transaction import Transaction

OPEN, CLOSED, DUE = "open", "closed", "due"


def contact(tx: Transaction[Any], event: ContactReceived) -> None:
    """It came in; what was decided about it follows."""
    hearing.note(
        tx,
        Happening(
            event.contact_id, Kind.CONTACT, event.contact_id, event.received_at, code=event.contact_type
        ),
    )


def case(tx: Transaction[Any], event: CaseOpened) -> None:
    """The threshold was met."""
    hearing.note(
        tx,
        Happening(
            event.case_id, Kind.CASE, event.contact_id, event.opened_at, case_id=event.case_id, state=OPEN
        ),
    )


def outcome(
    tx: Transaction[Any], event: OutcomeRecorded | OutcomeCorrected, contact_id: str, at: datetime
) -> None:
    """How one allegation ended; a correction replaces what was recorded."""
    hearing.note(
        tx,
        Happening(
            f"{event.case_id}/{event.allegation_id}", Kind.OUTCOME, contact_id, at,
            person_id=event.adult_id, case_id=event.case_id, code=event.category, state=event.outcome.value,
        ),
    )  # fmt: skip


def notice(tx: Transaction[Any], event: NoticeDue) -> None:
    """Somebody is to be told; comes again when its day moves, or after it was withdrawn."""
    hearing.note(
        tx,
        Happening(
            event.notice_id, Kind.NOTICE, event.contact_id, event.raised_at, person_id=event.adult_id,
            case_id=event.case_id, code=event.rule, about=event.recipient, state=DUE,
        ),
    )  # fmt: skip
