"""Plain words for the codes in figures: the authority's own term first, then the shipped label, then the code
tidied.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

# Short words that are capitals in print; in a sentence the rest of a code is ordinary words.
_KEPT = frozenset(
    {"DBS", "CQC", "LA", "NHS", "IFA", "SEN", "FE", "TA", "HR", "OFSTED", "PRU", "AP", "CSC", "CSE"}
)


def label(dimension: str, code: str, terms: Mapping[str, str] | None = None) -> str:
    """The words for one code of a dimension."""
    own = (terms or {}).get(code)
    return own or shipped().get(dimension, {}).get(code) or tidy(code)


def tidy(code: str) -> str:
    """A code as words: FOSTERING_LA becomes `Fostering LA`."""
    words = [word if word in _KEPT else word.lower() for word in code.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


@cache
def shipped() -> dict[str, dict[str, str]]:
    """All shipped labels, by dimension."""
    return tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
