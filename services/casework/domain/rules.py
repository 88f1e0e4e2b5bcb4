"""Clock rules as data: what starts and stops a clock, how long it runs, where the rule comes from."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from shared.errors import Invalid
from shared.working_days import Unit


class Happening(StrEnum):
    """What can start or stop a clock."""

    ALLEGATION_KNOWN_TO_EMPLOYER = "ALLEGATION_KNOWN_TO_EMPLOYER"
    CONTACT_RECEIVED = "CONTACT_RECEIVED"
    THRESHOLD_DECIDED = "THRESHOLD_DECIDED"
    FIRST_MEETING_HELD = "FIRST_MEETING_HELD"
    FIRST_MEETING_WAIVED = "FIRST_MEETING_WAIVED"
    OUTCOME_MEETING_HELD = "OUTCOME_MEETING_HELD"
    REVIEW_RECORDED = "REVIEW_RECORDED"
    OUTCOME_AGREED = "OUTCOME_AGREED"
    CASE_CLOSED = "CASE_CLOSED"


HAPPENING_WORDS = {
    Happening.ALLEGATION_KNOWN_TO_EMPLOYER: "the employer knew",
    Happening.CONTACT_RECEIVED: "the contact was received",
    Happening.THRESHOLD_DECIDED: "the threshold was decided",
    Happening.FIRST_MEETING_HELD: "the first meeting was held",
    Happening.FIRST_MEETING_WAIVED: "it was decided to hold no first meeting",
    Happening.OUTCOME_MEETING_HELD: "the closing meeting was held",
    Happening.REVIEW_RECORDED: "the case was reviewed",
    Happening.OUTCOME_AGREED: "the last outcome was recorded",
    Happening.CASE_CLOSED: "the case was closed",
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One clock of an authority in a span of days (both ends included).

    `stop` ends the clock as done, `ends_with` calls it off; `then_every` is the length of the periods that
    follow; `warn_days` counts working days before the due day; `kpi_target` is a percentage the authority
    reports against.
    """

    id: str
    label: str
    start: Happening
    stop: Happening
    amount: int
    unit: Unit
    effective_from: date
    source: str
    effective_to: date | None = None
    ends_with: Happening = Happening.CASE_CLOSED
    then_every: int | None = None
    warn_days: int = 0
    escalate_to: str = ""
    kpi_target: int | None = None
    off: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is in force then."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(files("services.casework.domain").joinpath("rules.toml").read_text("utf-8"))


def delay_reasons() -> Mapping[str, str]:
    """Codes and labels of why a clock may be paused."""
    reasons: dict[str, str] = _shipped()["delay_reasons"]
    return reasons


def rules_of(authority: str, configured: Sequence[Mapping[str, Any]] | None = None) -> tuple[Rule, ...]:
    """All rules of an authority, whatever their dates: its own over the defaults, by id. Raises Invalid."""
    # What an administrator wrote replaces the shipped set of the authority, never the defaults below it.
    own = configured if configured is not None else _shipped().get(authority, [])
    mine = read(own)
    replaced = {rule.id for rule in mine}
    return tuple(rule for rule in _defaults() if rule.id not in replaced) + tuple(
        rule for rule in mine if not rule.off
    )


@cache
def _defaults() -> tuple[Rule, ...]:
    return read(_shipped()["default"])


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules from their written form; days may be dates or ISO text. Raises Invalid when one does not read."""
    try:
        return tuple(_rule(row) for row in rows)
    except (KeyError, TypeError, ValueError):
        raise Invalid("A clock rule does not read. Compare it with the ones that are shipped.") from None


def _rule(row: Mapping[str, Any]) -> Rule:
    known = dict(row)
    for name in ("effective_from", "effective_to"):
        if isinstance(known.get(name), str):
            known[name] = date.fromisoformat(known[name])
    for name in ("start", "stop", "ends_with"):
        if name in known:
            known[name] = Happening(known[name])
    rule = Rule(**{**known, "unit": Unit(known["unit"])})
    if rule.amount < 0 or (rule.then_every is not None and rule.then_every < 1):
        raise ValueError
    return rule


def in_force(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """Those that hold on a day; of several with one id, the latest."""
    found: dict[str, Rule] = {}
    # Later rules overwrite earlier ones of the same id, so that the newest in force wins.
    for rule in sorted(rules, key=lambda one: one.effective_from):
        if rule.holds_on(day):
            found[rule.id] = rule
    return tuple(found.values())


def with_change(
    authority: str,
    configured: Sequence[Mapping[str, Any]] | None,
    row: Mapping[str, Any],
    day: date,
    *,
    on: bool,
) -> list[dict[str, Any]]:
    """The authority's whole rule set, in its written form, with one rule as `row` says from that day on, or
    without it. Raises Invalid.
    """
    own = list(configured if configured is not None else _shipped().get(authority, []))
    # A default gives way as soon as the authority has a rule of that id, so its past comes along.
    if all(one["id"] != row["id"] for one in own):
        own += [one for one in _shipped()["default"] if one["id"] == row["id"]]
    others = [dict(one) for one in own if one["id"] != row["id"]]
    past = [
        _ended(one, day) for one in own if one["id"] == row["id"] and _since(one) < day and not one.get("off")
    ]
    following = [{**row, "effective_from": day}] if on else []
    changed = [_written(one) for one in (*others, *past, *following)]
    read(changed)
    return changed


def current(
    authority: str, configured: Sequence[Mapping[str, Any]] | None, day: date
) -> dict[str, tuple[Rule, bool]]:
    """Every rule by id as it stands on a day, or stood last, and whether it is in force. Raises Invalid."""
    rules = rules_of(authority, configured)
    last = {rule.id: (rule, False) for rule in sorted(rules, key=lambda one: one.effective_from)}
    return last | {rule.id: (rule, True) for rule in in_force(rules, day)}


def _ended(row: Mapping[str, Any], day: date) -> dict[str, Any]:
    last = row.get("effective_to")
    known = date.fromisoformat(last) if isinstance(last, str) else last
    eve = day - timedelta(days=1)
    return {**row, "effective_to": eve if known is None else min(known, eve)}


def _since(row: Mapping[str, Any]) -> date:
    since: date | str = row["effective_from"]
    return date.fromisoformat(since) if isinstance(since, str) else since


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if value is not None
    }
