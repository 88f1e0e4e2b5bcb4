"""Meetings of a case under canonical kinds; each authority shows its own names for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.casework.domain.rules import Happening
from shared.code_words import code_words
from shared.errors import Invalid, Refused


class Kind(StrEnum):
    """What a meeting is for, whatever its local name."""

    INITIAL = "MEETING_INITIAL"
    REVIEW = "MEETING_REVIEW"
    OUTCOME = "MEETING_OUTCOME"


STOPS = {
    Kind.INITIAL: Happening.FIRST_MEETING_HELD,
    Kind.REVIEW: Happening.REVIEW_RECORDED,
    Kind.OUTCOME: Happening.OUTCOME_MEETING_HELD,
}

STANDING_ITEMS = (
    "The child’s account, wishes and welfare",
    "The adult’s welfare and who supports them",
    "Other children who may be affected",
    "Police, child protection and employment, side by side",
    "Alternatives to suspension",
    "Who must be told: regulators, barring service, placing authorities",
    "Media and publicity",
    "When and how the child learns the outcome",
)

ATTENDEE_ROLES: Mapping[str, str] = {
    "CHAIR_LADO": "Designated officer (chair)",
    "MINUTES": "Minute taker",
    "POLICE": "Police",
    "SOCIAL_WORKER": "Social worker",
    "TEAM_MANAGER": "Team manager",
    "SUPERVISING_SW": "Supervising social worker",
    "FOSTERING_MANAGER": "Fostering manager",
    "DSM_EMPLOYER": "Senior manager of the employer",
    "EMPLOYMENT_AGENCY": "Employment agency",
    "HR": "Human resources",
    "LEGAL": "Legal adviser",
    "PAEDIATRICIAN": "Paediatrician",
    "HEALTH": "Health",
    "REGULATOR": "Regulator",
    "OTHER_LA": "Other local authority",
    "PLACING_LA": "Placing authority",
    "EDUCATION_SAFEGUARDING": "Education safeguarding",
    "ADULT_SAFEGUARDING": "Adult safeguarding",
}


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One meeting. `record` is what was said and agreed; it never changes once the meeting is held."""

    id: str
    case_id: str
    kind: Kind
    starts_at: datetime
    place: str = ""
    held_at: datetime | None = None
    cancelled_at: datetime | None = None
    attended: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What became of a meeting: when it was, which roles came, what was said and agreed."""

    at: datetime
    attended: tuple[str, ...]
    record: str


def hold(meeting: Meeting, held: Held, now: datetime) -> Meeting:
    """The meeting as it was held. Raises Refused or Invalid."""
    _must_be_to_come(meeting)
    if held.at > now:
        raise Invalid(
            "The meeting is in the future.", {"held_at": ["Enter when it was held, not a time to come."]}
        )
    # An empty list is refused too: minutes that do not say who was there prove nothing.
    unknown = [role for role in held.attended if role not in ATTENDEE_ROLES]
    if unknown or not held.attended:
        raise Invalid("Say who came.", {"attended": ["Choose the roles that were at the meeting."]})
    return replace(meeting, held_at=held.at, attended=held.attended, record=held.record)


def cancel(meeting: Meeting, now: datetime) -> Meeting:
    """The meeting that will not take place. Raises Refused."""
    _must_be_to_come(meeting)
    return replace(meeting, cancelled_at=now)


def _must_be_to_come(meeting: Meeting) -> None:
    if meeting.held_at:
        raise Refused("This meeting is already recorded as held. Add a note to the chronology instead.")
    if meeting.cancelled_at:
        raise Refused("This meeting was cancelled. Schedule another one.")


def term(kind: str, terms: Mapping[str, str]) -> str:
    """The authority's own name of a kind of meeting."""
    # Never a bare code: an authority without its own name gets a plain one.
    return terms.get(kind) or code_words("meeting", kind)


def label(template: str, terms: Mapping[str, str]) -> str:
    """A rule's label with the authority's names in place of the codes in braces."""
    for kind in Kind:
        template = template.replace("{" + kind + "}", term(kind, terms))
    return template
