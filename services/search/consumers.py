"""What search hears, and what it does about it."""

from typing import Any

from services.search.actions import indexing, matching
from services.search.gateways.port import Index
from services.search.store import mentions, references, visibility
from services.search.store.mentions import Said
from shared.contracts.casework import (
    CaseClosed,
    CaseFacts,
    CaseOpened,
    CaseReopened,
    CaseRestricted,
    CaseUnrestricted,
)
from shared.contracts.intake import (
    ContactClosed,
    ContactReceived,
    ContactRestricted,
    ContactUnrestricted,
    ThresholdDecided,
)
from shared.errors import NotYet
from shared.service import Subscriptions
from shared.store.transaction import Transaction

subscriptions = Subscriptions()


@subscriptions.on(ContactReceived)
def file_adults(tx: Transaction[Index], event: ContactReceived) -> None:
    """File every adult and setting of a new contact, and look who was named before."""
    references.know(tx, event.reference, event.contact_id)
    _hear(tx, [Said(event.contact_id, adult, event.received_at) for adult in event.adults])


@subscriptions.on(CaseOpened)
def correct_adults(tx: Transaction[Index], event: CaseOpened) -> None:
    """What the case says about its adults replaces what the contact said."""
    visibility.join_case(tx, event.case_id, event.contact_id)
    references.know(tx, event.reference, event.contact_id)
    _hear(tx, [Said(event.contact_id, adult, event.opened_at, corrected=True) for adult in event.adults])
    mentions.touch(tx, event.contact_id, event.opened_at)


@subscriptions.on(ThresholdDecided)
def note_decision(tx: Transaction[Any], event: ThresholdDecided) -> None:
    """Keep the last activity."""
    mentions.touch(tx, event.contact_id, event.decided_at)


@subscriptions.on(ContactClosed)
def note_end(tx: Transaction[Any], event: ContactClosed) -> None:
    """Keep the last activity; closed records stay findable until they are erased."""
    mentions.touch(tx, event.contact_id, event.closed_at)


@subscriptions.on(CaseClosed)
def note_closing(tx: Transaction[Any], event: CaseClosed) -> None:
    """Keep the last activity."""
    mentions.touch(tx, event.contact_id, event.closed_at)


@subscriptions.on(CaseReopened)
def note_reopening(tx: Transaction[Any], event: CaseReopened) -> None:
    """Keep the last activity."""
    mentions.touch(tx, event.contact_id, event.reopened_at)


@subscriptions.on(CaseFacts)
def note_work(tx: Transaction[Any], event: CaseFacts) -> None:
    """Keep the last activity."""
    mentions.touch(tx, event.contact_id, tx.cause.occurred_at if tx.cause else tx.now)


@subscriptions.on(ContactRestricted)
def hide_contact(tx: Transaction[Any], event: ContactRestricted) -> None:
    """Nobody outside is pointed at it any more."""
    matching.hide(tx, event.contact_id)


@subscriptions.on(ContactUnrestricted)
def show_contact(tx: Transaction[Index], event: ContactUnrestricted) -> None:
    """It may be pointed at again."""
    matching.show(tx, event.contact_id)


@subscriptions.on(CaseRestricted)
def hide_case(tx: Transaction[Any], event: CaseRestricted) -> None:
    """A closed case closes the contact it grew from."""
    matching.hide(tx, _contact_of(tx, event.case_id))


@subscriptions.on(CaseUnrestricted)
def show_case(tx: Transaction[Index], event: CaseUnrestricted) -> None:
    """The contact may be pointed at again."""
    matching.show(tx, _contact_of(tx, event.case_id))


def _hear(tx: Transaction[Index], said: list[Said]) -> None:
    for about in indexing.index_mentions(tx, said):
        if about.changed:
            matching.find_matches(tx, about)


def _contact_of(tx: Transaction[Any], case_id: str) -> str:
    contact_id = visibility.contact_of(tx, case_id)
    if contact_id is None:
        raise NotYet(case_id)
    return contact_id
