"""How alike two names are: the level of each part, and the term whose rarity says what an agreement is
worth."""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from services.search.domain.forms import are_forms, is_known
from services.search.domain.lists import listed
from services.search.domain.names import PARTICLES, PersonName
from services.search.domain.sound import skeleton


class Agreement(NamedTuple):
    """`level` is empty when a side says nothing; `term` is empty when rarity does not matter."""

    level: str = ""
    term: str = ""


class Alignment(NamedTuple):
    """The best way to lay one name upon another; `order` says how the words had to be moved."""

    given: Agreement
    middle: str
    surname: Agreement
    order: str = ""


_FEMININE = frozenset({"a", "ia", "ina", "ine", "ita", "ette", "elle", "le"})
_RELIGIOUS = listed("religious")
_PET_ENDING = re.compile(r"(?:ie|ey|[yioaes])$")

NOTHING = Agreement()
DIFFERENT = Agreement("different")

# Only for choosing between ways of laying names upon each other; the weights proper are data.
_WORTH = {
    "": 0.0,
    "same": 8.0,
    "part": 6.0,
    "part_close": 3.0,
    "slip": 6.0,
    "form": 5.0,
    "variant": 5.0,
    "short_slip": 4.0,
    "begins": 3.5,
    "middle": 3.0,
    "initial": 2.5,
    "close": 1.5,
    "religious": -3.0,
    "different": -4.0,
}
_SETTLED = frozenset({"same", "part", "slip", "form", "variant", "short_slip", "begins"})


def align(mine: PersonName, theirs: PersonName) -> Alignment:
    """Lay the names straight; when that does not agree, exchanged or in any order."""
    straight = _lay(mine.given, mine.surname, theirs.given, theirs.surname, "")
    if straight.given.level in _SETTLED and straight.surname.level in _SETTLED:
        return straight
    # Every way is tried from both sides: a moved word counts as first name of one and surname of the other.
    ways = [straight, _exchanged(mine, theirs), _exchanged(theirs, mine)]
    if len(mine.words) + len(theirs.words) >= 5 and not set(mine.words).isdisjoint(theirs.words):
        ways += [_mixed(mine, theirs), _mixed(theirs, mine)]
    return max(ways, key=lambda way: (_worth(way), way))


def _exchanged(mine: PersonName, theirs: PersonName) -> Alignment:
    order = "exchanged" if mine.certain and theirs.certain else "guessed"
    return _lay(mine.given, mine.surname, theirs.surname, theirs.given, order)


def _worth(way: Alignment) -> float:
    # Moving words makes chance agreements likelier, so an order must earn what it costs.
    cost = {"": 0.0, "guessed": 0.5, "exchanged": 3.0, "mixed": 5.5}[way.order]
    return _WORTH[way.given.level] + _WORTH[way.surname.level] - cost


def _lay(
    given: tuple[str, ...],
    surname: tuple[str, ...],
    other: tuple[str, ...],
    last: tuple[str, ...],
    order: str,
) -> Alignment:
    return Alignment(
        compare_given(given, other),
        compare_middle(given[1:], other[1:]),
        compare_surname(surname, last),
        order,
    )


def _mixed(mine: PersonName, theirs: PersonName) -> Alignment:
    """My last surname word and my first given word, each against its best of all their words."""
    if not mine.given or not mine.surname:
        return Alignment(DIFFERENT, "", DIFFERENT, "mixed")
    left = list(theirs.words)
    surnames = [compare_surname(mine.surname[-1:], (word,)) for word in left]
    best = max(range(len(left)), key=lambda at: _WORTH[surnames[at].level])
    del left[best]
    givens = [compare_given(mine.given[:1], (word,)) for word in left]
    given = max(givens, key=lambda found: _WORTH[found.level], default=NOTHING)
    return Alignment(given, "", surnames[best], "mixed")


