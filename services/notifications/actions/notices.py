"""What people do with a notice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.notifications.actions.facts import publish_advised, publish_sent
from services.notifications.actions.rules import rule_of
from services.notifications.domain import notice as notices
from services.notifications.domain.notice import Method, Notice, Standing
from services.notifications.store import notices as store
from shared.contracts.notifications import NoticeAcknowledged, NoticeDeclined
from shared.errors import Conflict, Invalid
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Seen:
    """A notice in the version that somebody decided on."""

    notice_id: str
    version: int


def advise(tx: Transaction, seen: Seen, advice: str) -> Notice:
    """Record that whoever has the duty was told to do it, and in which words. That is not the sending."""
    notice = _change(tx, seen, lambda one: notices.advise(one, tx.scope.actor.id, advice, tx.now))
    publish_advised(tx, notice)
    return notice


def write_content(tx: Transaction, seen: Seen, answers: Mapping[str, str]) -> Notice:
    """Complete the content list by hand; an empty text gives the item back to the case. Raises Invalid."""
    notice = store.get(tx, seen.notice_id)
    rule = rule_of(tx, notice.rule)
    unknown = sorted(set(answers) - set(rule.content))
    if unknown:
        raise Invalid(
            "These items are not in the rule's content list.", {one: ["Not in the list"] for one in unknown}
        )
    # An emptied box is no answer: the case speaks again.
    kept = {item: text for item, text in {**notice.answers, **answers}.items() if text}
    return _change(tx, seen, lambda one: notices.write(one, kept))


def record_sent_by_hand(
    tx: Transaction, seen: Seen, method: Method, evidence: str, sent_at: datetime
) -> Notice:
    """Record that it left by portal, telephone, post or another mailbox, with what proves it."""
    _refuse_future(tx, "sent_at", sent_at)
    by = tx.scope.actor.id
    notice = _change(tx, seen, lambda one: notices.sent_by_hand(one, by, method, evidence, sent_at))
    publish_sent(tx, notice)
    return notice


def acknowledge(tx: Transaction, seen: Seen, acknowledgement: str, at: datetime) -> Notice:
    """Record that the recipient confirmed it."""
    _refuse_future(tx, "acknowledged_at", at)
    notice = _change(tx, seen, lambda one: notices.acknowledge(one, acknowledgement, at))
    when = notice.acknowledged_at or at
    tx.publish(NoticeAcknowledged(notice_id=notice.id, case_id=notice.case_id, acknowledged_at=when))
    return notice


def propose_decline(tx: Transaction, seen: Seen, reason: str) -> Notice:
    """Propose, with the reason, that it will not be sent. Nothing changes until another person approves."""
    return _change(tx, seen, lambda one: notices.ask_decline(one, tx.scope.actor.id, reason))


def approve_decline(tx: Transaction, seen: Seen) -> Notice:
    """Approve somebody else's proposal not to send it."""
    notice = _change(tx, seen, lambda one: notices.approve_decline(one, tx.scope.actor.id, tx.now))
    tx.publish(NoticeDeclined(notice_id=notice.id, case_id=notice.case_id, declined_at=tx.now))
    return notice


def drop_decline(tx: Transaction, seen: Seen) -> Notice:
    """Turn a proposal not to send it down, or take it back."""
    return _change(tx, seen, notices.drop_decline)


def confirm(tx: Transaction, seen: Seen) -> Notice:
    """A person confirms that a notice from an imported history still stands; from now on its days count."""
    return _change(tx, seen, lambda one: one)


def seen_by(tx: Transaction, seen: Seen) -> Notice:
    """The notice somebody decided on. Raises NotFound, or Conflict when it has changed since they looked."""
    notice = store.get(tx, seen.notice_id)
    if notice.version != seen.version:
        raise Conflict("This notice has changed since you opened it. Load it again, then decide.")
    return notice


def made_live(tx: Transaction, notice: Notice) -> Notice:
    """A person who acts on a notice of an open history thereby confirms it."""
    waiting = tx.live and notice.standing is Standing.TO_CONFIRM
    return replace(notice, standing=Standing.LIVE) if waiting else notice


def _refuse_future(tx: Transaction, field: str, moment: datetime) -> None:
    if moment > tx.now:
        raise Invalid("Give a time that has passed.", {field: ["Enter a time that has passed."]})


def _change(tx: Transaction, seen: Seen, act: Callable[[Notice], Notice]) -> Notice:
    return store.save(tx, act(made_live(tx, seen_by(tx, seen))))
