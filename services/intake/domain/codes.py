"""Code lists: canonical codes in data, plain labels on screen, in each authority's own words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


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


def _entries(values: Mapping[str, Any]) -> dict[str, Code]:
    return {code: _entry(code, value) for code, value in values.items()}


def _entry(code: str, value: Any) -> Code:
    if isinstance(value, str):
        return Code(code, value)
    return Code(code, value["label"], _day(value.get("from")), _day(value.get("until")))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
