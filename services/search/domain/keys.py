"""Match keys: keyed hashes under which a portrait is filed, so that another with one in common is found.

Kinds: I registration, P telephone, E e-mail, D birth date (day and month in any order), N two name words, Y
name word and
birth year, M name word and birthday, Z name word and postcode district, A postcode and house, B postcode
and birth year,
R house and street, S name word and setting, X first letters of both names.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import combinations

from services.search.domain.birth import Birth
from services.search.domain.forms import forms
from services.search.domain.names import PARTICLES, PersonName
from services.search.domain.portrait import Portrait
from services.search.domain.sound import skeleton

MOST_WORDS = 6
MOST_FORMS = 12

Hash = Callable[[str], int]


def hashing(secret: bytes) -> Hash:
    """A keyed hash of 63 bits, so that keys fit a signed column and mean nothing without the secret (at
    most 64 bytes)."""

    def digest(text: str) -> int:
        found = hashlib.blake2b(text.encode(), digest_size=8, key=secret).digest()
        # One bit less: the databases' integers are signed.
        return int.from_bytes(found) >> 1

    return digest


def cut(portrait: Portrait, *, wide: bool = False) -> dict[str, str]:
    """Each key's text with its kind. `wide` is for a query: all forms of the names and, from an age, the
    years beside."""
    found: dict[str, str] = {}
    for kind, text in _all(portrait, wide=wide):
        found.setdefault(f"{kind}|{text}", kind)
    return found


def _all(portrait: Portrait, *, wide: bool) -> Iterator[tuple[str, str]]:
    sounds = _sounds(portrait, wide=wide)
    years = _years(portrait.birth, wide=wide)
    yield from (("I", f"{scheme}|{value}") for scheme, value in portrait.registrations)
    yield from (("P", number) for number in portrait.phones)
    yield from (("E", address) for address in portrait.emails)
    yield from _dated(portrait.birth, sounds, years)
    yield from _named(portrait, wide=wide)
    yield from _placed(portrait, sounds, years)


def _dated(born: Birth, sounds: list[str], years: list[int]) -> Iterator[tuple[str, str]]:
    if born.day:
        # Sorted, so that an exchanged day and month still meets.
        low, high = sorted((born.month, born.day))
        yield "D", f"{born.year}|{low}|{high}"
        yield from (("M", f"{sound}|{low}|{high}") for sound in sounds)
    yield from (("Y", f"{sound}|{year}") for sound in sounds for year in years)


def _named(portrait: Portrait, *, wide: bool) -> Iterator[tuple[str, str]]:
    for name in portrait.names:
        tokens = [_forms_of(word, wide=wide) for word in _telling(name)]
        for one, other in combinations(tokens, 2):
            yield from (("N", "|".join(sorted((a, b)))) for a in one for b in other)
        if name.given and name.surname:
            yield "X", "|".join(sorted((name.given[0][:3], name.surname[-1][:3])))


def _placed(portrait: Portrait, sounds: list[str], years: list[int]) -> Iterator[tuple[str, str]]:
    for place in portrait.places:
        if place.postcode:
            yield from (("Z", f"{sound}|{place.district}") for sound in sounds)
            yield from (("B", f"{place.postcode}|{year}") for year in years)
            if place.house:
                yield "A", f"{place.postcode}|{place.house}"
        if place.house and place.street:
            yield "R", f"{place.house}|{skeleton(place.street.replace(' ', ''))}"
    for workplace in portrait.workplaces:
        yield from (("S", f"{sound}|{workplace.core}|{workplace.place}") for sound in sounds)


def _sounds(portrait: Portrait, *, wide: bool) -> list[str]:
    found = (
        sound for name in portrait.names for word in _telling(name) for sound in _forms_of(word, wide=wide)
    )
    return list(dict.fromkeys(found))


def _forms_of(word: str, *, wide: bool) -> list[str]:
    """The sound of a name word; a query adds the sounds of its other forms."""
    written = forms(word) if wide else (word,)
    found = [sound for sound in dict.fromkeys(map(skeleton, written)) if sound]
    # Some names have dozens of forms; each costs a list to be read.
    return found[:MOST_FORMS]


def _telling(name: PersonName) -> list[str]:
    parts = [word for word in name.words if len(word) > 1 and word not in PARTICLES]
    return parts[:MOST_WORDS]


def _years(born: Birth, *, wide: bool) -> list[int]:
    if not born.year:
        return []
    # Only the query is widened: a filed portrait stays under few keys, however vague it is.
    slack = born.slack if wide else 0
    return [born.year + step for step in range(-slack, slack + 1)]
