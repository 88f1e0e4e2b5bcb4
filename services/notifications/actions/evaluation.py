"""Asking the rules again whenever a case changes: new duties are raised once, unsent ones that fell are
withdrawn.
"""

from collections.abc import Mapping
from dataclasses import replace

from services.notifications.actions.facts import publish_due, publish_standing
from services.notifications.actions.rules import rules_of
from services.notifications.domain import notice as notices
from services.notifications.domain.dates import Dates, dates_of
from services.notifications.domain.duty import Duty, duties, still_fires
from services.notifications.domain.facts import CaseFacts, CaseKnown
from services.notifications.domain.notice import UNSENT, Notice, Standing, State
from services.notifications.domain.rule import Rule, Trigger
from services.notifications.store import known
from services.notifications.store import notices as store
from shared import working_days
from shared.clock import LONDON
from shared.contracts.notifications import NoticeWithdrawn
from shared.store.transaction import Transaction
from shared.working_days import Calendar


def evaluate(tx: Transaction, facts: CaseFacts) -> None:
    """Keep the snapshot and bring the case's notices in line with it."""
    _remember(tx, facts)
    rules, calendar = rules_of(tx), working_days.of(tx)
    held = store.of_case(tx, facts.case_id)
    found = {one.notice_id: one for one in duties(facts, rules, tx.now.astimezone(LONDON).date())}
    for duty in found.values():
        if duty.notice_id in held:
            _keep(tx, held[duty.notice_id], duty, facts, calendar)
        else:
            _raise(tx, duty, facts, calendar)
    by_id = {rule.id: rule for rule in rules}
    for notice in held.values():
        if notice.id not in found:
            _reconsider(tx, notice, facts, by_id)


def _remember(tx: Transaction, facts: CaseFacts) -> None:
    # The snapshot may come before the opening: the people follow, the rules need not wait for them.
    before = known.find_case(tx, facts.case_id) or CaseKnown(
        case_id=facts.case_id,
        contact_id=facts.contact_id,
        reference=facts.reference,
        opened_at=facts.opened_at,
    )
    known.save_case(tx, replace(before, facts=facts, closed_at=facts.closed_at))


def _raise(tx: Transaction, duty: Duty, facts: CaseFacts, calendar: Calendar) -> None:
    notice = Notice(
        id=duty.notice_id,
        case_id=facts.case_id,
        contact_id=facts.contact_id,
        reference=facts.reference,
        rule=duty.rule.id,
        basis=duty.rule.basis,
        duty_of=duty.rule.duty_of,
        recipient=duty.recipient,
        adult_id=duty.adult_id,
        dates=dates_of(duty.rule, facts.provider_aware_at, tx.now, calendar),
        raised_at=tx.now,
        aware_at=facts.provider_aware_at,
        standing=notices.standing_for(facts, live=tx.live),
        because=duty.because,
    )
    store.add(tx, notice)
    publish_due(tx, notice)


def _keep(tx: Transaction, held: Notice, duty: Duty, facts: CaseFacts, calendar: Calendar) -> None:
    # What was sent or declined is history: later facts do not reopen it.
    if held.state is State.WITHDRAWN:
        dates = dates_of(duty.rule, facts.provider_aware_at, tx.now, calendar)
        again = notices.raise_again(held, dates, duty.because, tx.now)
        publish_due(tx, store.save(tx, _as_of(again, duty, facts, live=tx.live)))
    elif held.state in UNSENT or held.state is State.UNCERTAIN:
        # Counted from the first raising, so that asking again never gives anybody more time.
        dates = dates_of(duty.rule, facts.provider_aware_at, held.raised_at, calendar)
        _move(tx, held, replace(_as_of(held, duty, facts, live=tx.live), dates=dates, because=duty.because))


def _as_of(notice: Notice, duty: Duty, facts: CaseFacts, *, live: bool) -> Notice:
    # A letter on its way has its addressee already.
    recipient = notice.recipient if notice.letter_id else duty.recipient
    standing = Standing.LIVE if live else notice.standing
    return replace(
        notice, fires=True, recipient=recipient, standing=standing, aware_at=facts.provider_aware_at
    )


def _move(tx: Transaction, held: Notice, changed: Notice) -> None:
    if changed == held:
        return
    saved = store.save(tx, changed)
    if _published(held) != _published(saved) and saved.state in UNSENT:
        publish_standing(tx, saved)


def _published(notice: Notice) -> tuple[Dates, str]:
    return notice.dates, notice.recipient


def _reconsider(tx: Transaction, notice: Notice, facts: CaseFacts, rules: Mapping[str, Rule]) -> None:
    rule = rules.get(notice.rule)
    if rule is None or rule.trigger is not Trigger.FACTS or still_fires(rule, facts, notice.adult_id):
        return
    if notice.state in UNSENT and not notice.sending:
        store.save(tx, notices.withdraw(notice))
        tx.publish(NoticeWithdrawn(notice_id=notice.id, case_id=notice.case_id, withdrawn_at=tx.now))
    elif notice.fires and (notice.sending or notice.state is State.UNCERTAIN):
        # It may have left: only a person or the mail can say what becomes of it.
        store.save(tx, replace(notice, fires=False))
