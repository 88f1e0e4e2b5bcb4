"""What notifications hears, and the action each fact triggers."""

import msgspec

from services.notifications.actions import hearing
from services.notifications.actions.evaluation import evaluate
from services.notifications.actions.placing import tell_placing_authorities
from services.notifications.domain import facts
from services.notifications.store import disclosures
from shared.contracts.casework import CaseClosed, CaseErased, CaseFacts, CaseOpened
from shared.contracts.intake import (
    AdviceSent,
    ContactClosed,
    ContactCorrected,
    ContactErased,
    ContactReceived,
)
from shared.contracts.search import (
    LookbackSigned,
    MatchFound,
    MatchWithdrawn,
    PointerShown,
    PointerWithdrawn,
)
from shared.service import Subscriptions
from shared.store.transaction import Transaction

subscriptions = Subscriptions()


@subscriptions.on(ContactReceived)
def know_contact(tx: Transaction, event: ContactReceived) -> None:
    """Who told, for the letter at the end."""
    hearing.know_contact(tx, msgspec.convert(event, facts.ContactKnown, from_attributes=True))


@subscriptions.on(ContactCorrected)
def correct_contact(tx: Transaction, event: ContactCorrected) -> None:
    """Letters are about the adults as they stand now."""
    hearing.correct_contact(tx, event)


@subscriptions.on(AdviceSent)
def note_advice(tx: Transaction, event: AdviceSent) -> None:
    """The referrer has intake's answer in writing."""
    hearing.advice_went(tx, event.contact_id, event.sent_at)


@subscriptions.on(ContactClosed)
def tell_referrer(tx: Transaction, event: ContactClosed) -> None:
    """The referrer is to know what became of it."""
    hearing.contact_closed(tx, event.contact_id, event.decision, event.closed_at)


@subscriptions.on(CaseOpened)
def know_case(tx: Transaction, event: CaseOpened) -> None:
    """Who the letters will be about."""
    hearing.know_case(tx, msgspec.convert(event, facts.CaseKnown, from_attributes=True))


@subscriptions.on(CaseFacts)
def ask_rules(tx: Transaction, event: CaseFacts) -> None:
    """New facts may raise duties, move their days or take them back."""
    evaluate(tx, msgspec.convert(event, facts.CaseFacts, from_attributes=True))


@subscriptions.on(CaseClosed)
def tell_referrer_of_case(tx: Transaction, event: CaseClosed) -> None:
    """The referrer is to know that the concern has come to its end."""
    hearing.case_closed(tx, event.case_id, event.contact_id, event.closed_at)


@subscriptions.on(MatchFound)
def know_match(tx: Transaction, event: MatchFound) -> None:
    """Another authority may quote our side of the match when it asks for disclosure."""
    if event.pointer is not None:
        disclosures.note_pointer(tx, event.pointer.holder, event.match_id, event.contact_id)


@subscriptions.on(PointerShown)
def know_pointer(tx: Transaction, event: PointerShown) -> None:
    """The authority that searched may quote the reference."""
    disclosures.note_pointer(tx, event.asker, event.reference, event.contact_id)


@subscriptions.on(PointerWithdrawn)
def forget_shown(tx: Transaction, event: PointerWithdrawn) -> None:
    """The same, for what a search or a setting's page had shown."""
    disclosures.forget_pointer(tx, event.reference)


@subscriptions.on(MatchWithdrawn)
def forget_match(tx: Transaction, event: MatchWithdrawn) -> None:
    """Nobody is pointed at the contact by that reference any more."""
    disclosures.forget_pointer(tx, event.match_id)


@subscriptions.on(ContactErased)
def forget_contact(tx: Transaction, event: ContactErased) -> None:
    """Nothing is kept of it, and nobody can ask about it any more."""
    hearing.forget_contact(tx, event.contact_id)


@subscriptions.on(CaseErased)
def forget_case(tx: Transaction, event: CaseErased) -> None:
    """Nothing is kept of it."""
    hearing.forget_case(tx, event.case_id)


@subscriptions.on(LookbackSigned)
def tell_of_lookback(tx: Transaction, event: LookbackSigned) -> None:
    """Every authority that placed a child is to know what a look-back left outstanding."""
    tell_placing_authorities(tx, event)
