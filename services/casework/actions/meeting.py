"""The diary of a case: meetings scheduled, held or not needed, and reviews."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.casework.actions import facts, timing
from services.casework.actions.chronology import tell
from services.casework.domain import case as case_rules
from services.casework.domain import meetings as meeting_rules
from services.casework.domain.closing import Dossier
from services.casework.domain.course import Happened
from services.casework.domain.meetings import Held, Kind, Meeting, term
from services.casework.domain.rules import Happening, delay_reasons
from services.casework.store import cases, meetings
from services.casework.store import clocks as clock_store
from shared import replicas
from shared.clock import new_id
from shared.contracts.casework import MeetingCancelled, MeetingHeld, MeetingScheduled
from shared.errors import Invalid, NotFound
from shared.store.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A meeting to come. `starts_at` may lie in the past when a meeting is written down afterwards."""

    kind: Kind
    starts_at: datetime
    place: str = ""


def schedule_meeting(tx: Transaction, case_id: str, plan: Plan, version: int | None = None) -> Meeting:
    """Put a meeting in the diary."""
    dossier = facts.read(tx, case_id, version)
    meeting = Meeting(
        id=new_id(), case_id=case_id, kind=plan.kind, starts_at=plan.starts_at, place=plan.place
    )
    meetings.save(tx, meeting)
    # Saved for its version: the same form sent twice must not make two meetings.
    cases.save(tx, dossier.case)
    tell(tx, case_id, f"{_name(tx, plan.kind)} scheduled", words=f"For {plan.starts_at:%d %B %Y}.")
    tx.publish(
        MeetingScheduled(
            case_id=case_id, meeting_id=meeting.id, kind=plan.kind.value, starts_at=plan.starts_at
        )
    )
    return meeting


def hold_meeting(
    tx: Transaction, case_id: str, meeting_id: str, held: Held, version: int | None = None
) -> Meeting:
    """Record that a meeting took place: clocks follow, and the first one begins the enquiries."""
    dossier = facts.read(tx, case_id, version)
    meeting = meeting_rules.hold(the_meeting(dossier, meeting_id), held, tx.now)
    # Read before the clocks follow, or the one that asked for this meeting has already stopped.
    due = _due(tx, meeting)
    meetings.save(tx, meeting)
    timing.follow(tx, case_id, Happened(meeting_rules.STOPS[meeting.kind], held.at))
    case = case_rules.first_meeting_held(dossier.case) if meeting.kind is Kind.INITIAL else dossier.case
    saved = cases.save(tx, case)
    tell(tx, case_id, f"{_name(tx, meeting.kind)} held", words=held.record, at=held.at)
    tx.publish(
        MeetingHeld(case_id=case_id, meeting_id=meeting_id, kind=meeting.kind.value, held_at=held.at, due=due)
    )
    facts.publish(tx, replace(dossier, case=saved))
    return meeting


def cancel_meeting(
    tx: Transaction, case_id: str, meeting_id: str, reason: str, version: int | None = None
) -> Meeting:
    """Say that a meeting will not take place; clocks that ask for one run on."""
    dossier = facts.read(tx, case_id, version)
    if not reason.strip():
        raise Invalid("Give the reason.", {"reason": ["Enter why the meeting is cancelled."]})
    meeting = meeting_rules.cancel(the_meeting(dossier, meeting_id), tx.now)
    meetings.save(tx, meeting)
    cases.save(tx, dossier.case)
    tell(tx, case_id, f"{_name(tx, meeting.kind)} cancelled", words=reason)
    tx.publish(
        MeetingCancelled(case_id=case_id, meeting_id=meeting_id, kind=meeting.kind.value, cancelled_at=tx.now)
    )
    return meeting


def the_meeting(dossier: Dossier, meeting_id: str) -> Meeting:
    """One meeting of the case. Raises NotFound."""
    found = next((one for one in dossier.meetings if one.id == meeting_id), None)
    if found is None:
        raise NotFound("There is no such meeting on this case. Open the case again.")
    return found


def _due(tx: Transaction, meeting: Meeting) -> date | None:
    stop = meeting_rules.STOPS[meeting.kind]
    asked = [
        one for one in clock_store.of_case(tx, meeting.case_id) if one.is_running and one.rule.stop is stop
    ]
    return min((one.due_on for one in asked), default=None)


def waive_first_meeting(tx: Transaction, case_id: str, reason: str, version: int | None = None) -> None:
    """Say why no first meeting is held; its clock is called off."""
    dossier = facts.read(tx, case_id, version)
    if not reason.strip():
        raise Invalid("Give the reason.", {"reason": ["Enter why no first meeting is held."]})
    timing.follow(tx, case_id, Happened(Happening.FIRST_MEETING_WAIVED, tx.now))
    cases.save(tx, replace(dossier.case, no_meeting_reason=reason))
    tell(tx, case_id, f"{_name(tx, Kind.INITIAL)} not held", words=reason)


def record_review(tx: Transaction, case_id: str, reason: str, words: str, version: int | None = None) -> None:
    """A review of a case that takes long, without a meeting: the reason for the delay is its content."""
    dossier = facts.read(tx, case_id, version)
    if reason not in delay_reasons():
        raise Invalid("Choose the reason for the delay.", {"reason": ["Choose a reason from the list."]})
    timing.follow(tx, case_id, Happened(Happening.REVIEW_RECORDED, tx.now))
    cases.save(tx, dossier.case)
    tell(tx, case_id, f"Reviewed; the delay is due to: {delay_reasons()[reason].lower()}", words=words)


def _name(tx: Transaction, kind: Kind) -> str:
    return term(kind, replicas.authority(tx, tx.authority).terms)
