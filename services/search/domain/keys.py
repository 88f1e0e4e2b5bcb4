"""Match keys: keyed hashes under which a portrait is filed, so that another with one in common is found.

Kinds: I registration, P telephone, E e-mail, D birth date (day and month in any order), N two name words, Y
name word and
birth year, M name word and birthday, Z name word and postcode district, A postcode and house, B postcode
and birth year,
R house and street, S name word and setting, X first letters of both names.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
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

    # A copy has the secret taken in already, which is most of the work for so short a text.
    begun, number = hashlib.blake2b(digest_size=8, key=secret).copy, int.from_bytes

    def digest(text: str) -> int:
        found = begun()
        found.update(text.encode())
        # One bit less: the databases' integers are signed.
        return number(found.digest()) >> 1

    return digest


def cut(portrait: Portrait, *, wide: bool = False) -> list[str]:
    """The text of each key, which begins with its kind. `wide` is for a query: all forms of the names and,
    from an age, the years beside."""
    names = [[_forms_of(word, wide=wide) for word in _telling(name)] for name in portrait.names]
    sounds = list(dict.fromkeys(sound for words in names for forms in words for sound in forms))
    years = _years(portrait.birth, wide=wide)
    found = [f"I|{scheme}|{value}" for scheme, value in portrait.registrations]
    found += [f"P|{number}" for number in portrait.phones]
    found += [f"E|{address}" for address in portrait.emails]
    found += _dated(portrait.birth, sounds, years)
    for name, words in zip(portrait.names, names, strict=True):
        found += _named(name, words)
    found += _placed(portrait, sounds, years)
    return list(dict.fromkeys(found))


def _dated(born: Birth, sounds: list[str], years: list[int]) -> list[str]:
    found = [f"Y|{sound}|{year}" for sound in sounds for year in years]
    if born.day:
        # Sorted, so that an exchanged day and month still meets.
        low, high = sorted((born.month, born.day))
        found.append(f"D|{born.year}|{low}|{high}")
        found += [f"M|{sound}|{low}|{high}" for sound in sounds]
    return found


def _named(name: PersonName, words: list[list[str]]) -> list[str]:
    found = [
        f"N|{a}|{b}" if a < b else f"N|{b}|{a}"
        for one, other in combinations(words, 2)
        for a in one
        for b in other
    ]
    if name.given and name.surname:
        found.append(f"X|{'|'.join(sorted((name.given[0][:3], name.surname[-1][:3])))}")
    return found


def _placed(portrait: Portrait, sounds: list[str], years: list[int]) -> list[str]:
    found: list[str] = []
    for place in portrait.places:
        street = skeleton(place.street.replace(" ", "")) if place.street else ""
        if place.postcode:
            district = place.district
            found += [f"Z|{sound}|{district}" for sound in sounds]
            found += [f"B|{place.postcode}|{year}" for year in years]
            if place.house or place.street:
                found.append(f"A|{place.postcode}|{place.house or street}")
        if place.house and place.street:
            found.append(f"R|{place.house}|{street}")
    for workplace in portrait.workplaces:
        found += [f"S|{sound}|{workplace.core}|{workplace.place}" for sound in sounds]
    return found


@lru_cache(maxsize=65_536)
def _forms_of(word: str, *, wide: bool) -> list[str]:
    """The sound of a name word; a query adds the sounds of its other forms."""
    written = forms(word) if wide else (word,)
    found = [sound for sound in dict.fromkeys(map(skeleton, written)) if sound]
    # Some names have dozens of forms; each costs a list to be read.
    return found[:MOST_FORMS]


def _telling(name: PersonName) -> list[str]:
    # Where it is all there is of a surname, as Le in Vietnam, it is no particle.
    kept = frozenset(name.surname) if PARTICLES.issuperset(name.surname) else frozenset()
    parts = [word for word in name.words if len(word) > 1 and (word in kept or word not in PARTICLES)]
    return parts[:MOST_WORDS]


def _years(born: Birth, *, wide: bool) -> list[int]:
    if not born.year:
        return []
    # Only the query is widened: a filed portrait stays under few keys, however vague it is.
    slack = born.slack if wide else 0
    return [born.year + step for step in range(-slack, slack + 1)]
