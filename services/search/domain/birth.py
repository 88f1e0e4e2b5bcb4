"""Birth dates as precise as they are known."""

import re
from functools import lru_cache
from typing import NamedTuple

EARLIEST = 1900

_BORN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Birth(NamedTuple):
    """0 stands for unknown; `slack` is how many years the year may be off (1 when worked out from an age)."""

    year: int = 0
    month: int = 0
    day: int = 0
    slack: int = 0


UNKNOWN = Birth()


@lru_cache(maxsize=32_768)
def born(text: str, *, from_age: bool = False, latest: int = 2100) -> Birth:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; placeholders and impossible years are unknown."""
    found = _BORN.fullmatch(text.strip()[:10])
    if not found:
        return UNKNOWN
    year, month, day = (int(part or 0) for part in found.groups())
    # 1900-01-01 is what many systems write for “not known”.
    if not EARLIEST <= year <= latest or month > 12 or day > 31 or (year, month, day) == (1900, 1, 1):
        return UNKNOWN
    return Birth(year, month, day if month else 0, int(from_age))


def compare(mine: Birth, theirs: Birth) -> str:
    """The level of agreement; empty when either is unknown."""
    if not mine.year or not theirs.year:
        return ""
    if mine.day and theirs.day and not _is_placeholder(mine, theirs):
        return _full(mine, theirs)
    gap, slack = abs(mine.year - theirs.year), max(mine.slack, theirs.slack)
    if gap <= slack:
        return _partial(mine, theirs, gap)
    # An age is off by more than its birthday as often as not.
    return "roughly" if slack and gap <= 2 * slack else _apart(gap)


def _is_placeholder(mine: Birth, theirs: Birth) -> bool:
    """1 January of both, or of one and the same year: only the year was known."""
    new_year = (mine[1:3] == (1, 1)) + (theirs[1:3] == (1, 1))
    return new_year == (1 if mine.year == theirs.year else 2)


def _full(mine: Birth, theirs: Birth) -> str:
    if mine[:3] == theirs[:3]:
        # Where births were not registered, 1 January is given to many: agreeing there says less.
        return "new_year" if mine[1:3] == (1, 1) else "same"
    same_year = mine.year == theirs.year
    # Day and month exchanged is the commonest slip of forms that are filled in abroad.
    if same_year and (mine.month, mine.day) == (theirs.day, theirs.month):
        return "swapped"
    if _one_slip(_digits(mine), _digits(theirs)):
        return "slip"
    agreeing = same_year + (mine.month == theirs.month) + (mine.day == theirs.day)
    if agreeing == 2:
        return "two_parts"
    return "same_year" if same_year else _apart(abs(mine.year - theirs.year))


def _partial(mine: Birth, theirs: Birth, gap: int) -> str:
    if mine.month and theirs.month and not gap and not (mine.day and theirs.day):
        return "month" if mine.month == theirs.month else "same_year"
    return "about" if mine.slack or theirs.slack else "year"


def _apart(gap: int) -> str:
    if gap <= 2:
        return "near"
    # A generation apart is what father and son of one name look like.
    return "apart" if gap < 15 else "generation"


def _digits(birth: Birth) -> str:
    return f"{birth.year:04d}{birth.month:02d}{birth.day:02d}"


def _one_slip(mine: str, theirs: str) -> bool:
    """One digit replaced, or two neighbours exchanged."""
    differing = [place for place in range(8) if mine[place] != theirs[place]]
    if len(differing) == 1:
        return True
    if len(differing) != 2 or differing[1] - differing[0] != 1:
        return False
    first, second = differing
    return mine[first] == theirs[second] and mine[second] == theirs[first]
