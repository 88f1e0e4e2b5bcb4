"""A request that another authority disclose what it holds behind a pointer, as one of the two sees it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

# No law says how long an answer may take; silence is what a clock is for.
SHIPPED_DAYS = 5


def days_of(own: Any) -> int:
    """The holder's working days for an answer, else the shipped number."""
    return int(own) if own else SHIPPED_DAYS


class Side(StrEnum):
    """Which of the two this row belongs to."""

    ASKING = "asking"
    HOLDING = "holding"


class State(StrEnum):
    """Where it stands, for both."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True)
class Asked:
    """What the asking authority says: both sides read it."""

    purpose: str
    reason: str
    extent: str


@dataclass(frozen=True)
class Answer:
    """The holder's decision: the function it serves, the harm it may do, and what is disclosed or why
    nothing is. Both sides read `words`; the considerations stay with the holder."""

    words: str = ""
    function: str = ""
    detriment: str = ""


@dataclass(frozen=True)
class Disclosure:
    """`other` is the authority at the other side; `contact_id` the own contact it is about, empty when the
    asker searched for none. `due_on` is the last day for an answer, by the holder's rule. `asked_by` and
    `decided_by` are people of the own side only.
    """

    id: str
    side: Side
    other: str
    reference: str
    contact_id: str
    state: State
    asked_at: datetime
    asked: Asked
    asked_by: str = ""
    due_on: date | None = None
    overdue_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    answer: Answer = field(default_factory=Answer)
