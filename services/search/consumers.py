"""What search hears, and what it does about it. What is heard of an erased contact is left out when it is
written.
"""

from datetime import datetime
from typing import Any

from services.search.actions import erasing, hearing, matching, noting
from services.search.domain.patterns import CLEARED
from services.search.gateways.port import Index
from services.search.store import erasing as store
from services.search.store import merging, visibility
from services.search.store.mentions import Said
from shared.contracts.casework import (
    CaseClosed,
    CaseErased,
    CaseFacts,
    CaseOpened,
    CaseReopened,
    CaseRestricted,
    CaseUnrestricted,
    OutcomeCorrected,
    OutcomeRecorded,
)
from shared.contracts.intake import (
    ContactClosed,
    ContactCorrected,
    ContactErased,
    ContactMerged,
    ContactReceived,
    ContactRestricted,
    ContactUnmerged,
    ContactUnrestricted,
    ThresholdDecided,
)
from shared.contracts.notifications import (
    AboutNotice,
    NoticeAcknowledged,
    NoticeAdvised,
    NoticeDeclined,
    NoticeDue,
    NoticeSent,
    NoticeUncertain,
    NoticeWithdrawn,
)
from shared.errors import NotYet
from shared.service import Subscriptions
from shared.store.transaction import Transaction

subscriptions = Subscriptions()


@subscriptions.on(ContactReceived)
def file_adults(tx: Transaction[Index], event: ContactReceived) -> None:
    """File every adult and setting of a new contact, and look who was named before."""
    hearing.refer(tx, event.reference, event.contact_id)
    noting.contact(tx, event)
    hearing.place(tx, event.contact_id, event.children)
    hearing.hear(tx, [Said(event.contact_id, adult, event.received_at) for adult in event.adults])
    hearing.watch(tx, event.contact_id)
    hearing.check(tx, event.contact_id)


@subscriptions.on(CaseOpened)
def correct_adults(tx: Transaction[Index], event: CaseOpened) -> None:
    """What the case says about its adults replaces what the contact said."""
    if store.is_erased(tx, event.contact_id):
        # It is erased with its contact; what follows about it waits for nothing.
        store.note(tx, event.case_id)
        return
    visibility.join_case(tx, event.case_id, event.contact_id)
    noting.case(tx, event)
    hearing.place(tx, event.contact_id, event.children)
    hearing.refer(tx, event.reference, event.contact_id)
    at = event.opened_at
    hearing.hear(tx, [Said(event.contact_id, adult, at, corrected=True) for adult in event.adults])
    hearing.touch(tx, event.contact_id, at)
    hearing.watch(tx, event.contact_id)


@subscriptions.on(ThresholdDecided)
def note_decision(tx: Transaction[Any], event: ThresholdDecided) -> None:
    """Keep the last activity."""
    hearing.move(tx, event.contact_id, event.decision.value)
    hearing.touch(tx, event.contact_id, event.decided_at)


@subscriptions.on(ContactClosed)
def note_end(tx: Transaction[Any], event: ContactClosed) -> None:
    """Keep the last activity; closed records stay findable until they are erased."""
    hearing.touch(tx, event.contact_id, event.closed_at)


@subscriptions.on(CaseClosed)
def note_closing(tx: Transaction[Any], event: CaseClosed) -> None:
    """Keep the last activity."""
    hearing.move(tx, event.case_id, noting.CLOSED)
    hearing.touch(tx, event.contact_id, event.closed_at)


@subscriptions.on(CaseReopened)
def note_reopening(tx: Transaction[Any], event: CaseReopened) -> None:
    """Keep the last activity."""
    hearing.move(tx, event.case_id, noting.OPEN)
    hearing.touch(tx, event.contact_id, event.reopened_at)


@subscriptions.on(CaseFacts)
def note_work(tx: Transaction[Any], event: CaseFacts) -> None:
    """Keep the last activity."""
    hearing.touch(tx, event.contact_id, tx.cause.occurred_at if tx.cause else tx.now)


@subscriptions.on(ContactCorrected)
def put_adults_right(tx: Transaction[Index], event: ContactCorrected) -> None:
    """What was put right is looked for anew. What a case said stands above it, unless it was put right in the
    case too."""
    if store.is_erased(tx, event.contact_id):
        return
    at, in_case = event.corrected_at, bool(event.case_id)
    if in_case:
        # Heard before what the case began with, it would be overruled by that.
        _contact_of(tx, event.case_id)
    hearing.hear(tx, [Said(event.contact_id, adult, at, corrected=in_case) for adult in event.adults])
    hearing.place(tx, event.contact_id, event.children, anew=bool(event.children))
    hearing.touch(tx, event.contact_id, event.corrected_at)
    hearing.watch(tx, event.contact_id)


