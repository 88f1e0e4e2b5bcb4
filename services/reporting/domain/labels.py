"""Plain words for the codes in figures: the authority's own term first, then the shipped label, then the code
in the words of every service.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from shared.code_words import code_words


def label(dimension: str, code: str, terms: Mapping[str, str] | None = None) -> str:
    """The words for one code of a dimension."""
    own = (terms or {}).get(code)
    return own or shipped().get(dimension, {}).get(code) or code_words(dimension, code)


@cache
def shipped() -> dict[str, dict[str, str]]:
    """All shipped labels, by dimension."""
    return tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
