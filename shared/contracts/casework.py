"""Facts that casework publishes."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.contracts.message import Event
from shared.contracts.people import Allegation, Child, Person
from shared.vocabulary import Outcome


@dataclass(frozen=True, kw_only=True)
class AboutCase(Event):
    """Abstract: the facts of one case share topic and key."""

    name = ""
    topic = "heed.casework.case"
    keyed_by = "case_id"
    case_id: str


@dataclass(frozen=True, kw_only=True)
class CaseOpened(AboutCase):
    """The threshold was met and a case now exists.

    Once per contact. `first_meeting_due` follows the authority's rule.
    """

    name = "case.opened"
    contact_id: str
    reference: str
    opened_at: datetime
    first_meeting_due: date
    adults: tuple[Person, ...] = ()
    children: tuple[Child, ...] = ()
    allegations: tuple[Allegation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AllegationOutcome:
    """Inside `case.facts`: the outcome so far of one allegation, None while it is open."""

    allegation_id: str
    adult_id: str
    category: str
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class AdultFacts:
    """Inside `case.facts`: what notification rules ask about one adult.

    `removed` is True when the employer withdrew permission for regulated activity, or would or might have had
    they not left; None while unknown. `harm_test` is True when the employer thinks the harm test, relevant
    conduct or a relevant offence is met (Safeguarding Vulnerable Groups Act 2006 s35).
    """

    adult_id: str
    roles: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    regulated_activity: bool | None = None
    removed: bool | None = None
    removed_on: date | None = None
    harm_test: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFacts(AboutCase):
    """The snapshot on which notification rules are pure functions. Published whenever any part of it changes.

    `provider_aware_at` is when the regulated provider knew (the clock of EYFS 3.8, reg 40 and CQC reg 18
    starts there, not at the officer's receipt). `serious_harm` and `police_involved` are None while unknown.
    """

    name = "case.facts"
    contact_id: str
    reference: str
    stage: str
    opened_at: datetime
    provider_aware_at: datetime | None = None
    serious_harm: bool | None = None
    police_involved: bool | None = None
    adults: tuple[AdultFacts, ...] = ()
    outcomes: tuple[AllegationOutcome, ...] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingScheduled(AboutCase):
    """A meeting is in the diary.

    `kind` is MEETING_INITIAL, MEETING_REVIEW or MEETING_OUTCOME, whatever its local name.
    """

    name = "meeting.scheduled"
    meeting_id: str
    kind: str
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(AboutCase):
    """The meeting took place; `due` is the date the rule had asked for, None when no clock ran on it."""

    name = "meeting.held"
    meeting_id: str
    kind: str
    held_at: datetime
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(AboutCase):
    """A meeting that was in the diary will not take place."""

    name = "meeting.cancelled"
    meeting_id: str
    kind: str
    cancelled_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutcomeRecorded(AboutCase):
    """How one allegation against one adult ended. `scheme` names the set of outcomes used (england-2023)."""

    name = "outcome.recorded"
    allegation_id: str
    adult_id: str
    category: str
    outcome: Outcome
    scheme: str
    recorded_on: datetime


@dataclass(frozen=True, kw_only=True)
class OutcomeCorrected(AboutCase):
    """The outcome recorded for one allegation was wrong: `outcome` replaces `previous` wherever it was used.

    May come after the case was closed. `case.facts` with the new outcome follows.
    """

    name = "outcome.corrected"
    allegation_id: str
    adult_id: str
    category: str
    outcome: Outcome
    previous: Outcome
    scheme: str
    corrected_on: datetime


@dataclass(frozen=True, kw_only=True)
class SafeguardChanged(AboutCase):
    """A step that keeps children safe was considered, made or ended for one adult; `safeguard` is a canonical
    code.

    `alternatives` are the codes weighed against suspension.
    """

    name = "safeguard.changed"
    adult_id: str
    safeguard: str
    step: str
    changed_at: datetime
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseRestricted(AboutCase):
    """The case is closed to some; same meaning of `only` and `never` as `contact.restricted`."""

    name = "case.restricted"
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseUnrestricted(AboutCase):
    """The case is open again to its authority's usual readers."""

    name = "case.unrestricted"


@dataclass(frozen=True, kw_only=True)
class CaseClosed(AboutCase):
    """Nothing is left to do on the case. `contact_id` lets intake and the referrer's notice follow."""

    name = "case.closed"
    contact_id: str
    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseReopened(AboutCase):
    """A closed case is at work again."""

    name = "case.reopened"
    contact_id: str
    reopened_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseHeld(AboutCase):
    """The case and the contact it grew from are under a legal hold: nothing of them is erased until it is
    lifted. The reason stays in casework.
    """

    name = "case.held"
    contact_id: str
    held_by: str
    held_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseReleased(AboutCase):
    """The legal hold of the case was lifted."""

    name = "case.released"
    contact_id: str
    released_by: str
    released_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseErased(AboutCase):
    """The case is gone, with everything that was said in it. Whoever kept any of it deletes it; intake erases
    the contact it grew from, and what was joined to that, and says so itself.
    """

    name = "case.erased"
    contact_id: str
    erased_at: datetime