@subscriptions.on(ContactMerged)
def join_reports(tx: Transaction[Index], event: ContactMerged) -> None:
    """Two reports of one concern are no earlier concern of each other and count once."""
    if store.is_erased(tx, event.contact_id):
        return
    merging.merge(tx, event.contact_id, event.into)
    hearing.move(tx, event.contact_id, "merged")
    tx.write_held()
    matching.look_again(tx, event.contact_id)
    hearing.watch(tx, event.contact_id, event.into)


@subscriptions.on(ContactUnmerged)
def part_reports(tx: Transaction[Index], event: ContactUnmerged) -> None:
    """They are two concerns again."""
    if store.is_erased(tx, event.contact_id):
        return
    merging.unmerge(tx, event.contact_id)
    hearing.move(tx, event.contact_id, "")
    tx.write_held()
    matching.look_again(tx, event.contact_id)
    hearing.watch(tx, event.contact_id, event.was_in)


@subscriptions.on(ContactErased)
def forget_contact(tx: Transaction[Index], event: ContactErased) -> None:
    """Take it out of everything, and tell both sides of its matches."""
    tx.write_held()
    erasing.erase(tx, event.contact_id)


@subscriptions.on(CaseErased)
def forget_case(tx: Transaction[Index], event: CaseErased) -> None:
    """The same for a case with the contact it grew from."""
    tx.write_held()
    erasing.erase_case(tx, event.case_id, event.contact_id)


@subscriptions.on(ContactRestricted)
def hide_contact(tx: Transaction[Any], event: ContactRestricted) -> None:
    """Nobody outside is pointed at it any more."""
    tx.write_held()
    matching.hide(tx, event.contact_id)


@subscriptions.on(ContactUnrestricted)
def show_contact(tx: Transaction[Index], event: ContactUnrestricted) -> None:
    """It may be pointed at again."""
    tx.write_held()
    matching.show(tx, event.contact_id)


@subscriptions.on(CaseRestricted)
def hide_case(tx: Transaction[Any], event: CaseRestricted) -> None:
    """A closed case closes the contact it grew from."""
    tx.write_held()
    if not store.is_erased(tx, event.case_id):
        matching.hide(tx, _contact_of(tx, event.case_id))


@subscriptions.on(CaseUnrestricted)
def show_case(tx: Transaction[Index], event: CaseUnrestricted) -> None:
    """The contact may be pointed at again."""
    tx.write_held()
    if not store.is_erased(tx, event.case_id):
        matching.show(tx, _contact_of(tx, event.case_id))


@subscriptions.on(OutcomeRecorded)
def note_outcome(tx: Transaction[Any], event: OutcomeRecorded) -> None:
    """How one allegation ended."""
    _note_outcome(tx, event, event.recorded_on)


@subscriptions.on(OutcomeCorrected)
def correct_outcome(tx: Transaction[Any], event: OutcomeCorrected) -> None:
    """Another outcome replaces the one recorded."""
    _note_outcome(tx, event, event.corrected_on)


@subscriptions.on(NoticeDue)
def note_duty(tx: Transaction[Any], event: NoticeDue) -> None:
    """Somebody is to be told of a contact or case."""
    noting.notice(tx, event)


@subscriptions.on(
    NoticeAdvised, NoticeSent, NoticeAcknowledged, NoticeDeclined, NoticeWithdrawn, NoticeUncertain
)
def note_duty_moving(tx: Transaction[Any], event: AboutNotice) -> None:
    """How far the telling is: the last word of the fact's name says it."""
    hearing.move(tx, event.notice_id, event.name.rpartition(".")[2])


def _note_outcome(tx: Transaction[Any], event: OutcomeRecorded | OutcomeCorrected, at: datetime) -> None:
    if store.is_erased(tx, event.case_id):
        return
    contact_id = _contact_of(tx, event.case_id)
    noting.outcome(tx, event, contact_id, at)
    if event.outcome.value in CLEARED:
        hearing.clear(tx, contact_id)
    hearing.watch(tx, contact_id)


def _contact_of(tx: Transaction[Any], case_id: str) -> str:
    contact_id = visibility.contact_of(tx, case_id)
    if contact_id is None:
        raise NotYet(case_id)
    return contact_id
