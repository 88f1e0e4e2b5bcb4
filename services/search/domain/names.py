"""Names in parts: given words and surname words, without titles; particles kept for comparing only."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from services.search.domain.forms import is_english
from services.search.domain.lists import listed
from services.search.domain.script import is_ideographic, words
from shared.contracts.people import Name

TITLES = listed("titles")
PARTICLES = listed("particles")
_JOINING, _SUFFIXES = listed("joining"), listed("suffixes")
_SEXES = (
    (listed("titles_female"), listed("titles_male")),
    (listed("names_female"), listed("names_male")),
)
_TAKEN = listed("titles_taken")
_FIRST_TITLES = listed("titles_given")
_EASTERN, _BETWEEN = listed("eastern"), listed("between")
_COMMON = listed("eastern_common")
_SYLLABLE = re.compile(r"[^aeiouy]{0,3}[aeiouy]{1,4}[^aeiouy]{0,2}")
_NOBODY = frozenset({"unknown", "not known", "n a", "na", "tbc", "none", "anonymous", "no name", "x", "xx"})


class PersonName(NamedTuple):
    """`certain` is False when the parts were told apart by guessing; `taken` when a title says that the
    first name came with a faith or an order."""

    given: tuple[str, ...] = ()
    surname: tuple[str, ...] = ()
    certain: bool = True
    taken: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All words, given ones first."""
        return self.given + self.surname


def normalise(names: Iterable[Name]) -> tuple[PersonName, ...]:
    """All usable names of a person, each once, in the order given."""
    found = (_titled(name) for name in names)
    return tuple(dict.fromkeys(read for name in found if name is not None for read in _eastern(name)))


def _titled(name: Name) -> PersonName | None:
    found = _parted(name.given, name.middle, name.surname, name.full)
    if found is None or _TAKEN.isdisjoint(_first_two(name)[:1]):
        return found
    # “Sister Mary Aquinas” goes by no surname.
    whole = (
        not found.certain and len(found.words) == 2 and found.given[:1] in (("mary",), ("maria",), ("marie",))
    )
    return found._replace(given=found.words, surname=(), taken=True) if whole else found._replace(taken=True)


def sex_of(names: Iterable[Name]) -> str:
    """What titles say, or else parts of the name such as Kaur: f, m, or empty when they say nothing or
    contradict each other."""
    said = list(names)
    for written, (females, males) in zip((_first_two, _all_words), _SEXES, strict=True):
        found = [word for name in said for word in written(name)]
        female, male = not females.isdisjoint(found), not males.isdisjoint(found)
        # A contradiction, Mr once and Mrs once, is no evidence either way.
        if female or male:
            return "" if female == male else "f" if female else "m"
    return ""


def _all_words(name: Name) -> tuple[str, ...]:
    # Apart, because each of them was read before, all together seldom.
    return words(name.given) + words(name.middle) + words(name.surname) + words(name.full)


def _first_two(name: Name) -> tuple[str, ...]:
    return (words(name.title) + words(name.given) + words(name.full))[:2]


@lru_cache(maxsize=65_536)
def _parted(given: str, middle: str, surname: str, full: str) -> PersonName | None:
    if full and not (given or surname):
        return _whole(full)
    # Apart, because each of the two was read before, the two together seldom.
    first = _clean(words(given) + words(middle))
    last = _clean(words(surname))
    if not first and not last:
        return _whole(full)
    if first and last:
        return PersonName(first, last)
    alone = first or last
    return _split(alone) if len(alone) > 1 else PersonName(first, last, certain=False)


def _whole(full: str) -> PersonName | None:
    before, comma, after = full.partition(",")
    # “Karim, Shuaib”: a comma says that the surname was written first.
    if comma and words(after):
        return _parted(after, "", before, "")
    parts = _clean(words(full))
    if not parts:
        return None
    if len(parts) == 1:
        return _single(parts, words(full)[0])
    # “Miss Ní Dhomhnaill” has a surname of two words.
    if len(parts) == 2 and parts[0] in PARTICLES and words(full)[0] in TITLES - _FIRST_TITLES:
        return PersonName((), parts, certain=False)
    if is_ideographic(full) or _leads_with_capitals(full):
        return PersonName(parts[1:], parts[:1], certain=False)
    return _split(parts)


def _single(parts: tuple[str, ...], before: str) -> PersonName:
    """“Mr Suharto” has a surname, “Suharto” and “Sister Bernard” have none."""
    if before in TITLES - _FIRST_TITLES:
        return PersonName((), parts, certain=False)
    return PersonName(parts, (), certain=False)


def _eastern(name: PersonName) -> Iterator[PersonName]:
    """`Tai Man Wong`, `Wong Tai-man` and `Wong Taiman` alike: the surname last, the syllables together."""
    given, surname = name.given, name.surname
    if name.taken:
        yield name
        return
    first = not name.certain and len(given) > 1 and given[0] in _EASTERN
    last = bool(given) and bool(surname) and surname[-1] in _EASTERN
    # `Cheung Ka Ho` may be either way round, `Cheung Ka Yan` hardly: few are called Yan.
    if first and last and (given[0] in _COMMON) != (surname[-1] in _COMMON):
        last = surname[-1] in _COMMON
        first = not last
    if first:
        yield _joined_up(given[1:] + surname, given[:1], certain=False)
    if last:
        yield _joined_up(given, surname, certain=name.certain)
    if not first and not last:
        yield name


def _joined_up(given: tuple[str, ...], surname: tuple[str, ...], *, certain: bool) -> PersonName:
    telling = tuple(word for word in given if word not in _BETWEEN) or given
    return PersonName(_together(telling), surname, certain)


def _together(given: tuple[str, ...]) -> tuple[str, ...]:
    made: list[str] = []
    was_syllable = False
    for word in given:
        # “David Tai Man” keeps David apart.
        is_syllable = bool(_SYLLABLE.fullmatch(word)) and not (len(word) > 3 and is_english(word))
        if is_syllable and was_syllable:
            made[-1] += word
        else:
            made.append(word)
        was_syllable = is_syllable
    return tuple(made)


def _split(parts: tuple[str, ...]) -> PersonName:
    """The last word is the surname, with the particles before it."""
    at = len(parts) - 1
    # In Vietnam “van” is no particle but stands between the names.
    while at > 1 and parts[at - 1] in PARTICLES and parts[0] not in _EASTERN:
        at -= 1
    return PersonName(parts[:at], parts[at:], certain=False)


def _leads_with_capitals(full: str) -> bool:
    """`KARIM Shuaib` writes the surname in capitals and first."""
    written = full.split()
    return len(written) > 1 and len(written[0]) > 2 and written[0].isupper() and not written[-1].isupper()


def _clean(parts: tuple[str, ...]) -> tuple[str, ...]:
    # Two people called “unknown” must never be found to share a name.
    if " ".join(parts) in _NOBODY:
        return ()
    start = 0
    while start < len(parts) - 1 and parts[start] in TITLES:
        start += 1
    kept = [word for word in parts[start:] if word not in _SUFFIXES] or list(parts[start:])
    return tuple(_joined(kept)[:8])


def _joined(parts: list[str]) -> list[str]:
    """`O Brien` and `Mc Donald` are one word."""
    made: list[str] = []
    for word in parts:
        if made and made[-1] in _JOINING and len(word) > 2:
            made[-1] += word
        else:
            made.append(word)
    return made
