"""Invented people in any number from a seed, and referrals that repeat some of them the way people write.

Names are about as uneven as they are in England: the commonest surname is that of 14 in a thousand, the
commonest first name that of 23, the hundredth still of two.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from services.search.domain.forms import _listed as listed_forms
from shared.contracts.people import Address, Identifier, Name, Person, Setting, Work

_WORD = re.compile("[A-Z][a-z]+")
_FRONT = _WORD.findall("AshBeckBirchBradBrookChalCrossDarDunEastElFairFenGlenHallHartHazelHolKelKingLangLin")
_MIDDLE = ["", "", "ing", "er", "le", "ber", "den", "wel"]
_ENDS = "ByDenDonFieldFordHamHurstLeyLowManMoreRidgeSonSteadStoneTonWardWellWickWoodWorth"
_BACK = [one.lower() for one in _WORD.findall(_ENDS)]
_STREETS = [f"{front}{back}" for front in _FRONT for back in ("wood", "field", "ley", "ton")]
_WAYS = ["Road", "Street", "Lane", "Close", "Avenue", "Drive"]
_AREAS = ["DT", "SP", "BH", "SO", "PO", "RG", "SN", "BA", "GU", "TA"]
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_SLIPS = "abcdefghijklmnopqrstuvwxyz"


class Populace:
    """A region's people; names are as uneven as names are. British ones unless told otherwise."""

    def __init__(self, seed: int, given: Sequence[str] = (), surnames: Sequence[str] = ()) -> None:
        self._chance = random.Random(seed)
        british = {base.title() for heading, base, _ in listed_forms() if "British" in heading}
        self._given = list(given) or sorted(british)
        self._surnames = list(surnames) or sorted(
            {f"{a}{b}{c}" for a in _FRONT for b in _MIDDLE for c in _BACK}
        )
        self._chance.shuffle(self._surnames)
        self._heaps = {id(names): _uneven(len(names)) for names in (self._given, self._surnames)}
        self._settings = [self._setting(number) for number in range(4_000)]

    def people(self, count: int) -> Iterator[Person]:
        """That many, each with an id."""
        for number in range(count):
            yield self._person(f"P{number:07}")

    def again(self, person: Person) -> Person:
        """The same adult as another source describes them: moved, misspelt, less known."""
        chance, told = self._chance, person
        if chance.random() < 0.4:
            told = replace(told, addresses=(self._address(),))
        if chance.random() < 0.35:
            told = replace(told, names=(self._misspelt(person.names[0]),))
        if chance.random() < 0.25:
            told = replace(told, born=self._slipped(person.born))
        if chance.random() < 0.35:
            told = replace(
                told, work=(Work(setting=chance.choice(self._settings), job_title=person.work[0].job_title),)
            )
        kept = chance.random()
        return replace(
            told,
            phones=person.phones if kept < 0.3 else (),
            emails=person.emails if kept < 0.15 else (),
            identifiers=person.identifiers if kept > 0.8 else (),
        )

    def _person(self, person_id: str) -> Person:
        chance = self._chance
        given, surname = self._pick(self._given), self._pick(self._surnames)
        middle = self._pick(self._given) if chance.random() < 0.4 else ""
        return Person(
            id=person_id,
            names=(Name(given=given, middle=middle, surname=surname),),
            born=(date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))).isoformat(),
            addresses=(self._address(),) if chance.random() < 0.85 else (),
            phones=(f"07700 {chance.randrange(10**6):06}",) if chance.random() < 0.5 else (),
            emails=(f"{given}.{surname}{chance.randrange(99)}@post.example",)
            if chance.random() < 0.3
            else (),
            identifiers=(Identifier(scheme="TRN", value=f"{chance.randrange(10**7):07}"),)
            if chance.random() < 0.4
            else (),
            work=(Work(setting=chance.choice(self._settings), job_title=f"role {chance.randrange(25)}"),),
        )

    def _pick(self, names: list[str]) -> str:
        return self._chance.choices(names, cum_weights=self._heaps[id(names)])[0]

    def _address(self) -> Address:
        chance = self._chance
        line = f"{chance.randrange(1, 150)} {chance.choice(_STREETS)} {chance.choice(_WAYS)}"
        return Address(line1=line, postcode=self._postcode())

    def _postcode(self) -> str:
        chance = self._chance
        inward = f"{chance.randrange(10)}{chance.choice(_LETTERS)}{chance.choice(_LETTERS)}"
        return f"{chance.choice(_AREAS)}{chance.randrange(1, 30)} {inward}"

    def _setting(self, number: int) -> Setting:
        chance = self._chance
        numbers = (Identifier(scheme="URN", value=str(900_000 + number)),)
        said = f"{chance.choice(_STREETS)} {chance.choice(_STREETS)} School"
        return Setting(name=said, postcode=self._postcode(), identifiers=numbers)

    def _misspelt(self, name: Name) -> Name:
        part = self._chance.choice(["given", "surname"])
        word = getattr(name, part)
        at = self._chance.randrange(1, len(word))
        slip = self._chance.choice(
            [word[:at] + word[at + 1 :], word[:at] + self._chance.choice(_SLIPS) + word[at:]]
        )
        return replace(name, middle="", **{part: slip})

    def _slipped(self, born: str) -> str:
        year, month, day = born.split("-")
        return self._chance.choice(
            [
                year,
                "",
                f"{year}-{day}-{month}" if int(day) < 13 else born,
                f"{year}-{month}-{int(day) % 28 + 1:02}",
            ]
        )


def _uneven(count: int) -> list[float]:
    """Weights added up, by the law of Zipf and Mandelbrot."""
    return list(accumulate(1 / (rank + 12) for rank in range(1, count + 1)))
