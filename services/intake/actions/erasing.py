"""Contacts erased by two people: one asks, another decides; then nothing is left but that it was done. A
legal hold keeps a contact whatever they wish.
"""

from services.intake.actions.permits import require
from services.intake.domain import erasure as domain
from services.intake.domain.contact import Contact, State
from services.intake.domain.permission import Act
from services.intake.store import contacts, erasures, judgements, rules
from services.intake.store.erasures import holding, requests
from shared import replicas
from shared.contracts.casework import CaseHeld
from shared.contracts.intake import ContactErased, ContactHeld, ContactReleased
from shared.errors import Refused
from shared.keeping.erasure import Ground, decide
from shared.mail import letters
from shared.store.transaction import Transaction

MOST = 200


def due_for_review(tx: Transaction) -> list[Contact]:
    """Contacts whose time has passed and about which nobody has asked or decided yet."""
    found = contacts.ended_before(tx, domain.ended_by(tx.now, _years(tx)), MOST)
    asked = requests.among(tx, [one.id for one in found])
    return [one for one in found if one.id not in asked]


def ask_erasure(tx: Transaction, contact_id: str, ground: Ground, reason: str) -> None:
    """Ask that a contact be erased. Raises Invalid without a reason, Refused while it must be kept, Conflict
    when somebody asked already.
    """
    require(tx, Act.ASK_ERASURE)
    one = contacts.get(tx, contact_id)
    _check(tx, one, ground)
    requests.ask(tx, contact_id, one.reference, ground, reason)


def decide_erasure(tx: Transaction, contact_id: str, *, approve: bool, answer: str = "") -> None:
    """A manager who did not ask erases the contact, or says why it is kept. Raises NotAllowed, NotFound,
    Refused, Conflict when somebody changed or held it meanwhile.
    """
    require(tx, Act.ERASE)
    asked = requests.take(tx, contact_id)
    decided = decide(asked, tx.scope.actor.id, tx.now, approve=approve, answer=answer)
    if approve:
        one = contacts.get(tx, contact_id)
        _check(tx, one, asked.ground)
        # Whoever holds or changes it at this moment was faster, or waits and finds nothing.
        contacts.save(tx, one)
        # Another report of the same concern goes with it; what was joined to it says the same things.
        others = {other.id for other in contacts.merged_into(tx, contact_id)}
        if others != contacts.all_merged_into(tx, contact_id):
            raise Refused("A report joined to it is closed to you. Ask a manager who may see both.")
        for each in others:
            _erase_unasked(tx, each)
        # To whom the contact was closed the request stays closed: it names the contact for ever.
        _erase(tx, contact_id)
    requests.decided(tx, decided)


def erase_with_case(tx: Transaction, contact_id: str) -> None:
    """The case that grew from the contact was erased: the contact and what was joined to it go too."""
    # A second telling finds nothing.
    if contacts.find(tx, contact_id) is None:
        return
    for one in (*sorted(contacts.all_merged_into(tx, contact_id)), contact_id):
        _erase_unasked(tx, one)


def hold_contact(tx: Transaction, contact_id: str, reason: str) -> None:
    """Keep the contact, and a case that grows from it, until the hold is lifted. Raises Invalid, Refused."""
    one = _before_case(tx, contact_id)
    holding.put(tx, contact_id, tx.scope.actor.id, tx.now, reason)
    # A new version: who is erasing what was not held is told that it changed.
    contacts.save(tx, one)
    tx.publish(ContactHeld(contact_id=contact_id, held_by=tx.scope.actor.id, held_at=tx.now))


def release_contact(tx: Transaction, contact_id: str, reason: str) -> None:
    """Lift the hold. Raises Invalid, Refused."""
    _before_case(tx, contact_id)
    holding.lift(tx, contact_id, tx.scope.actor.id, tx.now, reason)
    tx.publish(ContactReleased(contact_id=contact_id, released_by=tx.scope.actor.id, released_at=tx.now))


def follow_hold(tx: Transaction, held: CaseHeld) -> None:
    """The case is held, and the contact it grew from."""
    if contacts.find(tx, held.contact_id) and not holding.stands(tx, held.contact_id):
        holding.put(tx, held.contact_id, held.held_by, held.held_at, "The case that grew from it is held.")


def follow_release(tx: Transaction, contact_id: str) -> None:
    """The case is held no longer; where there is a case, its hold alone counts."""
    holding.forget(tx, contact_id)


def _before_case(tx: Transaction, contact_id: str) -> Contact:
    require(tx, Act.HOLD)
    one = contacts.get(tx, contact_id)
    if one.merged_into:
        raise Refused("This report is joined to another. Hold that one: what is joined is kept with it.")
    if one.case_id or one.state in (State.MET, State.CASE):
        raise Refused("A case grew from this contact. Hold the case, or lift its hold, on the case’s page.")
    return one


def _check(tx: Transaction, one: Contact, ground: Ground) -> None:
    held, before = holding.stands(tx, one.id), domain.ended_by(tx.now, _years(tx))
    domain.check_ask(one, contacts.report_of(tx, one.id), ground, before, held=held)


def _erase_unasked(tx: Transaction, contact_id: str) -> None:
    """It goes with another, so that no list names it."""
    _erase(tx, contact_id)
    requests.forget(tx, contact_id)
    replicas.restrict(tx, contact_id)


def _erase(tx: Transaction, contact_id: str) -> None:
    for file in contacts.report_of(tx, contact_id).files:
        tx.tools.files.remove(tx, file.id)
    letters.forget(
        tx, [f"receipt/{contact_id}", *(f"advice/{one.id}" for one in judgements.advice_of(tx, contact_id))]
    )
    erasures.wipe(tx, contact_id)
    gone = ContactErased(contact_id=contact_id, erased_at=tx.now)
    tx.overwrite(gone)
    tx.publish(gone)


def _years(tx: Transaction) -> int:
    return domain.years_of(replicas.configuration(tx, rules.RETENTION))
