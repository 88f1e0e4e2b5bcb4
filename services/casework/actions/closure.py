"""Closing a case, reopening it, and closing it to some people."""

from dataclasses import dataclass, replace

from services.casework.actions import facts, timing
from services.casework.actions.chronology import tell
from services.casework.domain import case as case_rules
from services.casework.domain.case import Case
from services.casework.domain.closing import unmet
from services.casework.domain.course import Happened
from services.casework.domain.rules import Happening
from services.casework.store import cases
from shared import replicas
from shared.contracts.casework import CaseClosed, CaseReopened, CaseRestricted, CaseUnrestricted
from shared.errors import Invalid
from shared.store.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """To whom a case is closed: `only` these may see it, or `never` these (conflict of interest), and why."""

    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    reason: str = ""


def close_case(tx: Transaction, case_id: str, version: int | None = None) -> Case:
    """End the work once every closing check holds."""
    dossier = facts.read(tx, case_id, version)
    case = case_rules.close(dossier.case, tx.now, len(unmet(dossier)))
    timing.follow(tx, case_id, Happened(Happening.CASE_CLOSED, tx.now))
    saved = cases.save(tx, case)
    tell(tx, case_id, "Case closed")
    tx.publish(CaseClosed(case_id=case_id, contact_id=case.contact_id, closed_at=tx.now))
    facts.publish(tx, replace(dossier, case=saved))
    return saved


def reopen_case(tx: Transaction, case_id: str, reason: str, version: int | None = None) -> Case:
    """Put a closed case back to work, with the reason."""
    dossier = cases.take(tx, case_id)
    case_rules.expect(dossier.case, version)
    if not reason.strip():
        raise Invalid("Give the reason.", {"reason": ["Enter why the case is reopened."]})
    saved = cases.save(tx, case_rules.reopen(dossier.case))
    tell(tx, case_id, "Case reopened", words=reason)
    tx.publish(CaseReopened(case_id=case_id, contact_id=saved.contact_id, reopened_at=tx.now))
    facts.publish(tx, replace(dossier, case=saved))
    return saved


def restrict_case(tx: Transaction, case_id: str, barrier: Barrier) -> None:
    """Close the case to some, at once here and everywhere else as the fact arrives.

    Naming nobody opens it again.
    """
    # Who cannot see the case cannot change who sees it either.
    cases.take(tx, case_id)
    if not barrier.reason.strip():
        raise Invalid("Give the reason.", {"reason": ["Enter why access changes."]})
    tell(tx, case_id, "Access to the case changed", words=barrier.reason)
    apply_barrier(tx, case_id, barrier)


def apply_barrier(tx: Transaction, case_id: str, barrier: Barrier) -> None:
    """Put the barrier up, or down when it names nobody, and say so."""
    # At once here; the other services learn it from the fact a moment later.
    replicas.restrict(tx, case_id, only=barrier.only, never=barrier.never)
    if barrier.only or barrier.never:
        tx.publish(CaseRestricted(case_id=case_id, only=barrier.only, never=barrier.never))
    else:
        tx.publish(CaseUnrestricted(case_id=case_id))
