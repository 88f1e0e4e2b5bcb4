"""The short name of an approach that people read out over the telephone: `DOR-2026-7KQ4XM`."""

import hashlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# I L O 0 1 look alike in common typefaces and sound alike on a bad line.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6
_SHAPE = re.compile(rf"^([A-Z]{{2,6}})-?(\d{{4}})-?([{ALPHABET}]{{{LENGTH}}})$")


def make(prefix: str, moment: datetime, seed: str) -> str:
    """The reference of the record with this id (`seed`), in the year of London's calendar."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    return f"{prefix}-{moment.astimezone(LONDON).year}-{word(number, LENGTH)}"


def word(number: int, length: int) -> str:
    """A number written in the alphabet, cut to its last `length` letters."""
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(reversed(letters))


def prefix_of(authority: str) -> str:
    """The default prefix: the first three letters of the authority's code."""
    letters = "".join(letter for letter in authority.upper() if "A" <= letter <= "Z")
    return (letters + "XXX")[:3]


def tidy(typed: str) -> str | None:
    """A typed reference as Heed writes it, whatever its spaces, dashes and case; None when it is none."""
    found = _SHAPE.match(re.sub(r"[\s\-–—.]+", "", typed).upper())
    return "-".join(found.groups()) if found else None
