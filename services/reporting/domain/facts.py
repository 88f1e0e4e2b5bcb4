"""What reporting keeps of each contact, case, allegation, meeting, notice, match and pattern: codes, dates
and ids, no person.

A fact may arrive piece by piece and in any order between topics, so that every field but the id has a
default; a piece that is missing leaves its measures uncounted until it comes. All dates are London dates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

UNKNOWN = "UNKNOWN"


class Repeat(StrEnum):
    """Whether an adult of a contact was named before, and where."""

    NONE = "NONE"
    OWN = "OWN"
    ELSEWHERE = "ELSEWHERE"
    BOTH = "BOTH"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Anything that is kept; `id` is its owner's."""

    id: str


@dataclass(frozen=True, kw_only=True)
class Contact(Fact):
    """One approach to the officers. Several categories or sectors count once, under the first (domain: the
    primary).

    `met_on`, `case_opened_on` and `first_meeting_on` are the moments that authorities count as a referral.
    `criteria` are codes with a space between.
    """

    reference: str = ""
    received_at: datetime | None = None
    received_on: date | None = None
    respond_by: datetime | None = None
    answered_at: datetime | None = None
    employer_on_time: bool | None = None
    channel: str = UNKNOWN
    contact_type: str = UNKNOWN
    concern_time: str = UNKNOWN
    agency: str = UNKNOWN
    sector: str = UNKNOWN
    role: str = UNKNOWN
    category: str = UNKNOWN
    criteria: str = ""
    decision: str = ""
    repeat: str = Repeat.NONE
    met_on: date | None = None
    case_id: str = ""
    case_opened_on: date | None = None
    first_meeting_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Case(Fact):
    """One case. `concluded_on` is the day on which its last open allegation got an outcome."""

    contact_id: str = ""
    reference: str = ""
    received_on: date | None = None
    opened_on: date | None = None
    first_meeting_due: date | None = None
    first_meeting_on: date | None = None
    concluded_on: date | None = None
    closed_on: date | None = None
    police: bool | None = None
    serious_harm: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Allegation(Fact):
    """One allegation against one adult; `outcome` empty while it is open."""

    case_id: str = ""
    category: str = UNKNOWN
    sector: str = UNKNOWN
    outcome: str = ""
    scheme: str = ""
    outcome_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Meeting(Fact):
    """One meeting of a case; `held_on` is None while it only is in the diary."""

    case_id: str = ""
    kind: str = UNKNOWN
    starts_on: date | None = None
    held_on: date | None = None


class Standing(StrEnum):
    """Where a duty to tell stands. Advised is not sent."""

    DUE = "DUE"
    ADVISED = "ADVISED"
    UNCERTAIN = "UNCERTAIN"
    SENT = "SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


# An uncertain letter may not have left, so its duty is still open.
OPEN_STANDINGS = (Standing.DUE, Standing.ADVISED, Standing.UNCERTAIN)


@dataclass(frozen=True, kw_only=True)
class Notice(Fact):
    """One duty to tell somebody; `due_on` is None when the law names no number of days."""

    case_id: str = ""
    rule: str = UNKNOWN
    basis: str = UNKNOWN
    duty_of: str = UNKNOWN
    standing: str = Standing.DUE
    raised_on: date | None = None
    due_on: date | None = None
    sent_on: date | None = None


class Judgement(StrEnum):
    """What became of a match that search found."""

    FOUND = "FOUND"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class Match(Fact):
    """An adult of a contact who was named before, here (OWN) or in another authority (ELSEWHERE).

    `sure` is False for a match that is only possible: it counts once a person has confirmed it.
    """

    contact_id: str = ""
    place: str = Repeat.OWN
    sure: bool = False
    judgement: str = Judgement.FOUND


class Review(StrEnum):
    """What came of a pattern."""

    OPEN = "OPEN"
    ACTED = "ACTED"
    EXPLAINED = "EXPLAINED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class Pattern(Fact):
    """Concerns that search found to be a pattern; `signs` are codes with a space between."""

    kind: str = UNKNOWN
    signs: str = ""
    found_on: date | None = None
    review: str = Review.OPEN


def concluded_on(allegations: Sequence[Allegation]) -> date | None:
    """The day of the last outcome of a case; None while one of its allegations has none."""
    if not all(one.outcome for one in allegations):
        return None
    return max((one.outcome_on for one in allegations if one.outcome_on), default=None)


def places_named_before(matches: Iterable[Match]) -> set[str]:
    """Where adults of a contact were named before: matches a person confirmed, and sure ones that nobody
    rejected.
    """
    return {
        one.place
        for one in matches
        if one.judgement == Judgement.CONFIRMED or (one.sure and one.judgement == Judgement.FOUND)
    }


def repeat_of(places: set[str]) -> Repeat:
    """What the places of a contact's counted matches say together."""
    if len(places) > 1:
        return Repeat.BOTH
    return Repeat(next(iter(places))) if places else Repeat.NONE
