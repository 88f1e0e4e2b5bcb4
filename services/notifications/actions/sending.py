"""Letters of notices on their way out, and what their end does to the notice."""

from dataclasses import replace

from services.notifications.actions.facts import publish_sent, publish_standing
from services.notifications.actions.letters import address_of, as_pdf, draft
from services.notifications.actions.notices import Seen, made_live, seen_by
from services.notifications.domain import notice as notices
from services.notifications.domain.content import Completeness
from services.notifications.domain.notice import MOVES, UNSENT, Notice, State
from services.notifications.store import notices as store
from shared import mail
from shared.contracts.notifications import NoticeBounced, NoticeUncertain, NoticeWithdrawn
from shared.errors import Refused
from shared.mail import Attachment, Letter
from shared.store.transaction import Transaction


def send_notice(tx: Transaction, seen: Seen, *, although_incomplete: bool = False) -> Notice:
    """Write the letter and hand it to the mail. The notice is sent once the letter has left, not before.

    Refused when the recipient is not confirmed, when required content is missing and nobody accepted that,
    and outside of live work.
    """
    if not tx.live:
        raise Refused("Nothing is sent from an imported or demonstration history.")
    notice = made_live(tx, seen_by(tx, seen))
    # Before the PDF is made, which takes longer than everything else here.
    notices.check_sendable(notice)
    to, written = address_of(tx, notice), draft(tx, notice)
    _refuse_incomplete(written.content, accepted=although_incomplete)
    letter = written.letter
    # Plain mail passes many servers: names are in the attachment only.
    attachment = Attachment(f"notice-{letter.reference}.pdf", as_pdf(letter, tx.now))
    letter_id = mail.plan(
        tx, to=to, subject=letter.subject, body=letter.cover, about=notice.id, attachments=[attachment]
    )
    started = notices.start_sending(notice, letter_id)
    return store.save(tx, replace(started, sent_by=tx.scope.actor.id, sent_to=to))


def letter_left(tx: Transaction, letter: Letter) -> None:
    """The mail carried it away."""
    # Not only the notice's present letter: one given up for lost may report late that it did leave.
    notice = _about(tx, letter)
    if notice and State.SENT in MOVES[notice.state]:
        told = notices.letter_left(replace(notice, letter_id=letter.id), letter.sent_at or tx.now)
        publish_sent(tx, store.save(tx, told))


def letter_uncertain(tx: Transaction, letter: Letter) -> None:
    """Nobody knows whether it left: a person must look."""
    notice = _about(tx, letter)
    if notice and notice.letter_id == letter.id and State.UNCERTAIN in MOVES[notice.state]:
        store.save(tx, notices.became_uncertain(notice, tx.now))
        tx.publish(NoticeUncertain(notice_id=notice.id, case_id=notice.case_id, since=tx.now))


def letter_refused(tx: Transaction, letter: Letter) -> None:
    """The mail server will never take it: the notice stands as before, or falls with its rule."""
    notice = _about(tx, letter)
    if notice is None or notice.letter_id != letter.id or notice.state not in UNSENT:
        return
    tx.publish(NoticeBounced(notice_id=notice.id, case_id=notice.case_id, bounced_at=tx.now))
    back = notices.not_accepted(notice, letter.proof)
    if notice.fires:
        store.save(tx, back)
        return
    store.save(tx, notices.withdraw(back))
    tx.publish(NoticeWithdrawn(notice_id=notice.id, case_id=notice.case_id, withdrawn_at=tx.now))


def resolve_uncertain(tx: Transaction, seen: Seen, *, left: bool, evidence: str) -> Notice:
    """A person found out whether an interrupted letter left. It is never sent again by itself."""
    before, by = seen_by(tx, seen), tx.scope.actor.id
    resolved = notices.resolve(before, by, left=left, evidence=evidence, now=tx.now)
    notice = store.save(tx, made_live(tx, resolved))
    if left:
        # The letter's own record must agree, or the mail would go on asking for a person.
        mail.confirm_arrived(tx, before.letter_id)
        publish_sent(tx, notice)
    elif notice.state is State.WITHDRAWN:
        tx.publish(NoticeWithdrawn(notice_id=notice.id, case_id=notice.case_id, withdrawn_at=tx.now))
    else:
        publish_standing(tx, notice)
    return notice


def _about(tx: Transaction, letter: Letter) -> Notice | None:
    return store.find(tx, letter.about)


def _refuse_incomplete(content: Completeness, *, accepted: bool) -> None:
    if content.missing and not accepted:
        missing = ", ".join(line.label.lower() for line in content.missing)
        raise Refused(f"The notice does not say yet: {missing}. Write it, or send the notice incomplete.")
