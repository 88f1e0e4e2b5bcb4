"""Steps that keep children safe while enquiries run; suspension is never automatic and needs its
alternatives weighed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.errors import Invalid


class Step(StrEnum):
    """How far a safeguard has come. The decision to suspend is the employer's."""

    CONSIDERED = "considered"
    MADE = "made"
    ENDED = "ended"


SAFEGUARDS: Mapping[str, str] = {
    "NONE_NEEDED": "None needed",
    "SUPERVISED": "Supervised",
    "NO_LONE_WORKING": "No lone working",
    "MOVED_ROLE": "Moved to another role",
    "MOVED_SITE": "Moved to another site",
    "REMOTE_WORK": "Works remotely",
    "CHILD_MOVED": "Child moved (last resort)",
    "LEAVE": "On leave",
    "SUSPENDED": "Suspended",
    "BAIL_CONDITIONS": "Bail conditions",
    "PLACEMENT_ENDED": "Placement ended",
    "PLACEMENT_HOLD": "No new placements",
    "AGENCY_STOOD_DOWN": "Stood down by the agency",
    "REGISTRATION_SUSPENDED": "Registration suspended",
    "IT_ACCESS_REMOVED": "IT access removed",
    "VISITS_INCREASED": "More visits",
}


@dataclass(frozen=True, kw_only=True)
class Safeguard:
    """One step of one safeguard for one adult, with who decided and why."""

    id: str
    case_id: str
    adult_id: str
    code: str
    step: Step
    at: datetime
    decided_by: str = ""
    alternatives: tuple[str, ...] = ()
    reason: str = ""


def check(safeguard: Safeguard, now: datetime) -> Safeguard:
    """The safeguard when it holds. Raises Invalid."""
    if safeguard.code not in SAFEGUARDS:
        raise Invalid("Choose a safeguard.", {"code": ["Choose a safeguard from the list."]})
    if safeguard.at > now:
        raise Invalid("The date is in the future.", {"at": ["Enter today or a date in the past."]})
    # Guidance asks for the alternatives whenever suspension is weighed; lifting it needs none.
    if safeguard.code == "SUSPENDED" and safeguard.step is not Step.ENDED and not safeguard.alternatives:
        problem = "Suspension needs the alternatives that were weighed."
        raise Invalid(problem, {"alternatives": ["Choose every alternative that was considered."]})
    if not safeguard.reason.strip():
        raise Invalid("Give the reason.", {"reason": ["Enter the reason, in a sentence."]})
    return safeguard
