"""The course of invented cases: first meeting, facts, outcome, closing, each at its own past moment.

A case's course follows from its reference. Moments that have not come yet are left to the people who try the
demo.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.casework.actions.closure import close_case
from services.casework.actions.facts import (
    CaseAnswers,
    Support,
    record_adult_facts,
    record_childs_part,
    record_facts,
    record_support,
)
from services.casework.actions.meeting import Plan, hold_meeting, schedule_meeting
from services.casework.actions.outcome import record_outcome
from services.casework.domain.case import ChildsPart
from services.casework.domain.meetings import Held, Kind
from services.casework.domain.outcomes import Evidence, Verdict
from services.casework.domain.subject import Answers
from services.casework.store import cases, listing
from shared import replicas
from shared.service import Stage
from shared.store.transaction import Transaction
from shared.vocabulary import Outcome

TURN = 60
_NO_MEETING_YET = timedelta(hours=20)
_OUTCOMES = {
    Outcome.SUBSTANTIATED: 30,
    Outcome.UNSUBSTANTIATED: 38,
    Outcome.UNFOUNDED: 17,
    Outcome.FALSE: 11,
    Outcome.MALICIOUS: 4,
}
_EVIDENCE = {
    Outcome.SUBSTANTIATED: Evidence(proved=True, disproved=False),
    Outcome.UNSUBSTANTIATED: Evidence(proved=False, disproved=False),
    Outcome.UNFOUNDED: Evidence(proved=False, disproved=False, basis=False),
    Outcome.FALSE: Evidence(proved=False, disproved=True, deceit=False),
    Outcome.MALICIOUS: Evidence(proved=False, disproved=True, deceit=True),
}
_RECORD = "The facts known so far were shared. The employer makes enquiries; the child is offered support."
_REASONS = "The accounts, the setting's records and the employer's report were weighed against each other."


@dataclass(frozen=True)
class Course:
    """When each step of a case happens, and how it ends."""

    met: datetime
    outcome: datetime
    closed: datetime
    ending: Outcome
    removed: bool
    late: bool


def course(reference: str, opened_at: datetime) -> Course:
    """The whole course of a case."""
    chance = random.Random(f"course/{reference}")
    late = chance.random() < 0.14
    met = _at_work(opened_at + timedelta(days=chance.randint(8, 14) if late else chance.randint(1, 5)))
    outcome = _at_work(met + timedelta(days=chance.choice((9, 14, 19, 24, 27, 34, 48, 75, 110, 190))))
    ending = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    removed = ending is Outcome.SUBSTANTIATED and chance.random() < 0.5
    closed = _at_work(outcome + timedelta(days=chance.randint(2, 16)))
    return Course(met, outcome, closed, ending, removed, late)


def _at_work(moment: datetime) -> datetime:
    """Moved to the next weekday, in the late morning."""
    while moment.weekday() >= 5:
        moment += timedelta(days=1)
    return moment.replace(hour=11, minute=0, second=0, microsecond=0)


def rehearse(stage: Stage) -> int:
    """Play the course of up to `TURN` more cases in each authority. Returns how many acts were played."""
    with stage.transaction("", stage.now) as tx:
        codes = [one.code for one in replicas.authorities(tx)]
    return sum(_authority(stage, code) for code in codes)


def _authority(stage: Stage, authority: str) -> int:
    with stage.transaction(authority, stage.now) as tx:
        found = listing.list_unplayed(tx, before=stage.now - _NO_MEETING_YET, limit=TURN)
    return sum(_play(stage, authority, case_id, owner) for case_id, owner in found)


def _play(stage: Stage, authority: str, case_id: str, owner: str) -> int:
    with stage.transaction(authority, stage.now) as tx:
        case = cases.get(tx, case_id).case
    plan = course(case.reference, case.opened_at)
    acts = 0
    for moment, act in ((plan.met, _meet), (plan.outcome, _conclude), (plan.closed, _close)):
        if moment >= stage.now:
            break
        with stage.transaction(authority, moment, owner) as tx:
            act(tx, case_id, plan)
        acts += 1
    return acts


def _meet(tx: Transaction, case_id: str, plan: Course) -> None:
    meeting = schedule_meeting(tx, case_id, Plan(kind=Kind.INITIAL, starts_at=tx.now, place="By video"))
    attended = ("CHAIR_LADO", "DSM_EMPLOYER", "POLICE", "SOCIAL_WORKER")
    hold_meeting(tx, case_id, meeting.id, Held(at=tx.now, attended=attended, record=_RECORD))
    dossier = cases.get(tx, case_id)
    serious = plan.ending is Outcome.SUBSTANTIATED
    record_facts(
        tx,
        case_id,
        CaseAnswers(
            provider_aware_at=dossier.case.provider_aware_at,
            serious_harm=serious,
            police_involved=serious,
        ),
    )
    for subject in dossier.subjects:
        record_adult_facts(
            tx, case_id, subject.id, Answers(regulated_activity=True, harm_test=plan.removed or None)
        )


def _conclude(tx: Transaction, case_id: str, plan: Course) -> None:
    dossier = cases.get(tx, case_id)
    for allegation in dossier.allegations:
        verdict = Verdict(outcome=plan.ending, evidence=_EVIDENCE[plan.ending], reasons=_REASONS)
        record_outcome(tx, case_id, allegation.id, verdict)
    for subject in dossier.subjects:
        record_support(tx, case_id, subject.id, Support(told_on=tx.now.date(), support="Occupational health"))
        if plan.removed:
            answers = Answers(regulated_activity=True, removed=True, removed_on=tx.now.date(), harm_test=True)
            record_adult_facts(tx, case_id, subject.id, answers)
    told = ChildsPart(
        voice="The child spoke with their social worker.",
        told_on=tx.now.date(),
        told_how="At home, by a parent",
    )
    record_childs_part(tx, case_id, told)


def _close(tx: Transaction, case_id: str, plan: Course) -> None:  # noqa: ARG001  every step has the same shape
    close_case(tx, case_id)
