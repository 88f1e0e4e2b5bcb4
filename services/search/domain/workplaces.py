"""Settings (workplaces) in one form: register number first, else the telling words of the name and the
place."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from services.search.domain.lists import listed
from services.search.domain.places import postcode
from services.search.domain.registrations import registration
from services.search.domain.script import words

# What a kind of setting is called says nothing about which one it is.
_COMMON = listed("settings")
_WRITTEN = {"saint": "st", "sts": "st", "ss": "st", "mt": "mount"}


# One school or home each, in this order; other numbers belong to a body that may run many.
_SITES = ("URN", "OFSTED", "CQC", "UKPRN", "LAESTAB")
_BODIES = ("COMPANY", "CHARITY")
PLACE = "PLACE"


class Identity(NamedTuple):
    """`scheme` is `PLACE` for a name with its postal district, empty for a name with its town."""

    scheme: str
    text: str

    @property
    def is_sure(self) -> bool:
        """Whether it says by itself which place is meant."""
        return bool(self.scheme) and self.scheme not in (PLACE, *_BODIES)


class Workplace(NamedTuple):
    """`core` are the telling words; `place` the outward postcode, else the town; `numbers` are
    `SCHEME:value`."""

    core: str = ""
    place: str = ""
    town: str = ""
    numbers: tuple[str, ...] = ()

    @property
    def term(self) -> str:
        """What counts as the same workplace when frequencies are counted."""
        return f"w:{self.core}|{self.place}"

    @property
    def identities(self) -> tuple["Identity", ...]:
        """What it is known under in a register, the surest first: the number of the place, the number of the
        body that runs it together with the name, then name and place together.
        """
        return _identities(self)


# Many adults are named at one setting.
@lru_cache(maxsize=16_384)
def _identities(one: Workplace) -> tuple[Identity, ...]:
    numbered = sorted((_identity(number, one.core) for number in one.numbers), key=_surest)
    return (*numbered, *_named(one))


def _named(one: Workplace) -> Iterator[Identity]:
    if one.core and one.place and one.place != one.town:
        yield Identity(PLACE, f"{one.core}|{one.place}")
    if one.core and one.town:
        yield Identity("", f"{one.core}|{one.town}")


def _identity(number: str, core: str) -> Identity:
    scheme = number.partition(":")[0]
    # A company runs many homes: its number finds one only together with the home's name.
    return Identity(scheme, f"{number}|{core}" if scheme in _BODIES and core else number)


def _surest(one: Identity) -> tuple[int, str]:
    order = (*_SITES, *_BODIES)
    return (order.index(one.scheme) if one.scheme in order else len(_SITES) - 1, one.text)


@lru_cache(maxsize=65_536)
def workplace(name: str, town: str, code: str, numbers: tuple[tuple[str, str], ...] = ()) -> Workplace | None:
    """One setting; None when neither name nor number is usable."""
    known = (registration(scheme, value) for scheme, value in numbers)
    kept = tuple(f"{scheme}:{value}" for scheme, value in filter(None, known))
    core, settled = _core(name), " ".join(words(town))
    where = postcode(code)[:-3] or settled
    return Workplace(core, where, settled, kept) if core or kept else None


def body_known_by(name: str, company: str) -> tuple[str, ...]:
    """What a body that runs settings is known by, the surest first; empty when nothing usable is known."""
    made = workplace(name, "", "", (("COMPANY", company),) if company else ())
    return tuple(filter(None, (*made.numbers, made.core))) if made else ()


def _core(name: str) -> str:
    plain = [_WRITTEN.get(word, word) for word in words(name)]
    telling = [word for word in plain if word not in _COMMON]
    # “The Primary School” has no telling word at all; then the common ones have to do.
    return " ".join(telling or plain)


def asked_words(text: str) -> frozenset[str]:
    """What somebody looks a setting up by; what every school is called says nothing."""
    code = postcode(text)
    if code:
        return frozenset({code.lower()})
    plain = [_WRITTEN.get(word, word) for word in words(text)]
    return frozenset([word for word in plain if word not in _COMMON] or plain)


def found_by(name: str, town: str, code: str, numbers: tuple[tuple[str, str], ...] = ()) -> frozenset[str]:
    """Every word by which a setting is looked up: of its name and place, and its numbers."""
    where = postcode(code).lower()
    kept = filter(None, (registration(scheme, value) for scheme, value in numbers))
    plain = [_WRITTEN.get(word, word) for word in (*words(name), *words(town))]
    return frozenset({*plain, *(value.lower() for _, value in kept), *filter(None, (where, where[:-3]))})


def compare(mine: Workplace, theirs: Workplace) -> str:
    """The level of agreement of two settings."""
    if mine.numbers and not set(mine.numbers).isdisjoint(theirs.numbers):
        return "same"
    if not _alike(mine.core, theirs.core):
        return "different"
    # There are hundreds of St Mary's: a name without its place proves little.
    if mine.place and theirs.place and mine.place != theirs.place:
        return "namesake" if mine.town != theirs.town or not mine.town else "same"
    return "same" if mine.place and theirs.place else "name"


def best(mine: Sequence[Workplace], theirs: Sequence[Workplace]) -> tuple[str, Workplace | None]:
    """The best level over all pairs and my setting of it; empty when a side has none."""
    level, found = "", None
    for one in mine:
        for other in theirs:
            reached = compare(one, other)
            if not level or _ORDER[reached] < _ORDER[level]:
                level, found = reached, one
    return level, found


_ORDER = {"same": 0, "name": 1, "namesake": 2, "different": 3}


@lru_cache(maxsize=65_536)
def _alike(mine: str, theirs: str) -> bool:
    if mine == theirs:
        return True
    if set(mine.split()) == set(theirs.split()):
        return bool(mine)
    return min(len(mine), len(theirs)) >= 5 and JaroWinkler.similarity(mine, theirs) >= 0.94
