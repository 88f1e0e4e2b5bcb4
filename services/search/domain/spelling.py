"""How alike two words of names are: forms of one name, slips of the pen, one sound."""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from services.search.domain.forms import are_forms, is_english, is_known
from services.search.domain.lists import listed
from services.search.domain.sound import skeleton

_FEMININE = frozenset({"a", "ia", "ina", "ine", "ita", "ette", "elle", "le"})
_RELIGIOUS = listed("religious")
_PET_ENDING = re.compile(r"(?:ie|ey|[yioaes])$")


class Agreement(NamedTuple):
    """`level` is empty when a side says nothing; `term` is empty when rarity does not matter."""

    level: str = ""
    term: str = ""


DIFFERENT = Agreement("different")


@lru_cache(maxsize=131_072)
def words_alike(mine: str, theirs: str) -> Agreement:
    """The level of two words, as first names are compared; for surnames see `likeness`."""
    if mine == theirs:
        return Agreement("same", f"n:{mine}")
    if len(mine) == 1 or len(theirs) == 1:
        return Agreement("initial") if mine[0] == theirs[0] else DIFFERENT
    if are_forms(mine, theirs):
        return Agreement("form")
    return _nearly_alike(mine, theirs)


def _nearly_alike(mine: str, theirs: str) -> Agreement:
    if _feminine(mine, theirs):
        return Agreement("close")
    slip, sound = _slip(mine, theirs), skeleton(mine)
    # Two consonants are few: Kylie and Kayleigh are two names.
    both = is_known(mine) and is_known(theirs)
    # Alexander and Alexandra may be twins, and are two people.
    if both and mine.endswith("a") != theirs.endswith("a"):
        return _shortened(mine, theirs) or _hardly_alike(mine, theirs)
    telling = 3 if both else 2
    if sound == skeleton(theirs) and len(sound) >= telling:
        return Agreement("variant", f"k:{sound}")
    if slip:
        return Agreement(slip)
    return _shortened(mine, theirs) or _hardly_alike(mine, theirs)


def _shortened(mine: str, theirs: str) -> Agreement | None:
    if not _begins(mine, theirs):
        return None
    return Agreement("close" if is_known(mine) and is_known(theirs) else "begins")


def _hardly_alike(mine: str, theirs: str) -> Agreement:
    # Ahmed and Hamid are two names; Ahmed and Ahemd were meant to be one.
    if not (is_known(mine) and is_known(theirs)) and _close(mine, theirs):
        return Agreement("close")
    return _taken(mine, theirs) or _taken(theirs, mine) or DIFFERENT


def _taken(mine: str, theirs: str) -> Agreement | None:
    """Whether one may be a name that somebody called the other took later."""
    if theirs in _RELIGIOUS and mine not in _RELIGIOUS and (is_english(mine) or not is_known(mine)):
        return Agreement("religious")
    # A name of another language beside an English one: many who came here go by both.
    return Agreement("adopted") if is_english(mine) and not is_english(theirs) else None


def _feminine(mine: str, theirs: str) -> bool:
    """Martin and Martina: two names, however alike."""
    short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    return long.startswith(short) and long[len(short) :] in _FEMININE and is_known(short) and is_known(long)


def _begins(mine: str, theirs: str) -> bool:
    """One is a short form of the other, with or without a pet ending: `Rosie` of `Rosalind`."""
    short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    if len(short) < 3:
        return False
    # Without its ending it begins whatever it begins with it.
    stem = _stem(short)
    return long.startswith(stem if len(stem) >= 3 else short) or (len(short) >= 4 and long.endswith(short))


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return _PET_ENDING.sub("", word)


def _slip(mine: str, theirs: str) -> str:
    longer = max(len(mine), len(theirs))
    if longer < 4:
        return ""
    # Adjacent letters exchanged count as one slip, as they do for a hand on a keyboard.
    distance = OSA.distance(mine, theirs, score_cutoff=2)
    # Ellen and Helen are one letter apart and two people.
    if distance <= 2 and is_known(mine) and is_known(theirs):
        return ""
    if distance == 1:
        return "slip" if longer > 5 else "short_slip"
    return "slip" if distance == 2 and longer >= 8 else ""


def _close(mine: str, theirs: str) -> bool:
    if JaroWinkler.similarity(mine, theirs) >= 0.86:
        return True
    sound, other = skeleton(mine), skeleton(theirs)
    return len(sound) >= 3 and len(other) >= 3 and OSA.distance(sound, other, score_cutoff=1) <= 1
