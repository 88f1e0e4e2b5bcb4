"""The invented region: settings that stay the same, adults who move between them, and what was said about
them.

Everything follows from the seed, so that a demo can be taken up again where it stopped.
"""

import random
import tomllib
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

from shared.contracts.people import (
    Address,
    Allegation,
    Child,
    Identifier,
    Name,
    Person,
    Referrer,
    Setting,
    Work,
)

SEED = 20231122
REPEAT_ADULT = 0.16
ACROSS = 0.35
SETTINGS = 40
_MAIDEN = 0.3


@dataclass(frozen=True, kw_only=True)
class Story:
    """One contact as it will be told."""

    number: int
    authority: str
    referrer: Referrer
    adult: Person
    child: Child
    allegation: Allegation
    agency: str
    officers: tuple[str, ...]


class World:
    """All that the demo knows. `story(n)` must be asked for in order: adults come back."""

    def __init__(self, seed: int = SEED) -> None:
        self._data: dict[str, Any] = tomllib.loads(
            files("services.intake.commands").joinpath("world.toml").read_text(encoding="utf-8")
        )
        self._seed = seed
        self._known: list[Person] = []
        self.told = 0

    @property
    def authorities(self) -> list[dict[str, Any]]:
        """The authorities' records, with the names of their officers."""
        found: list[dict[str, Any]] = self._data["authority"]
        return found

    @cached_property
    def settings(self) -> dict[str, list[Setting]]:
        """The workplaces of each authority."""
        return {one["code"]: self._settings_of(one) for one in self.authorities}

    def story(self, number: int) -> Story:
        """The story of that number; earlier ones are told first, since adults come back."""
        while self.told < number:
            self._tell(self.told)
            self.told += 1
        self.told += 1
        return self._tell(number)

    def _tell(self, number: int) -> Story:
        chance = random.Random(f"{self._seed}/{number}")
        place = chance.choices(self.authorities, [one["share"] for one in self.authorities])[0]
        setting = chance.choice(self.settings[place["code"]])
        sector = self._sector(setting.kind)
        adult = self._adult(chance, number, setting, sector, place)
        child = Child(
            id=f"{number}-c",
            name=chance.choice(self._data["people"]["child"]),
            born=f"{chance.randint(2008, 2021)}-{chance.randint(1, 12):02}",
        )
        return Story(
            number=number,
            authority=place["code"],
            referrer=self._referrer(chance, setting, sector),
            adult=adult,
            child=child,
            allegation=self._allegation(chance, number),
            agency=sector["agency"],
            officers=tuple(place["officers"]),
        )

    def _settings_of(self, authority: dict[str, Any]) -> list[Setting]:
        chance = random.Random(f"{self._seed}/settings/{authority['code']}")
        made = []
        for number in range(SETTINGS):
            sector = chance.choices(self._data["sector"], [one["weight"] for one in self._data["sector"]])[0]
            town, outcode = chance.choice(authority["towns"])
            name = f"{chance.choice(self._data['people']['surname'])} {chance.choice(sector['words'])}"
            made.append(
                Setting(
                    name=name,
                    kind=sector["code"],
                    town=town,
                    postcode=f"{outcode} {chance.randint(1, 9)}{_letters(chance)}",
                    identifiers=(Identifier(scheme="URN", value=f"9{chance.randint(0, 9)}{number:04}"),),
                )
            )
        return made

    def _sector(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self._data["sector"] if one["code"] == code)
        return found

    def _adult(
        self,
        chance: random.Random,
        number: int,
        setting: Setting,
        sector: dict[str, Any],
        place: dict[str, Any],
    ) -> Person:
        work = Work(
            setting=setting,
            role=chance.choice(sector["roles"]),
            sector=sector["code"],
            basis="PERMANENT",
            regulated_activity=True,
            employer=setting.name,
        )
        if self._known and chance.random() < REPEAT_ADULT:
            return self._again(chance, number, work)
        person = self._stranger(chance, number, place, work)
        self._known.append(person)
        return person

    def _again(self, chance: random.Random, number: int, work: Work) -> Person:
        """Somebody who was named before: at the same place, or elsewhere under a name spelt another way."""
        before = chance.choice(self._known)
        if chance.random() > ACROSS:
            return replace(before, id=f"{number}-a")
        names = before.names
        if chance.random() < _MAIDEN:
            now = replace(names[0], surname=chance.choice(self._data["people"]["surname"]))
            names = (now, replace(names[0], kind="previous"))
        return replace(before, id=f"{number}-a", names=names, work=(work,), phones=())

    def _stranger(self, chance: random.Random, number: int, place: dict[str, Any], work: Work) -> Person:
        people = self._data["people"]
        given, surname = chance.choice(people["given"]), chance.choice(people["surname"])
        town, outcode = chance.choice(place["towns"])
        return Person(
            id=f"{number}-a",
            names=(Name(given=given, surname=surname),),
            work=(work,),
            born=f"{chance.randint(1958, 2003)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            addresses=(
                Address(
                    line1=f"{chance.randint(1, 140)} {chance.choice(people['street'])}",
                    town=town,
                    postcode=f"{outcode} {chance.randint(1, 9)}{_letters(chance)}",
                ),
            ),
            phones=(f"07700 900{chance.randint(0, 999):03}",) if chance.random() < 0.6 else (),
        )

    def _referrer(self, chance: random.Random, setting: Setting, sector: dict[str, Any]) -> Referrer:
        people = self._data["people"]
        name = f"{chance.choice(people['given'])} {chance.choice(people['surname'])}"
        mailbox = "".join(letter for letter in setting.name.lower() if letter.isascii() and letter.isalnum())
        return Referrer(
            name=name,
            email=f"office@{mailbox}.example",
            phone=f"01632 960{chance.randint(500, 999)}",
            organisation=setting.name,
            agency=sector["agency"],
            job_title="Manager",
        )

    def _allegation(self, chance: random.Random, number: int) -> Allegation:
        concern = chance.choices(self._data["concern"], [one["weight"] for one in self._data["concern"]])[0]
        return Allegation(
            id=f"{number}-x",
            adult_id=f"{number}-a",
            child_ids=(f"{number}-c",),
            category=concern["category"],
            criteria=tuple(concern["criteria"]),
            narrative=chance.choice(concern["words"]),
            at_work=concern["category"] != "TRANSFERABLE_RISK",
        )


def _letters(chance: random.Random) -> str:
    return "".join(chance.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
