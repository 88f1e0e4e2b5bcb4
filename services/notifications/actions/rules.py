"""The rules that hold for the bound authority now."""

from functools import cache

from services.notifications.domain.rule import Rule, rules_from
from shared.errors import NotFound
from shared.replicas import configuration
from shared.store.transaction import Transaction

KIND = "notification_rules"


def rules_of(tx: Transaction) -> tuple[Rule, ...]:
    """The shipped rules with the authority's own changes (configuration of kind `notification_rules`)."""
    # As they stand at tx.now: a history is judged by the rules of its own time.
    changes = configuration(tx, KIND)
    return rules_from(changes) if changes else _shipped()


def rule_of(tx: Transaction, rule_id: str) -> Rule:
    """One rule. Raises NotFound."""
    found = next((one for one in rules_of(tx) if one.id == rule_id), None)
    if found is None:
        raise NotFound("There is no such rule in your authority.")
    return found


@cache
def _shipped() -> tuple[Rule, ...]:
    return rules_from()
