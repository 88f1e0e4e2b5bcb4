"""One line of whatever is known, told apart into what it says of an adult."""

import re
from typing import NamedTuple

from shared.contracts.people import Address, Identifier, Name, Person

LONGEST = 300

_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+")
_NUMBER = re.compile(r"\b(TRN|DBS|SWE|HCPC|NMC|GMC)[\s:]+([A-Z]{0,3}\d[\dA-Z/-]{2,20})\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\b[A-Z]{1,5}-[\dA-Z-]*\d[\dA-Z-]*\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(\d{1,2}|[A-Z]{3,9})[\s/.,-]+(\d{4})\b", re.IGNORECASE
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_PHONE = re.compile(r"\+?\(?\d[\d ()-]{8,18}\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Read(NamedTuple):
    """What one line says: the adult, and a reference when it quotes one."""

    person: Person
    reference: str = ""


def read(text: str, person_id: str) -> Read:
    """E-mail addresses, numbers, dates, postcodes and references by their shape; the words left are a
    name."""
    rest = _Rest(text[:LONGEST])
    emails = rest.take_all(_EMAIL)
    numbers = rest.numbers()
    born = rest.born()
    reference = rest.take(_REFERENCE)
    postcode = rest.take(_POSTCODE)
    phones = rest.take_all(_PHONE)
    born = born or rest.take(_YEAR)
    name = rest.words()
    return Read(
        Person(
            id=person_id,
            names=(Name(full=name),) if name else (),
            born=born,
            addresses=(Address(postcode=postcode),) if postcode else (),
            phones=phones,
            emails=emails,
            identifiers=numbers,
        ),
        reference,
    )


class _Rest:
    """What nothing has claimed yet."""

    def __init__(self, text: str) -> None:
        self._text = text

    def take(self, pattern: re.Pattern[str]) -> str:
        """The first of that shape, taken out."""
        found = pattern.search(self._text)
        if not found:
            return ""
        self._cut(found)
        return found.group().strip()

    def take_all(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """Every one of that shape, at most eight."""
        return tuple(one for one in (self.take(pattern) for _ in range(8)) if one)

    def numbers(self) -> tuple[Identifier, ...]:
        """Registration numbers with the scheme before them."""
        found = list(_NUMBER.finditer(self._text))[:8]
        for one in reversed(found):
            self._cut(one)
        return tuple(Identifier(scheme=one[1].upper(), value=one[2]) for one in found)

    def born(self) -> str:
        """A birth date as `YYYY-MM-DD` or `YYYY-MM`."""
        found = _ISO.search(self._text)
        if found:
            self._cut(found)
            return found.group()
        written = _WRITTEN.search(self._text)
        month = _month(written[2]) if written else 0
        if not written or not month:
            return ""
        self._cut(written)
        return f"{written[3]}-{month:02}-{int(written[1]):02}"

    def words(self) -> str:
        """The name that is left, without stray marks."""
        return " ".join(self._text.split()).strip(" ,;.:-/")

    def _cut(self, found: re.Match[str]) -> None:
        self._text = f"{self._text[: found.start()]} {self._text[found.end() :]}"


def _month(said: str) -> int:
    if said.isdigit():
        return int(said) if 1 <= int(said) <= 12 else 0
    short = said[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
