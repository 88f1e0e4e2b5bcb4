"""The threshold decision: recorded once, told to everybody who acts on it."""

from dataclasses import replace

from services.intake.actions.permits import require
from services.intake.domain import contact as domain
from services.intake.domain import threshold
from services.intake.domain.contact import Contact
from services.intake.domain.permission import Act
from services.intake.domain.threshold import ENDING, Judgement, Recorded
from services.intake.store import contacts, judgements, rules
from shared.clock import new_id
from shared.contracts.intake import ContactClosed, ThresholdDecided
from shared.store.transaction import Transaction


def decide_threshold(
    tx: Transaction, contact_id: str, judgement: Judgement, version: int | None = None
) -> Contact:
    """Decide as the actor. Raises Refused when decided before, Invalid when something is missing."""
    require(tx, Act.DECIDE)
    # Who decides is who is signed in, whatever the page or program said.
    judgement = replace(judgement, decided_by=tx.scope.actor.id)
    before = domain.expect(contacts.get(tx, contact_id), version)
    after = threshold.decide(before, judgement, [code for code, _ in rules.criteria(tx)], tx.now)
    judgements.add_decision(
        tx, Recorded(id=new_id(), contact_id=contact_id, judgement=judgement, decided_at=tx.now)
    )
    tx.publish(_decided(tx, contact_id, judgement))
    if judgement.decision in ENDING:
        tx.publish(ContactClosed(contact_id=contact_id, decision=judgement.decision, closed_at=tx.now))
    return contacts.save(tx, after)


def _decided(tx: Transaction, contact_id: str, judgement: Judgement) -> ThresholdDecided:
    return ThresholdDecided(
        contact_id=contact_id,
        decision=judgement.decision,
        criteria=judgement.criteria,
        tier=judgement.tier,
        reasons=judgement.reasons,
        decided_by=judgement.decided_by,
        decided_at=tx.now,
    )
