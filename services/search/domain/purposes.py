"""The code list of purposes for searches that reach beyond the own authority."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from shared.errors import Invalid

# Nobody chooses it: whoever looks at a setting of which they were told a concern is pointed at others.
AT_SETTING = "AT_SETTING"


@cache
def shipped() -> dict[str, str]:
    """Code and words, in the order to show them."""
    table = tomllib.loads(resources.files(__package__).joinpath("purposes.toml").read_text(encoding="utf-8"))
    return read(table)


def read(table: Mapping[str, Any]) -> dict[str, str]:
    """Those that can be chosen, from the list's data."""
    return {one["code"]: one["words"] for one in table["purposes"] if one.get("on", True)}


def entries(own: Any) -> dict[str, dict[str, Any]]:
    """Every purpose of an authority's own list, or of the shipped one, by code, also those that are off."""
    if isinstance(own, Mapping):
        return {one["code"]: {"on": True, **one} for one in own["purposes"]}
    return {code: {"code": code, "words": words, "on": True} for code, words in shipped().items()}


def with_change(own: Any, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The authority's list as written, with one purpose as given. Raises Invalid when none is left."""
    changed = {"purposes": list({**entries(own), entry["code"]: dict(entry)}.values())}
    if not read(changed):
        raise Invalid("Keep at least one purpose.", {"on": ["Keep at least one purpose in use."]})
    return changed
