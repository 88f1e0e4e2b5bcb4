"""Who placed children at a setting is told when a look-back there leaves something outstanding."""

from services.notifications.actions.facts import publish_due
from services.notifications.actions.rules import rules_of
from services.notifications.domain import notice as notices
from services.notifications.domain.dates import dates_of
from services.notifications.domain.duty import notice_id_of
from services.notifications.domain.notice import UNSENT, Notice, Standing
from services.notifications.domain.rule import Rule, Trigger
from services.notifications.store import lookbacks
from services.notifications.store import notices as store
from shared import working_days
from shared.clock import LONDON
from shared.contracts.findings import PlacingAuthority
from shared.contracts.notifications import NoticeWithdrawn
from shared.contracts.search import LookbackSigned
from shared.store.transaction import Transaction

# What a notice says without anybody having written it.
_BY_ITSELF = ("placing_authority", "setting")


def tell_placing_authorities(tx: Transaction, signed: LookbackSigned) -> None:
    """One notice for each of them; none when everything was acted on."""
    if not signed.outstanding:
        return
    today = tx.now.astimezone(LONDON).date()
    for rule in rules_of(tx):
        if rule.trigger is Trigger.LOOKBACK and rule.in_force(today):
            for placing in signed.placing:
                _raise(tx, rule, signed, placing)


def _raise(tx: Transaction, rule: Rule, signed: LookbackSigned, placing: PlacingAuthority) -> None:
    notice_id = notice_id_of(signed.lookback_id, placing.name, rule.id)
    if store.find(tx, notice_id) is not None:
        return
    notice = Notice(
        id=notice_id,
        case_id="",
        contact_id="",
        reference=signed.reference,
        rule=rule.id,
        basis=rule.basis,
        duty_of=rule.duty_of,
        recipient=rule.recipient,
        adult_id="",
        dates=dates_of(rule, None, tx.now, working_days.of(tx)),
        raised_at=tx.now,
        standing=Standing.LIVE if tx.live else Standing.TO_CONFIRM,
        because=_because(signed, placing),
        answers={
            "placing_authority": placing.name,
            "setting": ", ".join(filter(None, (signed.display_name, signed.town))),
        },
    )
    store.add(tx, notice)
    lookbacks.add(tx, notice_id, outstanding=signed.outstanding, others=placing.contact_ids)
    publish_due(tx, notice)


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """A contact is erased. What was written for the notices that rest on it may speak of it, so those words
    go; one that rests on nothing outstanding any more is not needed, unless it has left.
    """
    for notice_id in lookbacks.take_out(tx, contact_id):
        held = store.find(tx, notice_id)
        if held is not None:
            _forget_words(tx, held, lookbacks.outstanding(tx, notice_id))
    # What these rest on was not kept when they were raised: it may be this contact.
    for notice_id in lookbacks.without_contacts(tx):
        held = store.find(tx, notice_id)
        if held is not None and _left(0) not in held.because:
            _save_bare(tx, held)


def _save_bare(tx: Transaction, held: Notice) -> None:
    bare = notices.without_words(held, _BY_ITSELF, held.because)
    if bare != held:
        store.save(tx, bare)


def _forget_words(tx: Transaction, held: Notice, left: int) -> None:
    signed, _, placed = held.because
    bare = notices.without_words(held, _BY_ITSELF, (signed, _left(left), placed))
    if left or bare.state not in UNSENT:
        store.save(tx, bare)
        return
    store.save(tx, notices.withdraw(bare))
    tx.publish(NoticeWithdrawn(notice_id=held.id, case_id="", withdrawn_at=tx.now))


def _because(signed: LookbackSigned, placing: PlacingAuthority) -> tuple[str, ...]:
    return (
        f"A look-back at {signed.display_name or 'the setting'} was signed.",
        _left(len(signed.outstanding)),
        f"{placing.name} placed a child there.",
    )


def _left(contacts: int) -> str:
    return f"{contacts} {'contact was' if contacts == 1 else 'contacts were'} not acted on."
