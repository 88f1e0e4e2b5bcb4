"""What is known of a case when rules are asked: codes, dates and yes, no or not yet known."""

from dataclasses import dataclass, field
from datetime import date, datetime

from shared.contracts.people import Allegation, Child, Person, Referrer
from shared.vocabulary import Decision, Outcome


@dataclass(frozen=True, kw_only=True)
class AllegationFacts:
    """The outcome so far of one allegation; None while it is open."""

    allegation_id: str
    adult_id: str
    category: str
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class AdultFacts:
    """What rules ask about one adult.

    `removed` includes "would or might have been removed had they not left"; how somebody left is
    therefore no fact here, and a resignation can neither raise nor close anything.
    """

    adult_id: str
    roles: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    regulated_activity: bool | None = None
    removed: bool | None = None
    removed_on: date | None = None
    harm_test: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """One snapshot. `provider_aware_at` starts the provider's clocks, never the officer's receipt."""

    case_id: str
    contact_id: str
    reference: str
    stage: str
    opened_at: datetime
    provider_aware_at: datetime | None = None
    serious_harm: bool | None = None
    police_involved: bool | None = None
    adults: tuple[AdultFacts, ...] = ()
    outcomes: tuple[AllegationFacts, ...] = ()
    closed_at: datetime | None = None

    def of(self, adult: AdultFacts) -> tuple[AllegationFacts, ...]:
        """The allegations against one adult."""
        return tuple(one for one in self.outcomes if one.adult_id == adult.adult_id)


@dataclass(frozen=True, kw_only=True)
class CaseKnown:
    """A case as letters need it: who is involved as the case was opened, and the last snapshot."""

    case_id: str
    contact_id: str
    reference: str
    opened_at: datetime
    closed_at: datetime | None = None
    adults: tuple[Person, ...] = ()
    children: tuple[Child, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    facts: CaseFacts | None = None


@dataclass(frozen=True, kw_only=True)
class ContactKnown:
    """A contact as the referrer's notice needs it. `advised_at` is when intake's written advice last went
    to them; `corrected` and `corrected_children` are its adults and children since they were put right.
    """

    contact_id: str
    reference: str
    received_at: datetime
    referrer: Referrer = field(default_factory=Referrer)
    decision: Decision | None = None
    closed_at: datetime | None = None
    advised_at: datetime | None = None
    corrected: tuple[Person, ...] = ()
    corrected_children: tuple[Child, ...] = ()
