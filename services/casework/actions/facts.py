"""What notification rules ask about a case: recorded as it becomes known, published whole each time."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.casework.actions.chronology import tell
from services.casework.domain import case as case_rules
from services.casework.domain import safeguards as safeguard_rules
from services.casework.domain import subject as subject_rules
from services.casework.domain.case import Case, ChildsPart
from services.casework.domain.closing import Dossier
from services.casework.domain.safeguards import SAFEGUARDS, Safeguard
from services.casework.domain.subject import Answers, Subject
from services.casework.store import cases, meetings, subjects
from shared.clock import LONDON
from shared.contracts.casework import AdultFacts, AllegationOutcome, CaseFacts, SafeguardChanged
from shared.errors import Invalid, NotFound
from shared.store.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class CaseAnswers:
    """What became known about the case itself; None means still unknown."""

    provider_aware_at: datetime | None = None
    serious_harm: bool | None = None
    police_involved: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Support:
    """How the adult is looked after: when they were told, and who supports them or why nobody does."""

    told_on: date | None = None
    support: str = ""
    no_support_reason: str = ""


def publish(tx: Transaction, dossier: Dossier) -> None:
    """The snapshot of a case on which notification rules work."""
    case = dossier.case
    tx.publish(
        CaseFacts(
            case_id=case.id,
            contact_id=case.contact_id,
            reference=case.reference,
            stage=case.stage.value,
            opened_at=case.opened_at,
            provider_aware_at=case.provider_aware_at,
            serious_harm=case.serious_harm,
            police_involved=case.police_involved,
            adults=tuple(map(_adult, dossier.subjects)),
            outcomes=_outcomes(dossier),
            closed_at=case.closed_at,
        )
    )


def _adult(subject: Subject) -> AdultFacts:
    return AdultFacts(
        adult_id=subject.id,
        roles=subject.roles,
        sectors=subject.sectors,
        regulated_activity=subject.regulated_activity,
        removed=subject.removed,
        removed_on=subject.removed_on,
        harm_test=subject.harm_test,
    )


def _outcomes(dossier: Dossier) -> tuple[AllegationOutcome, ...]:
    return tuple(
        AllegationOutcome(
            allegation_id=one.id, adult_id=one.adult_id, category=one.category, outcome=one.outcome
        )
        for one in dossier.allegations
    )


def read(tx: Transaction, case_id: str, version: int | None) -> Dossier:
    """The case to be changed, as the page showed it.

    Raises NotFound, Conflict, or Refused when it is closed.
    """
    dossier = cases.take(tx, case_id)
    case_rules.expect(dossier.case, version)
    case_rules.must_be_open(dossier.case)
    return dossier


def record_facts(tx: Transaction, case_id: str, answers: CaseAnswers, version: int | None = None) -> Case:
    """Keep what became known about the case: when the provider knew, serious harm, police."""
    dossier = read(tx, case_id, version)
    if answers.provider_aware_at and answers.provider_aware_at > tx.now:
        raise Invalid(
            "The date is in the future.", {"provider_aware_at": ["Enter a date and time in the past."]}
        )
    case = replace(
        dossier.case,
        provider_aware_at=answers.provider_aware_at,
        serious_harm=answers.serious_harm,
        police_involved=answers.police_involved,
    )
    return _keep(tx, replace(dossier, case=case), "Facts of the case recorded")


def record_adult_facts(
    tx: Transaction, case_id: str, adult_id: str, answers: Answers, version: int | None = None
) -> Case:
    """Keep the answers about removal, the harm test and regulated activity of one adult."""
    dossier = read(tx, case_id, version)
    today = tx.now.astimezone(LONDON).date()
    # Dates of the work are London's: an entry after midnight in summer is not yesterday's.
    changed = subject_rules.answer(the_adult(dossier, adult_id), answers, today)
    subjects.save(tx, changed)
    return _keep(tx, with_subject(dossier, changed), "Facts about the adult recorded")


def record_support(
    tx: Transaction, case_id: str, adult_id: str, support: Support, version: int | None = None
) -> Case:
    """Keep when the adult was told and who supports them."""
    dossier = read(tx, case_id, version)
    changed = replace(
        the_adult(dossier, adult_id),
        told_on=support.told_on,
        support=support.support,
        no_support_reason=support.no_support_reason,
    )
    subjects.save(tx, changed)
    tell(tx, case_id, "Support of the adult recorded", words=support.support or support.no_support_reason)
    return cases.save(tx, dossier.case)


def record_childs_part(tx: Transaction, case_id: str, part: ChildsPart, version: int | None = None) -> Case:
    """Keep the child's own account and how they learn the outcome, or the reasons why not."""
    dossier = read(tx, case_id, version)
    if part.told_on and part.told_on > tx.now.astimezone(LONDON).date():
        raise Invalid("The date is in the future.", {"told_on": ["Enter today or a date in the past."]})
    tell(tx, case_id, "The child’s part recorded")
    return cases.save(tx, replace(dossier.case, childs_part=part))


def record_safeguard(tx: Transaction, made: Safeguard, version: int | None = None) -> Case:
    """Keep one step of a safeguard and tell the other services."""
    dossier = read(tx, made.case_id, version)
    # Refuses an adult of another case before anything is kept.
    the_adult(dossier, made.adult_id)
    meetings.add_safeguard(tx, safeguard_rules.check(made, tx.now))
    title = f"Safeguard {made.step.value}: {SAFEGUARDS[made.code].lower()}"
    tell(tx, made.case_id, title, words=made.reason, at=made.at)
    tx.publish(
        SafeguardChanged(
            case_id=made.case_id,
            adult_id=made.adult_id,
            safeguard=made.code,
            step=made.step.value,
            changed_at=made.at,
            alternatives=made.alternatives,
        )
    )
    return cases.save(tx, dossier.case)


def the_adult(dossier: Dossier, adult_id: str) -> Subject:
    """One adult of the case. Raises NotFound."""
    found = dossier.subject(adult_id)
    if found is None:
        raise NotFound("There is no such adult on this case. Open the case again.")
    return found


def with_subject(dossier: Dossier, changed: Subject) -> Dossier:
    """The dossier with one adult replaced."""
    others = (changed if one.id == changed.id else one for one in dossier.subjects)
    return replace(dossier, subjects=tuple(others))


def _keep(tx: Transaction, dossier: Dossier, title: str) -> Case:
    saved = cases.save(tx, dossier.case)
    publish(tx, replace(dossier, case=saved))
    tell(tx, saved.id, title)
    return saved
