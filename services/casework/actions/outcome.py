"""How allegations end, and how a recorded outcome is put right."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.casework.actions import facts, timing
from services.casework.actions.chronology import tell
from services.casework.domain import allegation as allegation_rules
from services.casework.domain import case as case_rules
from services.casework.domain import outcomes as outcome_rules
from services.casework.domain.allegation import Allegation, Ending
from services.casework.domain.closing import Dossier
from services.casework.domain.course import Happened
from services.casework.domain.outcomes import Scheme, Verdict
from services.casework.domain.rules import Happening
from services.casework.store import allegations, cases
from shared import replicas
from shared.clock import LONDON
from shared.contracts.casework import OutcomeCorrected, OutcomeRecorded
from shared.errors import NotFound
from shared.store.transaction import Transaction

SCHEME = "outcome_scheme"


def record_outcome(
    tx: Transaction, case_id: str, allegation_id: str, verdict: Verdict, version: int | None = None
) -> Allegation:
    """Record the one outcome of one allegation; with the last one the case is concluded."""
    dossier = facts.read(tx, case_id, version)
    scheme = scheme_of(tx)
    allegation = allegation_rules.conclude(
        the_allegation(dossier, allegation_id), _ending(tx, verdict, scheme)
    )
    allegations.save(tx, allegation)
    dossier = _with(dossier, allegation)
    tell(tx, case_id, f"Outcome recorded: {scheme.label(verdict.outcome)}", words=verdict.reasons)
    tx.publish(
        OutcomeRecorded(
            case_id=case_id,
            allegation_id=allegation_id,
            adult_id=allegation.adult_id,
            category=allegation.category,
            outcome=verdict.outcome,
            scheme=scheme.id,
            recorded_on=tx.now,
        )
    )
    _conclude(tx, dossier)
    return allegation


def correct_outcome(
    tx: Transaction, case_id: str, allegation_id: str, verdict: Verdict, version: int | None = None
) -> Allegation:
    """Replace a recorded outcome by the right one, with the reasons; also on a closed case."""
    # Not refused on a closed case: a wrong outcome must be put right whenever it is found.
    dossier = cases.take(tx, case_id)
    case_rules.expect(dossier.case, version)
    before = the_allegation(dossier, allegation_id)
    scheme = scheme_of(tx)
    allegation = allegation_rules.correct(before, _ending(tx, verdict, scheme))
    assert before.ending is not None  # noqa: S101  correct() refuses an allegation without an outcome
    allegations.save(tx, allegation)
    title = f"Outcome corrected: {scheme.label(before.ending.outcome)} became {scheme.label(verdict.outcome)}"
    tell(tx, case_id, title, words=verdict.reasons)
    tx.publish(
        OutcomeCorrected(
            case_id=case_id,
            allegation_id=allegation_id,
            adult_id=allegation.adult_id,
            category=allegation.category,
            outcome=verdict.outcome,
            previous=before.ending.outcome,
            scheme=scheme.id,
            corrected_on=tx.now,
        )
    )
    saved = cases.save(tx, dossier.case)
    facts.publish(tx, replace(_with(dossier, allegation), case=saved))
    return allegation


def scheme_of(tx: Transaction, at: datetime | None = None) -> Scheme:
    """The set of outcomes in force at `tx.now`, or `at` another moment."""
    moment = at or tx.now
    own = replicas.configuration(tx, SCHEME, moment)
    return outcome_rules.scheme_on(moment.astimezone(LONDON).date(), own)


def outcome_words(tx: Transaction, allegations: Iterable[Allegation]) -> dict[str, str]:
    """How each of these ended, by id, in the words of the day on which it was recorded."""
    return {
        one.id: scheme_of(tx, one.ending.recorded_at).label(one.ending.outcome)
        for one in allegations
        if one.ending
    }


def _ending(tx: Transaction, verdict: Verdict, scheme: Scheme) -> Ending:
    settled = outcome_rules.settle(verdict, scheme)
    return allegation_rules.ending(settled, scheme.id, tx.now, tx.scope.actor.id)


def the_allegation(dossier: Dossier, allegation_id: str) -> Allegation:
    """One allegation of the case. Raises NotFound."""
    found = dossier.allegation(allegation_id)
    if found is None:
        raise NotFound("There is no such allegation on this case. Open the case again.")
    return found


def _with(dossier: Dossier, changed: Allegation) -> Dossier:
    others = (changed if one.id == changed.id else one for one in dossier.allegations)
    return replace(dossier, allegations=tuple(others))


def _conclude(tx: Transaction, dossier: Dossier) -> None:
    case = dossier.case
    if dossier.is_concluded:
        case = case_rules.all_concluded(case, tx.now)
        timing.follow(tx, case.id, Happened(Happening.OUTCOME_AGREED, tx.now))
    facts.publish(tx, replace(dossier, case=cases.save(tx, case)))
