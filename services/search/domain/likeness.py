"""How alike two names are: the level of each part, and the term whose rarity says what an agreement is
worth."""

import re
from functools import lru_cache
from typing import NamedTuple

from services.search.domain.lists import listed
from services.search.domain.names import PARTICLES, PersonName
from services.search.domain.spelling import DIFFERENT, Agreement, words_alike


class Alignment(NamedTuple):
    """The best way to lay one name upon another; `order` says how the words had to be moved."""

    given: Agreement
    middle: Agreement
    surname: Agreement
    order: str = ""


_LEADING = listed("leading")
# What likeness of first names says when the words are surnames.
_OF_SURNAMES = {"form": "close", "begins": "close", "religious": "different", "adopted": "different"}
# Abdulrahman, Abdurrahman, Abdelaziz: the servant of one of the names of God, which tells one from another.
_SERVANT = re.compile(r"abd[aeiu](?:l|(\w)(?=\1))(?=\w{4})")

NOTHING = Agreement()

# Only for choosing between ways of laying names upon each other; the weights proper are data.
_WORTH = {
    "": 0.0,
    "same": 8.0,
    "part": 6.0,
    "half": 4.0,
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
    "adopted": -3.5,
    "different": -4.0,
}
_OTHERWISE = frozenset({"different", "adopted", "close"})
_SETTLED = frozenset({"same", "part", "slip", "form", "variant", "short_slip", "begins"})


def align(mine: PersonName, theirs: PersonName) -> Alignment:
    """Lay the names straight; when that does not agree, exchanged or in any order."""
    way = _aligned(mine, theirs)
    # A name in religion has nothing to do with the one before.
    if mine.taken != theirs.taken and way.given.level in _OTHERWISE:
        return way._replace(given=Agreement("religious"), middle=NOTHING)
    return way


def _aligned(mine: PersonName, theirs: PersonName) -> Alignment:
    straight = _lay(mine.given, mine.surname, theirs.given, theirs.surname, "")
    if straight.given.level in _SETTLED and straight.surname.level in _SETTLED:
        return straight
    # Every way is tried from both sides: a moved word counts as first name of one and surname of the other.
    ways = [straight, _exchanged(mine, theirs), _exchanged(theirs, mine)]
    if len(mine.words) + len(theirs.words) >= 5 and not set(mine.words).isdisjoint(theirs.words):
        ways += [_mixed(mine, theirs), _mixed(theirs, mine)]
    # Where nothing is compared nothing disagrees: that way must not win.
    telling = [way for way in ways if way.given.level or way.surname.level]
    return max(telling or ways, key=lambda way: (_worth(way), way))


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
    first = compare_given(given, other)
    # A first name found among the other's further names has used these up.
    further = NOTHING if first.level == "middle" else compare_middle(_further(given), _further(other))
    return Alignment(first, further, compare_surname(surname, last), order)


def _mixed(mine: PersonName, theirs: PersonName) -> Alignment:
    """My last surname word and my first given word, each against its best of all their words."""
    if not mine.given or not mine.surname:
        return Alignment(DIFFERENT, NOTHING, DIFFERENT, "mixed")
    left = list(theirs.words)
    surnames = [compare_surname(mine.surname[-1:], (word,)) for word in left]
    best = max(range(len(left)), key=lambda at: _WORTH[surnames[at].level])
    del left[best]
    givens = [compare_given(_telling(mine.given)[:1], (word,)) for word in left]
    given = max(givens, key=lambda found: _WORTH[found.level], default=NOTHING)
    return Alignment(given, NOTHING, surnames[best], "mixed")


@lru_cache(maxsize=131_072)
def compare_given(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Agreement:
    """First names: the telling ones, else either's first word among the other's further names."""
    if not mine or not theirs:
        return NOTHING
    ours, others = _telling(mine), _telling(theirs)
    # Mohammed alone may be any Mohammed: then the word before the name is all there is.
    if (ours[0] in _LEADING) != (others[0] in _LEADING):
        ours, others = mine, theirs
        if words_alike(ours[0], others[0]).level in _SETTLED:
            return Agreement("initial")
    if ours[0] == others[0] or _joined_alike(ours, others):
        return Agreement("same", f"n:{ours[0]}")
    first = words_alike(ours[0], others[0])
    if first.level in _SETTLED or first.level == "initial":
        return first
    # A father's and a grandfather's name behind the first one are those of every brother and sister.
    if len(set(ours) & set(others)) > 1 and (ours[0] in others or others[0] in ours):
        return Agreement("same", f"n:{ours[0]}")
    return _moved(ours, others) or _moved(others, ours) or first


def _moved(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Agreement | None:
    """My first word among their further names."""
    if any(words_alike(mine[0], word).level in {"same", "form", "slip"} for word in theirs[1:]):
        return Agreement("middle", f"n:{mine[0]}")
    return None


@lru_cache(maxsize=65_536)
def _telling(given: tuple[str, ...]) -> tuple[str, ...]:
    """Without the words that stand before the name somebody is called by."""
    start = 0
    while start < len(given) - 1 and (given[start] in _LEADING or (start and given[start] in PARTICLES)):
        start += 1
    return (*map(_called, given[start : start + 1]), *given[start + 1 :])


@lru_cache(maxsize=65_536)
def _called(word: str) -> str:
    servant = _SERVANT.match(word)
    return word[servant.end() :] if servant else word


def _joined_alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """`Abdul Rahman` is `Abdulrahman`, `Mary Ann` is `Maryann`."""
    return mine[0] == "".join(theirs[:2]) or theirs[0] == "".join(mine[:2])


def _further(given: tuple[str, ...]) -> tuple[str, ...]:
    """What stands behind the first name."""
    return _telling(given)[1:]


@lru_cache(maxsize=65_536)
def compare_middle(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Agreement:
    """Further given names: one in common, an initial in common, or none."""
    if not mine or not theirs:
        return NOTHING
    found = {(one, words_alike(one, other).level) for one in mine for other in theirs}
    same = [one for one, level in found if level in _SETTLED - {"begins"}]
    if same:
        return Agreement("same", f"n:{max(same)}")
    return Agreement("initial" if any(level == "initial" for _, level in found) else "different")


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
        # Two double names with one half in common are not one name cut short.
        clash = len(shared) < min(len(ours), len(others))
        return Agreement("half" if clash else "part", f"n:{max(shared, key=len)}")
    whole = words_alike("".join(ours), "".join(others))
    level = _OF_SURNAMES.get(whole.level, whole.level)
    # One half of a double surname, misspelt, still is that half.
    if level in {"different", "close"} and len(ours) + len(others) > 2:
        parts = [words_alike(one, other) for one in ours for other in others]
        if any(part.level in {"slip", "variant"} for part in parts):
            return Agreement("part_close")
    return Agreement(level, whole.term)


@lru_cache(maxsize=65_536)
def _core(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in parts if word not in PARTICLES) or parts