@lru_cache(maxsize=131_072)
def compare_given(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Agreement:
    """First names: the first words, else either's first word among the other's further names."""
    if not mine or not theirs:
        return NOTHING
    if mine[0] == theirs[0] or _joined_alike(mine, theirs):
        return Agreement("same", f"n:{mine[0]}")
    first = _words_alike(mine[0], theirs[0])
    if first.level in _SETTLED or first.level == "initial":
        return first
    if mine[0] in theirs[1:] or any(
        _words_alike(mine[0], word).level in {"form", "slip"} for word in theirs[1:]
    ):
        return Agreement("middle", f"n:{mine[0]}")
    if theirs[0] in mine[1:] or any(
        _words_alike(theirs[0], word).level in {"form", "slip"} for word in mine[1:]
    ):
        return Agreement("middle", f"n:{theirs[0]}")
    return first


def _joined_alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """`Abdul Rahman` is `Abdulrahman`, `Mary Ann` is `Maryann`."""
    return mine[0] == "".join(theirs[:2]) or theirs[0] == "".join(mine[:2])


@lru_cache(maxsize=131_072)
def _words_alike(mine: str, theirs: str) -> Agreement:
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
    if sound == skeleton(theirs) and len(sound) > 1:
        return Agreement("variant", f"k:{sound}")
    if slip:
        return Agreement(slip)
    if _begins(mine, theirs):
        return Agreement("close" if is_known(mine) and is_known(theirs) else "begins")
    if _close(mine, theirs):
        return Agreement("close")
    # Muhammad before a calling name is often left out: hardly a disagreement.
    return Agreement("religious") if (mine in _RELIGIOUS) != (theirs in _RELIGIOUS) else DIFFERENT


def _feminine(mine: str, theirs: str) -> bool:
    """Martin and Martina: two names, however alike."""
    short, long = sorted((mine, theirs), key=len)
    return long.startswith(short) and long[len(short) :] in _FEMININE and is_known(short) and is_known(long)


def _begins(mine: str, theirs: str) -> bool:
    """One is a short form of the other, with or without a pet ending: `Rosie` of `Rosalind`."""
    short, long = sorted((mine, theirs), key=len)
    return any(len(stem) >= 3 and long.startswith(stem) for stem in (short, _PET_ENDING.sub("", short)))


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
    sounds = skeleton(mine), skeleton(theirs)
    return min(map(len, sounds)) >= 3 and OSA.distance(*sounds, score_cutoff=1) <= 1


@lru_cache(maxsize=65_536)
def compare_middle(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    """Further given names: one in common, an initial in common, or none."""
    if not mine or not theirs:
        return ""
    levels = {_words_alike(one, other).level for one in mine for other in theirs}
    if levels & (_SETTLED - {"begins"}):
        return "same"
    return "initial" if "initial" in levels else "different"


@lru_cache(maxsize=131_072)
def compare_surname(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Agreement:
    """Surnames: whole, a part of a double one, spelt or sounding alike."""
    if not mine or not theirs:
        return NOTHING
    # “van der Berg” is filed as Berg as often as not.
    ours, others = _core(mine), _core(theirs)
    if ours == others or "".join(mine) == "".join(theirs):
        return Agreement("same", f"n:{max(ours, key=len)}")
    shared = set(ours) & set(others)
    if shared:
        return Agreement("part", f"n:{max(shared, key=len)}")
    whole = _words_alike("".join(ours), "".join(others))
    level = {"form": "close", "begins": "close", "religious": "different"}.get(whole.level, whole.level)
    # One half of a double surname, misspelt, still is that half.
    if level in {"different", "close"} and len(ours) + len(others) > 2:
        parts = [_words_alike(one, other) for one in ours for other in others]
        if any(part.level in {"slip", "variant"} for part in parts):
            return Agreement("part_close")
    return Agreement(level, whole.term)


def _core(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in parts if word not in PARTICLES) or parts
