"""Forms of a first name: short, pet, religious, anglicised and other-language ones, as sets of base names.

The public `nicknames` list covers English; `forms.csv` beside this file adds the forms met in England
today: British
short forms and Welsh, Irish, Polish, Ukrainian, Romanian, South Asian, Arabic and West African names.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import chain

from nicknames import name_triplets
from rapidfuzz.distance import OSA

from services.search.domain.lists import listed
from services.search.domain.sound import skeleton

_HOME, _ELSEWHERE = listed("given_home"), listed("given_elsewhere")
# Somali writes long vowels twice, x for a rough h and c for a sound that English leaves out.
_TWICE = re.compile(r"([aeiou])\1")
# Headings of `forms.csv`.
_AT_HOME = re.compile("British|Irish|Welsh")


@lru_cache(maxsize=65_536)
def bases(word: str) -> frozenset[str]:
    """The base names a first name may stand for, itself included; two names are forms of one when these
    meet."""
    known = word if is_known(word) else _respelt(word)
    return frozenset({word, known, *_families()[0].get(known, ())})


@lru_cache(maxsize=65_536)
def forms(word: str) -> tuple[str, ...]:
    """Every name that may be the same first name written differently, the word itself first."""
    of = _families()[1]
    found = dict.fromkeys((word, *sorted(bases(word))))
    found.update(dict.fromkeys(form for base in sorted(bases(word)) for form in sorted(of.get(base, ()))))
    return tuple(found)


def are_forms(mine: str, theirs: str) -> bool:
    """Whether the two are forms of one first name."""
    ours, others = bases(mine), bases(theirs)
    return not (
        ours.isdisjoint(others) and _further(mine).isdisjoint(others) and _further(theirs).isdisjoint(ours)
    )


@lru_cache(maxsize=65_536)
def _further(word: str) -> frozenset[str]:
    """Ted is a form of Theodore, which is a form of Theodoros."""
    # Only among our own: over two steps the public list makes Lee of Helen.
    of = _own_bases()
    return frozenset(base for one in bases(word) for base in of.get(one, ()))


@cache
def _own_bases() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for _, base, form in _listed():
        found[form].add(base)
    return {form: frozenset(of) for form, of in found.items()}


def is_known(word: str) -> bool:
    """Whether it is a first name of the lists; two known names are rarely slips of each other."""
    return word in _known_names()


def is_english(word: str) -> bool:
    """Whether it is a first name of these islands."""
    return word in _english_names()


@cache
def _known_names() -> frozenset[str]:
    return _HOME.union(_ELSEWHERE, *_families())


@cache
def _english_names() -> frozenset[str]:
    at_home = (pair for heading, *pair in _listed() if _AT_HOME.search(heading))
    return _HOME.union(*at_home, *_english())


def _respelt(word: str) -> str:
    """The known name that sounds alike and is one letter away, else the word itself."""
    plain = _TWICE.sub(r"\1", word.replace("x", "h").removeprefix("c"))
    if ("x" in word or word.startswith("c")) and is_known(plain):
        return plain
    # Three letters sound like too much else.
    alike = _sounds().get(skeleton(word), ()) if len(word) > 3 else ()
    return next((name for name in alike if OSA.distance(word, name, score_cutoff=1) <= 1), word)


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for family in _families():
        for name in family:
            found[skeleton(name)].append(name)
    return {sound: tuple(sorted(set(names))) for sound, names in found.items()}


@cache
def _families() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """The bases of each form and the forms of each base."""
    bases_of: dict[str, set[str]] = defaultdict(set)
    forms_of: dict[str, set[str]] = defaultdict(set)
    for base, form in chain(((base, form) for _, base, form in _listed()), _english()):
        bases_of[form].add(base)
        forms_of[base].add(form)
    return (
        {form: frozenset(of) for form, of in bases_of.items()},
        {base: frozenset(of) for base, of in forms_of.items()},
    )


def _listed() -> Iterator[tuple[str, str, str]]:
    """The heading, the base and a form."""
    heading = ""
    lines = resources.files(__package__).joinpath("forms.csv").read_text(encoding="utf-8").splitlines()
    for base, *others in csv.reader(line for line in lines if line):
        if base.startswith("#"):
            heading = base
        else:
            yield from ((heading, base, form) for form in others)


def _english() -> Iterator[tuple[str, str]]:
    for triplet in name_triplets():
        yield triplet.name1, triplet.name2
