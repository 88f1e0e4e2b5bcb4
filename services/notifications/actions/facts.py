"""The facts that notices become."""

from services.notifications.domain.notice import Notice, State
from shared.contracts.notifications import NoticeAdvised, NoticeDue, NoticeSent
from shared.store.transaction import Transaction


def publish_due(tx: Transaction, notice: Notice) -> None:
    """It is to be sent; said again when its day moves or when it turned out not to have left."""
    tx.publish(
        NoticeDue(
            notice_id=notice.id,
            case_id=notice.case_id,
            contact_id=notice.contact_id,
            rule=notice.rule,
            basis=notice.basis,
            duty_of=notice.duty_of,
            recipient=notice.recipient,
            adult_id=notice.adult_id,
            due_on=notice.dates.due_on,
            raised_at=notice.raised_at,
        )
    )


def publish_standing(tx: Transaction, notice: Notice) -> None:
    """Where an unsent notice stands, from the beginning."""
    publish_due(tx, notice)
    # Listeners take `notice.due` as the start, so advice that was given has to be said again.
    if notice.state is State.ADVISED:
        publish_advised(tx, notice)


def publish_advised(tx: Transaction, notice: Notice) -> None:
    """Whoever has the duty knows it."""
    tx.publish(
        NoticeAdvised(notice_id=notice.id, case_id=notice.case_id, advised_at=notice.advised_at or tx.now)
    )


def publish_sent(tx: Transaction, notice: Notice) -> None:
    """It left."""
    tx.publish(
        NoticeSent(
            notice_id=notice.id,
            case_id=notice.case_id,
            method=str(notice.method or ""),
            sent_at=notice.sent_at or tx.now,
            recipient=notice.recipient,
            rule=notice.rule,
        )
    )
