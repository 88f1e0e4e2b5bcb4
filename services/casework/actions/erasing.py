"""Cases erased by two people: one asks, another decides; then nothing is left but that it was done. A legal
hold keeps a case whatever they wish.
"""

from datetime import date

from services.casework.actions.chronology import tell
from services.casework.domain import retention
from services.casework.domain.closing import Dossier
from services.casework.store import cases, erasing
from services.casework.store.erasing import holding, requests
from shared import replicas
from shared.clock import LONDON
from shared.contracts.casework import CaseErased, CaseHeld, CaseReleased
from shared.contracts.intake import ContactHeld
from shared.keeping.erasure import Ground, decide
from shared.store.transaction import Transaction

TERMS = "case_retention"
_BATCH, _MOST_READ, _MOST = 500, 5_000, 200


def terms_of(tx: Transaction) -> retention.Terms:
    """How long the authority keeps cases, as it stands today."""
    return retention.terms_of(replicas.configuration(tx, TERMS), _today(tx))


def due_for_review(tx: Transaction) -> list[tuple[Dossier, date]]:
    """Closed cases whose time has passed and about which nobody has asked yet, each with its day; the longest
    closed first, read in batches up to a limit."""
    terms, found = terms_of(tx), list[tuple[Dossier, date]]()
    for start in range(0, _MOST_READ, _BATCH):
        batch = cases.closed(tx, offset=start, limit=_BATCH)
        asked = requests.among(tx, [one.case.id for one in batch])
        for one in batch:
            until = retention.kept_until(one, terms)
            if until and until < _today(tx) and one.case.id not in asked:
                found.append((one, until))
        if len(batch) < _BATCH or len(found) >= _MOST:
            break
    return found[:_MOST]


def ask_erasure(tx: Transaction, case_id: str, ground: Ground, reason: str) -> None:
    """Ask that a case be erased. Raises Invalid without a reason, Refused while it must be kept, Conflict
    when somebody asked already.
    """
    dossier = cases.take(tx, case_id)
    _check(tx, dossier, ground)
    requests.ask(tx, case_id, dossier.case.reference, ground, reason)


def decide_erasure(tx: Transaction, case_id: str, *, approve: bool, answer: str = "") -> None:
    """A manager who did not ask erases the case and its contact, or says why they are kept. Raises
    NotAllowed, NotFound, Refused.
    """
    dossier, asked = cases.take(tx, case_id), requests.take(tx, case_id)
    decided = decide(asked, tx.scope.actor.id, tx.now, approve=approve, answer=answer)
    if approve:
        _check(tx, dossier, asked.ground)
        _erase(tx, dossier)
    requests.decided(tx, decided)


def _erase(tx: Transaction, dossier: Dossier) -> None:
    case = dossier.case
    erasing.wipe(tx, case)
    # To whom the case was closed the request stays closed: it names the case for ever.
    replicas.restrict(tx, case.contact_id)
    gone = CaseErased(case_id=case.id, contact_id=case.contact_id, erased_at=tx.now)
    tx.overwrite(gone)
    tx.publish(gone)


def hold_case(tx: Transaction, case_id: str, reason: str) -> None:
    """Keep the case and its contact until the hold is lifted. Raises Invalid, Refused."""
    case, by = cases.take(tx, case_id).case, tx.scope.actor.id
    holding.put(tx, case.contact_id, by, tx.now, reason)
    tell(tx, case_id, "Put under a legal hold", words=reason)
    tx.publish(CaseHeld(case_id=case_id, contact_id=case.contact_id, held_by=by, held_at=tx.now))


def release_case(tx: Transaction, case_id: str, reason: str) -> None:
    """Lift the hold. Raises Invalid, Refused."""
    case, by = cases.take(tx, case_id).case, tx.scope.actor.id
    holding.lift(tx, case.contact_id, by, tx.now, reason)
    tell(tx, case_id, "The legal hold was lifted", words=reason)
    tx.publish(CaseReleased(case_id=case_id, contact_id=case.contact_id, released_by=by, released_at=tx.now))


def follow_hold(tx: Transaction, held: ContactHeld) -> None:
    """The contact is held, and a case that grows from it."""
    if not holding.stands(tx, held.contact_id):
        holding.put(tx, held.contact_id, held.held_by, held.held_at, "The contact was held before the case.")


def follow_release(tx: Transaction, contact_id: str) -> None:
    """The contact is held no longer."""
    holding.forget(tx, contact_id)


def _check(tx: Transaction, dossier: Dossier, ground: Ground) -> None:
    held = holding.stands(tx, dossier.case.contact_id)
    retention.check_ask(dossier, ground, terms_of(tx), _today(tx), held=held)


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(LONDON).date()
