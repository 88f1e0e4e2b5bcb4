"""A notification rule: when somebody must, may or should tell somebody, by when, and with what content."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from shared.errors import Invalid
from shared.vocabulary import Basis


class Trigger(StrEnum):
    """What makes a rule be asked: a snapshot of the case, the end of the concern, or a signed look-back at a
    setting.
    """

    FACTS = "facts"
    CLOSE = "close"
    LOOKBACK = "lookback"


class Unit(StrEnum):
    """How a deadline counts. WITHOUT_DELAY is law without a number; NO_NUMBER is a duty without a time in
    law.
    """

    CALENDAR_DAY = "CALENDAR_DAY"
    WORKING_DAY = "WORKING_DAY"
    WITHOUT_DELAY = "WITHOUT_DELAY"
    NO_NUMBER = "NO_NUMBER"


class Start(StrEnum):
    """The moment a deadline counts from."""

    PROVIDER_AWARE = "PROVIDER_AWARE"
    RAISED = "RAISED"


@dataclass(frozen=True)
class Period:
    """So many days of a kind. `words` is how the rule itself puts it."""

    unit: Unit
    amount: int = 0
    start: Start = Start.RAISED
    words: str = ""


@dataclass(frozen=True)
class Limits:
    """The code lists a predicate compares with; from data, so that an authority can change them."""

    sectors: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    abuse: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`when` names a predicate; `remind` is Heed's own reminder where the law gives no date; `recipients`
    refines the recipient by the adult's sector.
    """

    id: str
    title: str
    trigger: Trigger
    when: str
    limits: Limits
    duty_of: str
    basis: Basis
    recipient: str
    recipients: Mapping[str, str]
    deadline: Period
    remind: Period
    law: str
    source: str
    plain: str
    content: tuple[str, ...]
    required: frozenset[str]
    effective_from: date | None
    effective_to: date | None
    on: bool

    def in_force(self, day: date) -> bool:
        """Whether it is switched on and its dates cover the day (`effective_to` is the first day without
        it).
        """
        begun = self.effective_from is None or self.effective_from <= day
        return self.on and begun and (self.effective_to is None or day < self.effective_to)

    def recipient_for(self, sectors: Sequence[str]) -> str:
        """The kind of body to tell about an adult of these sectors."""
        return next((self.recipients[one] for one in sectors if one in self.recipients), self.recipient)


@cache
def shipped() -> Mapping[str, Any]:
    """The default rule set, as written in `rules.toml`."""
    return tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))


def rules_from(changes: Mapping[str, Any] | None = None) -> tuple[Rule, ...]:
    """The rules in order of their ids. `changes` has the shape of `rules.toml`; a rule in it may give only
    the keys that differ. Raises Invalid when a rule does not hold together.
    """
    changed = changes or {}
    sets = {**shipped()["sets"], **changed.get("sets", {})}
    tables = dict(shipped()["rule"])
    for rule_id, table in changed.get("rule", {}).items():
        tables[rule_id] = {**tables.get(rule_id, {}), **table}
    return tuple(_read(rule_id, tables[rule_id], sets) for rule_id in sorted(tables))


def _read(rule_id: str, table: Mapping[str, Any], sets: Mapping[str, Sequence[str]]) -> Rule:
    try:
        return _rule(rule_id, table, sets)
    except (KeyError, TypeError, ValueError):
        raise Invalid(f"Rule {rule_id} is not complete: compare it with the rules that Heed ships.") from None


def _rule(rule_id: str, table: Mapping[str, Any], sets: Mapping[str, Sequence[str]]) -> Rule:
    # The rule's own lists go before the shared sets of the same name.
    chosen = {name: frozenset(codes) for name, codes in {**sets, **table.get("limits", {})}.items()}
    return Rule(
        id=rule_id,
        trigger=Trigger(table["trigger"]),
        limits=Limits(**chosen),
        basis=Basis(table["basis"]),
        recipients=dict(table.get("recipients", {})),
        deadline=_period(table["deadline"]),
        remind=_period(table["remind"]),
        content=tuple(table["content"]),
        required=frozenset(table["required"]),
        effective_from=_day(table.get("effective_from")),
        effective_to=_day(table.get("effective_to")),
        # Only a real true: the word "false" in an authority's file must not switch a rule on.
        on=table["on"] is True,
        **{name: str(table[name]) for name in _TEXTS},
    )


_TEXTS = ("title", "when", "duty_of", "recipient", "law", "source", "plain")


def _period(table: Mapping[str, Any]) -> Period:
    return Period(
        Unit(table["unit"]),
        int(table.get("amount", 0)),
        Start(table.get("start", Start.RAISED)),
        str(table.get("words", "")),
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def with_change(
    configured: Mapping[str, Any] | None, rule_id: str, table: Mapping[str, Any], *, source: str
) -> dict[str, Any]:
    """An authority's changes with one rule added; `table` gives the keys that differ. Raises Invalid.

    A rule that ships off was not confirmed in force; whoever switches it on names the `source` that does.
    """
    before = shipped()["rule"].get(rule_id)
    if before is not None and table["on"] and not before["on"] and source == before["source"]:
        words = "Heed ships this rule off because it is not confirmed. Name the source that confirms it."
        raise Invalid("Name the source.", {"source": [words]})
    known = dict(configured or {})
    of_rule = {**known.get("rule", {}).get(rule_id, {}), **table, "source": source}
    changed = {**known, "rule": {**known.get("rule", {}), rule_id: of_rule}}
    rules_from(changed)
    return changed
