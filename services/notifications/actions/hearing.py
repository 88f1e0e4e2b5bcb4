"""What notifications remembers of other services' facts, and the referrer's notice that follows from a
closing.
"""

from dataclasses import replace
from datetime import datetime

from services.notifications.actions import placing
from services.notifications.actions.facts import publish_due, publish_sent
from services.notifications.actions.rules import rules_of
from services.notifications.domain import notice as notices
from services.notifications.domain.dates import dates_of
from services.notifications.domain.duty import notice_id_of
from services.notifications.domain.facts import CaseKnown, ContactKnown
from services.notifications.domain.notice import UNSENT, Notice
from services.notifications.domain.rule import Rule, Trigger
from services.notifications.store import disclosures, known
from services.notifications.store import notices as store
from shared import working_days
from shared.clock import LONDON
from shared.contracts.intake import ContactCorrected
from shared.contracts.people import Referrer
from shared.errors import NotYet, Refused
from shared.mail import letters
from shared.store.transaction import Transaction
from shared.vocabulary import Decision


def know_contact(tx: Transaction, contact: ContactKnown) -> None:
    """Remember a contact as it was first given."""
    known.save_contact(tx, contact)


def know_case(tx: Transaction, case: CaseKnown) -> None:
    """Remember who a case is about; what the last snapshot said stays."""
    # Facts may have come first, and so may what was put right since.
    before, contact = known.find_case(tx, case.case_id), known.find_contact(tx, case.contact_id)
    if contact:
        children = contact.corrected_children or case.children
        case = replace(case, adults=contact.corrected or case.adults, children=children)
    known.save_case(tx, replace(case, facts=before.facts) if before else case)


def correct_contact(tx: Transaction, corrected: ContactCorrected) -> None:
    """Letters name the adults and children as they stand now."""
    adults, contact = corrected.adults, _contact(tx, corrected.contact_id)
    children = corrected.children or contact.corrected_children
    known.save_contact(tx, replace(contact, corrected=adults, corrected_children=children))
    case = known.find_case(tx, corrected.case_id)
    if case:
        known.save_case(tx, replace(case, adults=adults, children=children or case.children))


def contact_closed(tx: Transaction, contact_id: str, decision: Decision, closed_at: datetime) -> None:
    """The referrer is to be told, unless a case goes on: then they are told when that closes."""
    contact = replace(_contact(tx, contact_id), decision=decision, closed_at=closed_at)
    known.save_contact(tx, contact)
    # With the threshold met, intake ends long before the concern does.
    if decision is not Decision.MET:
        _tell_referrer(tx, contact, "", closed_at)


def case_closed(tx: Transaction, case_id: str, contact_id: str, closed_at: datetime) -> None:
    """The referrer is to be told that the concern has come to its end."""
    contact = known.find_contact(tx, contact_id)
    if contact is None:
        # Another topic, so its order to this one is not promised.
        raise NotYet(contact_id)
    contact = replace(contact, decision=contact.decision or Decision.MET, closed_at=closed_at)
    known.save_contact(tx, contact)
    case = known.find_case(tx, case_id)
    if case:
        known.save_case(tx, replace(case, closed_at=closed_at))
    _tell_referrer(tx, contact, case_id, closed_at)


def advice_went(tx: Transaction, contact_id: str, sent_at: datetime) -> None:
    """Intake's written advice reached the referrer: an open notice to them is done by it."""
    known.save_contact(tx, replace(_contact(tx, contact_id), advised_at=sent_at))
    for notice in store.of_contact(tx, contact_id):
        if notice.recipient == "referrer" and notice.state in UNSENT and not notice.sending:
            publish_sent(tx, store.save(tx, notices.covered_by_advice(notice, sent_at)))


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """Delete what is known of a contact: its notices with their letters, and what was asked or answered about
    it.
    """
    _forget_notices(tx, [notice.id for notice in store.of_contact(tx, contact_id)])
    placing.forget_contact(tx, contact_id)
    disclosures.forget_contact(tx, contact_id)
    known.forget_contact(tx, contact_id)


def forget_case(tx: Transaction, case_id: str) -> None:
    """Delete what is known of a case, and its notices with their letters; its contact is erased by its own
    fact.
    """
    _forget_notices(tx, sorted(store.of_case(tx, case_id)))
    known.forget_case(tx, case_id)


def _forget_notices(tx: Transaction, notice_ids: list[str]) -> None:
    letters.forget(tx, notice_ids)
    store.forget(tx, notice_ids)


def _contact(tx: Transaction, contact_id: str) -> ContactKnown:
    contact = known.find_contact(tx, contact_id)
    if contact is None:
        # The same topic and key: the receipt comes first or never.
        raise Refused("It speaks of a contact whose receipt was never heard of.")
    return contact


def _tell_referrer(tx: Transaction, contact: ContactKnown, case_id: str, closed_at: datetime) -> None:
    # Nothing but the kind of agency: they chose to stay unknown, so there is nobody to tell.
    if contact.referrer == Referrer(agency=contact.referrer.agency):
        return
    today = tx.now.astimezone(LONDON).date()
    raised = {one.id for one in store.of_contact(tx, contact.contact_id)}
    for rule in rules_of(tx):
        notice_id = notice_id_of(contact.contact_id, "", rule.id)
        if rule.trigger is Trigger.CLOSE and rule.in_force(today) and notice_id not in raised:
            _cover(tx, _raise(tx, rule, contact, notice_id, case_id), contact, closed_at)


def _raise(tx: Transaction, rule: Rule, contact: ContactKnown, notice_id: str, case_id: str) -> Notice:
    notice = Notice(
        id=notice_id,
        case_id=case_id,
        contact_id=contact.contact_id,
        reference=contact.reference,
        rule=rule.id,
        basis=rule.basis,
        duty_of=rule.duty_of,
        recipient=rule.recipient,
        adult_id="",
        dates=dates_of(rule, None, tx.now, working_days.of(tx)),
        raised_at=tx.now,
        standing=notices.standing_for(contact, live=tx.live),
        because=("The concern was closed.",),
    )
    store.add(tx, notice)
    publish_due(tx, notice)
    return notice


def _cover(tx: Transaction, notice: Notice, contact: ContactKnown, closed_at: datetime) -> None:
    """Advice given before a case was closed cannot have said how the case ended."""
    advised_at = contact.advised_at
    if advised_at and (not notice.case_id or advised_at >= closed_at):
        publish_sent(tx, store.save(tx, notices.covered_by_advice(notice, advised_at)))
