"""The code list of purposes for searches that reach beyond the own authority."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def shipped() -> dict[str, str]:
    """Code and words, in the order to show them."""
    table = tomllib.loads(resources.files(__package__).joinpath("purposes.toml").read_text(encoding="utf-8"))
    return read(table)


def read(table: Mapping[str, Any]) -> dict[str, str]:
    """The list from its data."""
    return {one["code"]: one["words"] for one in table["purposes"]}
