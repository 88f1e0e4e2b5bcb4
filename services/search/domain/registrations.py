"""Numbers that a regulator, employer or register gave to a person."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

Registration = tuple[str, str]

# A DBS certificate has a new number each time, so another number says next to nothing.
_CHANGING = frozenset({"DBS"})
_NOISE = re.compile(r"[^A-Z0-9]")


@lru_cache(maxsize=65_536)
def registration(scheme: str, value: str) -> Registration | None:
    """Scheme and value without blanks, marks and leading zeros; None for a placeholder."""
    # Spreadsheets drop leading zeros, so they cannot count.
    plain = _NOISE.sub("", value.upper())[:40].lstrip("0")
    name = _NOISE.sub("", scheme.upper())[:20]
    if len(plain) < 4 or not any(letter.isdigit() for letter in plain) or len(set(plain)) == 1:
        return None
    return name, plain


def compare(mine: Iterable[Registration], theirs: Iterable[Registration]) -> tuple[str, str]:
    """The best level and the scheme it was found in; empty when no scheme is common."""
    best, found = "", ""
    for scheme, value in mine:
        for other_scheme, other in theirs:
            if scheme == other_scheme:
                level = _level(scheme, value, other)
                if not best or _ORDER[level] < _ORDER[best]:
                    best, found = level, scheme
    return best, found


_ORDER = {"same": 0, "slip": 1, "conflict": 2, "other_certificate": 3}


def _level(scheme: str, mine: str, theirs: str) -> str:
    if mine == theirs:
        return "same"
    # One digit off in a short number is simply another person's number.
    if len(mine) >= 6 and OSA.distance(mine, theirs, score_cutoff=1) <= 1:
        return "slip"
    return "other_certificate" if scheme in _CHANGING else "conflict"
