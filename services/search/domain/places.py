"""Where somebody lives: postcode and address line in parts."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from services.search.domain.script import words

_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_FOREIGN = re.compile(r"(?=.*\d)[A-Z\d]{4,8}")
_NOISE = re.compile(r"[^A-Z0-9]")
_HOUSE = re.compile(r"\d+[a-z]?")
_WAYS = {
    "rd": "road",
    "st": "street",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "dr": "drive",
    "cres": "crescent",
    "gdns": "gardens",
    "ct": "court",
    "pl": "place",
    "sq": "square",
    "tce": "terrace",
    "ter": "terrace",
    "gr": "grove",
    "pk": "park",
}
# ZZ99 is the NHS's postcode area for no fixed abode and abroad: thousands share it.
_NOWHERE = frozenset({"ZZ99", "XX99"})
_UNKNOWN = frozenset({"not known", "unknown", "no fixed abode", "nfa", "n a", "none", "tbc"})


class Place(NamedTuple):
    """`postcode` without blank; `house` is the first number of the line, `street` the words after it."""

    postcode: str = ""
    house: str = ""
    street: str = ""
    town: str = ""

    @property
    def district(self) -> str:
        """The outward part of the postcode; abroad its first two characters."""
        return _district(self.postcode)


@lru_cache(maxsize=65_536)
def _district(code: str) -> str:
    return code[:-3] if _POSTCODE.fullmatch(code) else code[:2]


@lru_cache(maxsize=65_536)
def postcode(text: str) -> str:
    """Upper case without blanks, of Britain or abroad; empty when it has no digit or stands for nowhere."""
    code = _NOISE.sub("", text.upper()[:12])
    found = _POSTCODE.fullmatch(code)
    if not found:
        return code if _FOREIGN.fullmatch(code) else ""
    return "" if found.group(1) in _NOWHERE else code


@lru_cache(maxsize=65_536)
def place(line: str, town: str, code: str) -> Place | None:
    """One address; None when nothing of it can be used."""
    house, street = _line(line)
    made = Place(postcode(code), house, street, " ".join(words(town)))
    return made if made.postcode or made.street or made.town else None


def _line(line: str) -> tuple[str, str]:
    # Not at the beginning: “St Albans Road” starts with a saint.
    parts = [_WAYS.get(word, word) if position else word for position, word in enumerate(words(line))]
    if " ".join(parts) in _UNKNOWN:
        return "", ""
    at = next((position for position, word in enumerate(parts) if _HOUSE.fullmatch(word)), -1)
    return (parts[at], " ".join(parts[at + 1 :])) if at >= 0 else ("", " ".join(parts))


def compare(mine: Place, theirs: Place) -> str:
    """The level of agreement of two addresses; empty when they share no part that could agree."""
    if mine.postcode and theirs.postcode:
        return _by_postcode(mine, theirs)
    if _same_door(mine, theirs):
        return "door"
    if mine.town and theirs.town:
        return _in_town(mine, theirs) or "different"
    return ""


def compare_towns(mine: Sequence[Place], theirs: Sequence[Place]) -> str:
    """Whether a town is common, however written; empty when a side names none."""
    ours, others = ({one.town for one in side if one.town} for side in (mine, theirs))
    if not ours or not others:
        return ""
    return "same" if any(_same_town(one, other) for one in ours for other in others) else "different"


@lru_cache(maxsize=65_536)
def _same_town(mine: str, theirs: str) -> bool:
    return mine == theirs or JaroWinkler.similarity(mine, theirs) >= 0.92


def _by_postcode(mine: Place, theirs: Place) -> str:
    if mine.postcode == theirs.postcode:
        # A postcode is some fifteen doors; another number there is a neighbour, not a slip.
        if mine.house and theirs.house and mine.house != theirs.house:
            return "neighbours"
        return "same" if mine.house and theirs.house else "postcode"
    door = _same_door(mine, theirs)
    slip = OSA.distance(mine.postcode, theirs.postcode, score_cutoff=1) <= 1
    district = mine.district == theirs.district
    if slip or district:
        return _nearby(mine, theirs, slip=slip, door=door)
    if not mine.town or mine.town != theirs.town:
        return "different"
    return "door" if door else "street" if _same_street(mine, theirs) else "different"


def _nearby(mine: Place, theirs: Place, *, slip: bool, door: bool) -> str:
    if door:
        return "near"
    return "street" if _same_street(mine, theirs) else "slip" if slip else "district"


def _in_town(mine: Place, theirs: Place) -> str:
    if not _same_town(mine.town, theirs.town):
        return ""
    return "street" if _same_street(mine, theirs) else "town"


def _same_door(mine: Place, theirs: Place) -> bool:
    return bool(mine.house) and mine.house == theirs.house and _same_street(mine, theirs)


def _same_street(mine: Place, theirs: Place) -> bool:
    if not mine.street or not theirs.street:
        return False
    return mine.street == theirs.street or JaroWinkler.similarity(mine.street, theirs.street) >= 0.9
