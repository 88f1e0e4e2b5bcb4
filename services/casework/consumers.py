"""What casework hears, and the action each fact triggers."""

from services.casework.actions import correcting, erasing, heard, opening, patterns
from shared.contracts import intake, notifications, search
from shared.service import Subscriptions
from shared.store.transaction import Transaction

subscriptions = Subscriptions()


@subscriptions.on(intake.ContactReceived)
def contact_received(tx: Transaction, event: intake.ContactReceived) -> None:
    """Remembered until the threshold is decided."""
    opening.remember_contact(tx, event)


@subscriptions.on(intake.ThresholdDecided)
def threshold_decided(tx: Transaction, event: intake.ThresholdDecided) -> None:
    """Met: a case opens, once."""
    opening.decide(tx, event)


@subscriptions.on(intake.AdviceSent)
def advice_sent(tx: Transaction, event: intake.AdviceSent) -> None:
    """Told in the chronology."""
    heard.note_contact(tx, event.contact_id, "Advice sent to the referrer", event.sent_at)


@subscriptions.on(intake.ContactClosed)
def contact_closed(tx: Transaction, event: intake.ContactClosed) -> None:
    """Told in the chronology."""
    heard.note_contact(tx, event.contact_id, "The contact was closed at intake", event.closed_at)


@subscriptions.on(intake.ContactRestricted)
def contact_restricted(tx: Transaction, event: intake.ContactRestricted) -> None:
    """The case is closed to the same people."""
    heard.follow_restriction(tx, event.contact_id, event.only, event.never)


@subscriptions.on(intake.ContactUnrestricted)
def contact_unrestricted(tx: Transaction, event: intake.ContactUnrestricted) -> None:
    """The case is open again."""
    heard.follow_restriction(tx, event.contact_id, (), ())


@subscriptions.on(intake.ContactCorrected)
def contact_corrected(tx: Transaction, event: intake.ContactCorrected) -> None:
    """The case is put right, or begins with it when it opens later."""
    correcting.correct_contact(tx, event)


@subscriptions.on(intake.ContactMerged)
def contact_merged(tx: Transaction, event: intake.ContactMerged) -> None:
    """Told in the chronology of the case of the same concern."""
    heard.note_contact(tx, event.into, "Another report of the same concern was joined", event.merged_at)


@subscriptions.on(intake.ContactUnmerged)
def contact_unmerged(tx: Transaction, event: intake.ContactUnmerged) -> None:
    """Told there as well."""
    heard.note_contact(tx, event.was_in, "A report turned out to be of another concern", event.unmerged_at)


@subscriptions.on(intake.ContactErased)
def contact_erased(tx: Transaction, event: intake.ContactErased) -> None:
    """Nothing is kept of it: no case grew from it, or that was erased before."""
    heard.forget_contact(tx, event.contact_id)


@subscriptions.on(intake.ContactHeld)
def contact_held(tx: Transaction, event: intake.ContactHeld) -> None:
    """A case that grows from it is held too."""
    erasing.follow_hold(tx, event)


@subscriptions.on(intake.ContactReleased)
def contact_released(tx: Transaction, event: intake.ContactReleased) -> None:
    """Nothing holds it any more."""
    erasing.follow_release(tx, event.contact_id)


@subscriptions.on(search.PatternFound)
def pattern_found(tx: Transaction, event: search.PatternFound) -> None:
    """Told in the chronology of each case that is new to it, or opens later."""
    patterns.note_pattern(tx, event)


@subscriptions.on(search.PatternReviewed)
def pattern_reviewed(tx: Transaction, event: search.PatternReviewed) -> None:
    """What was found stands on each case that was told of it, and in its chronology."""
    patterns.review_pattern(tx, event)


@subscriptions.on(search.PatternWithdrawn)
def pattern_withdrawn(tx: Transaction, event: search.PatternWithdrawn) -> None:
    """Told in the chronology of each case that was told of it."""
    patterns.withdraw_pattern(tx, event.pattern_id)


@subscriptions.on(search.MatchFound)
def match_found(tx: Transaction, event: search.MatchFound) -> None:
    """An earlier concern stands on the case."""
    heard.note_match(tx, event)


@subscriptions.on(search.MatchWithdrawn)
def match_withdrawn(tx: Transaction, event: search.MatchWithdrawn) -> None:
    """It no longer holds."""
    heard.withdraw_match(tx, event.match_id, event.contact_id)


@subscriptions.on(search.LinkConfirmed)
def link_confirmed(tx: Transaction, event: search.LinkConfirmed) -> None:
    """A person judged it to be the same adult."""
    title = "An earlier concern was confirmed as the same adult"
    heard.judge_match(tx, event.match_id, event.contact_id, "confirmed", title)


@subscriptions.on(search.LinkRejected)
def link_rejected(tx: Transaction, event: search.LinkRejected) -> None:
    """A person judged it to be somebody else."""
    title = "An earlier concern was judged to be about somebody else"
    heard.judge_match(tx, event.match_id, event.contact_id, "rejected", title)


@subscriptions.on(search.LinkUnsure)
def link_unsure(tx: Transaction, event: search.LinkUnsure) -> None:
    """A person looked and cannot tell."""
    title = "Nobody can tell yet whether an earlier concern is about the same adult"
    heard.judge_match(tx, event.match_id, event.contact_id, "open", title)


@subscriptions.on(notifications.NoticeDue)
def notice_due(tx: Transaction, event: notifications.NoticeDue) -> None:
    """A duty stands on the case."""
    heard.note_duty(tx, event)


@subscriptions.on(notifications.NoticeAdvised)
def notice_advised(tx: Transaction, event: notifications.NoticeAdvised) -> None:
    """Advised is not sent."""
    heard.note_duty_state(tx, event, "advised", event.advised_at)


@subscriptions.on(notifications.NoticeSent)
def notice_sent(tx: Transaction, event: notifications.NoticeSent) -> None:
    """It left."""
    heard.note_duty_state(tx, event, "sent", event.sent_at)


@subscriptions.on(notifications.NoticeAcknowledged)
def notice_acknowledged(tx: Transaction, event: notifications.NoticeAcknowledged) -> None:
    """The recipient has it."""
    heard.note_duty_state(tx, event, "acknowledged", event.acknowledged_at)


@subscriptions.on(notifications.NoticeDeclined)
def notice_declined(tx: Transaction, event: notifications.NoticeDeclined) -> None:
    """Decided not to send."""
    heard.note_duty_state(tx, event, "declined", event.declined_at)


@subscriptions.on(notifications.NoticeOverdue)
def notice_overdue(tx: Transaction, event: notifications.NoticeOverdue) -> None:
    """Its day has passed."""
    heard.note_duty_state(tx, event, "overdue", tx.now)


@subscriptions.on(notifications.NoticeWithdrawn)
def notice_withdrawn(tx: Transaction, event: notifications.NoticeWithdrawn) -> None:
    """No longer needed."""
    heard.note_duty_state(tx, event, "withdrawn", event.withdrawn_at)


@subscriptions.on(notifications.NoticeUncertain)
def notice_uncertain(tx: Transaction, event: notifications.NoticeUncertain) -> None:
    """It may or may not have left."""
    heard.note_duty_state(tx, event, "uncertain", event.since)
