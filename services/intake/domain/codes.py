"""Code lists: canonical codes in data, plain labels on screen, in each authority's own words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True)
class Code:
    """One entry. It may be chosen from `since` until (not on) `until`; old records keep it for ever."""

    code: str
    label: str
    since: date | None = None
    until: date | None = None

    def choosable(self, on: date) -> bool:
        """Whether it may be chosen that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


Lists = Mapping[str, Mapping[str, Code]]


@cache
def shipped() -> Lists:
    """The lists as Heed ships them."""
    raw = tomllib.loads(files(__package__).joinpath("codes.toml").read_text(encoding="utf-8"))
    return {name: _entries(values) for name, values in raw.items()}


def with_changes(changes: Mapping[str, Mapping[str, Any]] | None) -> Lists:
    """The shipped lists with an authority's own labels, dates and additional codes."""
    lists = dict(shipped())
    for name, entries in (changes or {}).items():
        lists[name] = {**lists.get(name, {}), **_entries(entries)}
    return lists


def choices(lists: Lists, name: str, on: date) -> list[tuple[str, str]]:
    """What a screen offers that day, in order, as (code, label)."""
    return [(entry.code, entry.label) for entry in lists[name].values() if entry.choosable(on)]


def label(lists: Lists, name: str, code: str) -> str:
    """The words for a code; the code itself when unknown, so that an old record shows something."""
    # Lists change and records do not: what was once chosen must always be readable.
    entry = lists.get(name, {}).get(code)
    return entry.label if entry else code


def check(lists: Lists, given: Mapping[str, tuple[str, str]]) -> None:
    """Raises Invalid for each answer, by its field's name as (list, code), that its list does not have."""
    wrong = {
        field: ["Choose from the answers listed."]
        for field, (name, code) in given.items()
        if code not in lists[name]
    }
    if wrong:
        raise Invalid("An answer is not on its list.", wrong)


def _entries(values: Mapping[str, Any]) -> dict[str, Code]:
    return {code: _entry(code, value) for code, value in values.items()}


def _entry(code: str, value: Any) -> Code:
    if isinstance(value, str):
        return Code(code, value)
    return Code(code, value["label"], _day(value.get("from")), _day(value.get("until")))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


# The work of the services hangs on these codes: their words may change, the codes not.
OPEN_LISTS = (
    "referrer_agency", "employment_sector", "role", "employment_basis", "work_status", "harm_category",
    "immediate_safeguard",
)  # fmt: skip


def with_change(
    changes: Mapping[str, Mapping[str, Any]] | None, name: str, entry: Code
) -> dict[str, dict[str, Any]]:
    """An authority's changes with those of one entry added, in their written form. Raises Invalid."""
    known = {one: dict(entries) for one, entries in (changes or {}).items()}
    written = {"label": entry.label, "from": _text(entry.since), "until": _text(entry.until)}
    known.setdefault(name, {})[entry.code] = {key: value for key, value in written.items() if value}
    if name not in OPEN_LISTS and entry.code not in shipped().get(name, {}):
        raise Invalid(
            "Nothing can be added to this list.", {"list": [f"Choose one of: {', '.join(OPEN_LISTS)}."]}
        )
    if name not in OPEN_LISTS and entry.until is not None:
        words = "Heed works with this entry. You can change its words, not retire it."
        raise Invalid("This entry stays.", {"until": [words]})
    if entry.since and entry.until and entry.until <= entry.since:
        raise Invalid("The days do not hold.", {"until": ["Enter a day after the first one."]})
    if all(one.until for one in with_changes(known)[name].values()):
        raise Invalid(
            "The list would run empty.", {"until": ["Leave at least one entry without a last day."]}
        )
    return known


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
