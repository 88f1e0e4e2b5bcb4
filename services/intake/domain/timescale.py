"""The two clocks of an approach: the officers' answer and the employer's report. Their rules are data."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from shared.errors import Invalid
from shared.working_days import Calendar, Unit

LONDON = ZoneInfo("Europe/London")
EVERYBODY = "*"
_MIDNIGHT = time()


@dataclass(frozen=True)
class Rule:
    """How much time there is. In force from `since` (inclusive) until `until` (exclusive), London days."""

    id: str
    authority: str
    since: date
    amount: int
    unit: Unit
    source: str
    until: date | None = None
    roll: bool = False

    @property
    def words(self) -> str:
        """Such as `1 working day`."""
        noun = self.unit.value.lower().replace("_", " ").replace("clock ", "")
        return f"{self.amount} {noun}" if self.amount == 1 else f"{self.amount} {noun}s"


@dataclass(frozen=True)
class Due:
    """A due moment (UTC) and the sentences that explain it."""

    at: datetime
    rule: Rule
    why: tuple[str, ...]


@cache
def _shipped() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("timescales.toml").read_text(encoding="utf-8"))


def shipped_rules() -> tuple[Rule, ...]:
    """The rules as Heed ships them."""
    return tuple(_rule(raw) for raw in _shipped()["rule"])


def draft_life() -> timedelta:
    """How long an unfinished form is kept after it was last saved."""
    return timedelta(days=_shipped()["draft"]["days"])


def own_rules(authority: str, changes: Sequence[Mapping[str, Any]] | None) -> tuple[Rule, ...]:
    """An authority's own rules from its configuration. Raises Invalid."""
    try:
        return tuple(_rule({**raw, "authority": authority}) for raw in changes or ())
    except (KeyError, ValueError, TypeError):
        raise Invalid("A time limit needs its name, amount, unit, first day and source.") from None


def rule_for(rules: Sequence[Rule], name: str, authority: str, on: date) -> Rule:
    """The rule of that name in force for the authority on that London day."""
    fitting = [
        rule
        for rule in rules
        if rule.id == name
        and rule.authority in {authority, EVERYBODY}
        and rule.since <= on
        and (rule.until is None or on < rule.until)
    ]
    if not fitting:
        raise Invalid(f"There is no time limit called {name} for that day. Add one under configuration.")
    return max(fitting, key=lambda rule: (rule.authority != EVERYBODY, rule.since))


def due(rule: Rule, start: datetime, calendar: Calendar) -> Due:
    """When it is due after a start, and why then."""
    found = calendar.explain(start, rule.amount, rule.unit)
    at = _rolled(found.due_at, calendar) if rule.roll else found.due_at
    why = [f"It started at {moment_words(start)}."]
    if found.late:
        why.append(f"That was after {clock_words(found.late)}, when the working day ends.")
    if found.counted_from != found.event_day:
        why.append(f"It counts as received on {day_words(found.counted_from)}, the next working day.")
    if found.skipped:
        left_out = ", ".join(f"{day_words(one.day)} ({one.why})" for one in found.skipped)
        why.append(f"Days left out: {left_out}.")
    if at != found.due_at:
        why.append("The time ends on a day off, so it moves to the same time on the next working day.")
    why.append(f"The time allowed is {rule.words}. {rule.source}.")
    return Due(at, rule, tuple(why))


def late(start: datetime | None, reached: datetime, rule: Rule, calendar: Calendar) -> bool | None:
    """Whether something came after its time; None when its start is not known."""
    return None if start is None else reached > due(rule, start, calendar).at


def _rolled(at: datetime, calendar: Calendar) -> datetime:
    # The same hour of London's clock, also when the clocks change over the weekend.
    local = at.astimezone(LONDON)
    while not calendar.is_working_day(local.date()):
        local += timedelta(days=1)
    return local.astimezone(UTC)


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        raw["id"],
        raw["authority"],
        _day(raw["from"]),
        int(raw["amount"]),
        Unit(raw["unit"]),
        raw["source"],
        _day(raw["until"]) if raw.get("until") else None,
        bool(raw.get("roll", False)),
    )


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def day_words(day: date) -> str:
    """Such as `Tuesday 24 November 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def clock_words(at: time) -> str:
    """Such as `4:30pm`."""
    # 12am and 12pm are read both ways.
    if at.replace(second=0, microsecond=0) in {time(12), _MIDNIGHT}:
        return "midday" if at.hour else "midnight"
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}:{at.minute:02}{half}" if at.minute else f"{hour}{half}"


def moment_words(moment: datetime) -> str:
    """A moment on London's clock, such as `4:30pm on Tuesday 24 November 2026`."""
    local = moment.astimezone(LONDON)
    return f"{clock_words(local.time())} on {day_words(local.date())}"


def deadline_words(moment: datetime) -> str:
    """A due moment as people say it: midnight is the end of the day before."""
    local = moment.astimezone(LONDON)
    if local.time() == _MIDNIGHT:
        return f"the end of {day_words(local.date() - timedelta(days=1))}"
    return moment_words(moment)


def with_change(
    own: Sequence[Mapping[str, Any]] | None, row: Mapping[str, Any], day: date
) -> list[dict[str, Any]]:
    """An authority's own rules in their written form, with one from that day on. Raises Invalid."""
    first = day.isoformat()
    kept = [dict(one) for one in own or () if (one["id"], str(one["from"])) != (row["id"], first)]
    changed = [*kept, {**row, "from": first}]
    own_rules("own", changed)
    return changed
