"""Contacts erased by two people: one asks, another decides; then nothing is left but that it was done."""

from services.intake.actions.permits import require
from services.intake.domain import erasure as domain
from services.intake.domain.contact import Contact
from services.intake.domain.erasure import Erasure, Ground, Standing
from services.intake.domain.permission import Act
from services.intake.store import contacts, erasures, judgements, rules
from shared import replicas
from shared.contracts.intake import ContactErased
from shared.errors import Conflict, Invalid, NotFound, Refused
from shared.mail import letters
from shared.store.transaction import Transaction

MOST = 200


def due_for_review(tx: Transaction) -> list[Contact]:
    """Contacts whose time has passed and about which nobody has asked or decided yet."""
    before = domain.ended_by(tx.now, _years(tx))
    return [one for one in contacts.ended_before(tx, before, MOST) if erasures.find(tx, one.id) is None]


def ask_erasure(tx: Transaction, contact_id: str, ground: Ground, reason: str) -> None:
    """Ask that a contact be erased. Raises Invalid without a reason, Refused while it must be kept, Conflict
    when somebody asked already.
    """
    require(tx, Act.ASK_ERASURE)
    if not reason.strip():
        raise Invalid("Enter the reason.", {"reason": ["Enter why this contact is to be erased."]})
    one, report = contacts.get(tx, contact_id), contacts.report_of(tx, contact_id)
    domain.check_ask(one, report, ground, domain.ended_by(tx.now, _years(tx)))
    before = erasures.find(tx, contact_id)
    if before is not None and before.state is Standing.ASKED:
        raise Conflict("Somebody has asked for this already. A manager decides.")
    erasures.put(
        tx,
        Erasure(
            contact_id=contact_id, reference=one.reference, ground=ground, reason=reason.strip(),
            asked_by=tx.scope.actor.id, asked_at=tx.now,
        ),
    )  # fmt: skip


def decide_erasure(tx: Transaction, contact_id: str, *, approve: bool, answer: str = "") -> None:
    """A manager who did not ask erases the contact, or says why it is kept. Raises NotAllowed, NotFound,
    Refused.
    """
    require(tx, Act.ERASE)
    # Locked: of two who decide at once the second is told that the first did.
    asked = erasures.find(tx, contact_id, lock=True)
    if asked is None:
        raise NotFound("Nobody has asked that this contact be erased.")
    decided = domain.decide(asked, tx.scope.actor.id, tx.now, approve=approve, answer=answer)
    if approve:
        one, report = contacts.get(tx, contact_id), contacts.report_of(tx, contact_id)
        domain.check_ask(one, report, asked.ground, domain.ended_by(tx.now, _years(tx)))
        # Another report of the same concern goes with it; what was joined to it says the same things.
        others = {other.id for other in contacts.merged_into(tx, contact_id)}
        if others != contacts.all_merged_into(tx, contact_id):
            raise Refused("A report joined to it is closed to you. Ask a manager who may see both.")
        for other in sorted(others):
            _erase(tx, other)
        _erase(tx, contact_id)
    erasures.put(tx, decided)


def _erase(tx: Transaction, contact_id: str) -> None:
    for file in contacts.report_of(tx, contact_id).files:
        tx.tools.files.remove(tx, file.id)
    letters.forget(
        tx, [f"receipt/{contact_id}", *(f"advice/{one.id}" for one in judgements.advice_of(tx, contact_id))]
    )
    erasures.wipe(tx, contact_id)
    replicas.restrict(tx, contact_id)
    gone = ContactErased(contact_id=contact_id, erased_at=tx.now)
    tx.overwrite(gone)
    tx.publish(gone)


def _years(tx: Transaction) -> int:
    return domain.years_of(replicas.configuration(tx, rules.RETENTION))
