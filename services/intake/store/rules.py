"""The rules in force for the bound authority today: shipped defaults, changed by its configuration."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.intake.domain import codes, reference, timescale
from services.intake.store import contacts, drafts
from shared import replicas, working_days
from shared.store.transaction import Transaction

CODES, CLOCKS, PREFIX, CRITERIA = "code-lists", "answer-clocks", "reference-prefix", "criteria"
RETENTION = "retention"
_LONDON = ZoneInfo("Europe/London")


def today(tx: Transaction) -> date:
    """London's day."""
    return tx.now.astimezone(_LONDON).date()


def lists(tx: Transaction) -> codes.Lists:
    """The code lists with the authority's own labels."""
    return codes.with_changes(replicas.configuration(tx, CODES))


def criteria(tx: Transaction) -> list[tuple[str, str]]:
    """The harm tests that the authority uses today, as (code, label)."""
    own = replicas.configuration(tx, CRITERIA)
    offered = codes.choices(lists(tx), "criterion", today(tx))
    return [one for one in offered if own is None or one[0] in own]


def clock(tx: Transaction, name: str, start: datetime) -> timescale.Due:
    """When the clock of that name ends if it starts then, by the rule in force on that day."""
    own = timescale.own_rules(tx.authority, replicas.configuration(tx, CLOCKS))
    rules = (*timescale.shipped_rules(), *own)
    rule = timescale.rule_for(rules, name, tx.authority, start.astimezone(_LONDON).date())
    return timescale.due(rule, start, working_days.of(tx))


def new_reference(tx: Transaction, record_id: str) -> str:
    """A reference that nothing else of the authority has."""
    prefix = replicas.configuration(tx, PREFIX) or reference.prefix_of(tx.authority)
    # The id gives the reference, so that a repeated transaction makes the same one; a clash gets the next.
    attempt = 0
    while True:
        found = reference.make(prefix, tx.now, f"{record_id}:{attempt}")
        if not contacts.reference_taken(tx, found) and not drafts.reference_taken(tx, found):
            return found
        attempt += 1
