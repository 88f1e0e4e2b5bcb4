"""What notifications hears, and the action each fact triggers."""

import msgspec

from services.notifications.actions import hearing
from services.notifications.actions.evaluation import evaluate
from services.notifications.domain import facts
from shared.contracts.casework import CaseClosed, CaseFacts, CaseOpened
from shared.contracts.intake import AdviceSent, ContactClosed, ContactReceived
from shared.service import Subscriptions
from shared.store.transaction import Transaction

subscriptions = Subscriptions()


@subscriptions.on(ContactReceived)
def know_contact(tx: Transaction, event: ContactReceived) -> None:
    """Who told, for the letter at the end."""
    hearing.know_contact(tx, msgspec.convert(event, facts.ContactKnown, from_attributes=True))


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
