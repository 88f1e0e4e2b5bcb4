"""One change of one rule: checked, shown before it is made, and made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from shared import replicas
from shared.clock import LONDON
from shared.errors import Conflict, Invalid, NotFound
from shared.store.transaction import Transaction
from shared.web.rulebook.sets import Row, RuleSchema, RuleSet
from shared.web.wording import date_words

_ABOUT_THE_CHANGE = frozenset(RuleSchema().fields)


@dataclass(frozen=True)
class Draft:
    """A change that may be made: the whole new value, and the rule before and after it."""

    value: Any
    since: datetime
    day: date
    reason: str
    before: Row | None
    after: Row


def today(tx: Transaction) -> date:
    """London's day."""
    return tx.now.astimezone(LONDON).date()


def first_day(tx: Transaction, rules: RuleSet) -> date:
    """The first day on which another change may begin: today, or that of the latest one set down."""
    # Asked from there on, so that what is set down already stands in the form and is not undone by it.
    latest = replicas.configuration_begins(tx, rules.kind)
    return max(today(tx), latest.astimezone(LONDON).date()) if latest else today(tx)


def rows_on(tx: Transaction, rules: RuleSet, day: date) -> Mapping[str, Row]:
    """The rules of the bound authority as they stand on a day."""
    own = replicas.configuration(tx, rules.kind, _begins(tx, day))
    return rules.rows(tx.authority, own, day)


def draft(tx: Transaction, rules: RuleSet, key: str | None, answers: Mapping[str, Any]) -> Draft:
    """The change these answers ask for; `key` None adds a rule. Raises Invalid, Conflict or NotFound."""
    day: date = answers["starts"]
    _check_day(tx, rules, day)
    if answers["seen"] != len(replicas.configuration_versions(tx, rules.kind)):
        raise Conflict("Somebody changed these rules meanwhile. Load the page again and compare.")
    own = replicas.configuration(tx, rules.kind, _begins(tx, day))
    before = _before(rules, rules.rows(tx.authority, own, day), key, answers)
    fixed = {name: before[name] for name in rules.fixed} if before else {}
    row = {name: answers.get(name) for name in rules.schema().fields if name not in _ABOUT_THE_CHANGE} | fixed
    value = rules.put(tx.authority, own, row, day)
    after = rules.rows(tx.authority, value, day)[rules.key(row)]
    if before is not None and rules.said(before) == rules.said(after):
        raise Invalid("Nothing would change. Change an answer, or go back.")
    return Draft(value, _begins(tx, day), day, answers["reason"], before, after)


def make(tx: Transaction, rules: RuleSet, change: Draft) -> None:
    """Publish it, from its day on."""
    replicas.change_configuration(tx, rules.kind, change.value, since=change.since, reason=change.reason)


def differences(rules: RuleSet, change: Draft) -> list[tuple[str, str, str]]:
    """Question, answer before, answer after: those that differ."""
    before = rules.said(change.before) if change.before else {}
    after = rules.said(change.after)
    rows = [(label, before.get(name, ("", "Not set"))[1], now) for name, (label, now) in after.items()]
    return [row for row in rows if row[1] != row[2]]


def examples(tx: Transaction, rules: RuleSet, change: Draft) -> list[tuple[str, str, str]]:
    """What the rule says of an example, before and after."""
    if rules.examples is None:
        return []
    old = dict(rules.examples(tx, change.before, change.day)) if change.before else {}
    return [
        (what, old.get(what, "Not set"), now) for what, now in rules.examples(tx, change.after, change.day)
    ]


def _before(
    rules: RuleSet, rows: Mapping[str, Row], key: str | None, answers: Mapping[str, Any]
) -> Row | None:
    if key is None:
        if rules.key(answers) in rows:
            raise Invalid(
                "There is one already.", {rules.fixed[-1]: ["There is a rule of this name already."]}
            )
        return None
    if key not in rows:
        raise NotFound("There is no such rule in your authority.")
    return rows[key]


def _check_day(tx: Transaction, rules: RuleSet, day: date) -> None:
    if day < today(tx):
        words = "Enter today or a later day: a rule does not change what was decided under it."
        raise Invalid("The day is past.", {"starts": [words]})
    first = first_day(tx, rules)
    # A version holds the whole set: one that begins earlier would be undone by the one set down before it.
    if day < first:
        words = f"A change is set down for {date_words(first)}. Enter that day or a later one."
        raise Invalid("Another change comes later.", {"starts": [words]})


def _begins(tx: Transaction, day: date) -> datetime:
    return tx.now if day == today(tx) else datetime.combine(day, time(), LONDON)
