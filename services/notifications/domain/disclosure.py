"""A request that another authority disclose what it holds behind a pointer, as one of the two sees it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

# No law says how long an answer may take; silence is what a clock is for.
SHIPPED_DAYS, SHIPPED_REMINDER = 5, 2


@dataclass(frozen=True)
class Pace:
    """The holder's working days for an answer, and how many before the last one its people are reminded."""

    days: int = SHIPPED_DAYS
    remind: int = SHIPPED_REMINDER


def pace_of(own: Any) -> Pace:
    """The holder's own pace, else the shipped one."""
    if isinstance(own, dict):
        return Pace(**own)
    # From before there were reminders it is the days alone.
    days = own or SHIPPED_DAYS
    return Pace(days, min(SHIPPED_REMINDER, days - 1))


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
    asker searched for none. `due_on` is the last day for an answer, by the holder's rule; from `remind_on`
    the holding side is reminded of it. `asked_by` and `decided_by` are people of the own side only.
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
    remind_on: date | None = None
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    answer: Answer = field(default_factory=Answer)

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed without an answer."""
        return self.state is State.REQUESTED and self.due_on is not None and self.due_on < today

    def is_due_soon(self, today: date) -> bool:
        """Whether the holding side should answer now, before it is late."""
        if self.state is not State.REQUESTED or self.remind_on is None:
            return False
        return self.remind_on <= today and not self.is_overdue(today)
