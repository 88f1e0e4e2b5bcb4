"""Saying, once, that a notice is late."""

from dataclasses import replace

from services.notifications.store import notices as store
from shared.clock import LONDON
from shared.contracts.notifications import NoticeOverdue
from shared.service import Office
from shared.store.transaction import Transaction

_BATCH = 100


def warn_overdue(office: Office) -> int:
    """Flag the notices whose day has passed unsent. Imported and demo histories are never flagged."""
    today = office.now.astimezone(LONDON).date()
    with office.transaction() as tx:
        late = store.unwarned(tx, today, _BATCH)
    # One transaction each: a notice that somebody holds must not keep the others from being flagged.
    for notice_id in late:
        with office.transaction() as tx:
            _warn(tx, notice_id)
    return len(late)


def _warn(tx: Transaction, notice_id: str) -> None:
    notice = store.find(tx, notice_id)
    today = tx.now.astimezone(LONDON).date()
    # It may have been sent between the list and now.
    if notice is None or notice.overdue_at is not None or not notice.is_overdue(today):
        return
    store.save(tx, replace(notice, overdue_at=tx.now))
    due_on = notice.dates.due_on or notice.dates.late_after
    tx.publish(NoticeOverdue(notice_id=notice.id, case_id=notice.case_id, due_on=due_on, rule=notice.rule))
