"""Who placed children at a setting is told when a look-back there leaves something outstanding."""

from services.notifications.actions.facts import publish_due
from services.notifications.actions.rules import rules_of
from services.notifications.domain.dates import dates_of
from services.notifications.domain.duty import notice_id_of
from services.notifications.domain.notice import Notice, Standing
from services.notifications.domain.rule import Rule, Trigger
from services.notifications.store import notices as store
from shared import working_days
from shared.clock import LONDON
from shared.contracts.findings import PlacingAuthority
from shared.contracts.search import LookbackSigned
from shared.store.transaction import Transaction


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
    publish_due(tx, notice)


def _because(signed: LookbackSigned, placing: PlacingAuthority) -> tuple[str, ...]:
    records = len(signed.outstanding)
    return (
        f"A look-back at {signed.display_name or 'the setting'} was signed.",
        f"{records} {'contact was' if records == 1 else 'contacts were'} not acted on.",
        f"{placing.name} placed a child there.",
    )
