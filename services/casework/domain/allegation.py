"""One allegation against one adult, and its one outcome."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.casework.domain.outcomes import Evidence, Verdict
from shared.contracts.people import Allegation as AsTold
from shared.errors import Refused
from shared.vocabulary import Outcome


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an allegation ended, in which scheme of outcomes, on which evidence, and why.

    `differs_because` is the officer's answer to the challenge when the choice is not the one the evidence
    points to.
    """

    outcome: Outcome
    scheme: str
    evidence: Evidence
    reasons: str
    recorded_at: datetime
    recorded_by: str
    differs_because: str = ""


@dataclass(frozen=True, kw_only=True)
class Allegation:
    """What is said to have happened, as told, and how it ended."""

    id: str
    case_id: str
    told: AsTold
    ending: Ending | None = None

    @property
    def adult_id(self) -> str:
        """Whom it is about."""
        return self.told.adult_id

    @property
    def category(self) -> str:
        """Canonical code of the kind of harm."""
        return self.told.category

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, None while it is open."""
        return self.ending.outcome if self.ending else None


def ending(verdict: Verdict, scheme: str, at: datetime, by: str) -> Ending:
    """What is kept of a verdict."""
    return Ending(
        outcome=verdict.outcome,
        scheme=scheme,
        evidence=verdict.evidence,
        reasons=verdict.reasons,
        differs_because=verdict.because,
        recorded_at=at,
        recorded_by=by,
    )


def conclude(allegation: Allegation, found: Ending) -> Allegation:
    """The allegation with its one outcome.

    Raises Refused when it has one: that is corrected, not recorded again.
    """
    # Figures count outcomes: a second one in silence would be counted twice or lost.
    if allegation.ending:
        raise Refused(
            "This allegation already has an outcome. Correct the recorded outcome instead, with the reason."
        )
    return replace(allegation, ending=found)


def correct(allegation: Allegation, found: Ending) -> Allegation:
    """The allegation with another outcome than was recorded.

    Raises Refused when there is nothing to correct.
    """
    if allegation.ending is None:
        raise Refused("This allegation has no outcome yet. Record its outcome first.")
    if allegation.ending.outcome is found.outcome:
        raise Refused("That is the outcome already recorded. Choose the outcome it should have been.")
    return replace(allegation, ending=found)
