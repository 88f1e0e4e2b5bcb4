"""The word lists of `lists.toml`."""

import tomllib
from functools import cache
from importlib import resources


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list."""
    return frozenset(_lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(resources.files(__package__).joinpath("lists.toml").read_text(encoding="utf-8"))
