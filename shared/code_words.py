"""The words for codes of open lists (sector, role, category, agency), the same in every service."""

import tomllib
from functools import cache
from importlib.resources import files

# Short words that are capitals in print; in a sentence the rest of a code is ordinary words.
_KEPT = frozenset(
    {"DBS", "CQC", "LA", "NHS", "IFA", "SEN", "FE", "TA", "HR", "OFSTED", "PRU", "AP", "CSC", "CSE"}
)


def code_words(kind: str, code: str) -> str:
    """`FOSTERING_LA` of kind `sector` is `Council fostering`; a code that an authority added reads as it is
    spelt; empty for none.
    """
    return shipped().get(kind, {}).get(code) or tidy(code)


def tidy(code: str) -> str:
    """A code as words: NEW_LA_SERVICE becomes `New LA service`."""
    words = [word if word in _KEPT else word.lower() for word in code.split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


@cache
def shipped() -> dict[str, dict[str, str]]:
    """All words, by kind and code."""
    return tomllib.loads(files(__package__).joinpath("code_words.toml").read_text(encoding="utf-8"))
