"""A portrait: one source's description of an adult in normal form, which is what keys are cut from and
scores compare."""

from collections.abc import Iterator
from typing import NamedTuple

from services.search.domain import birth, names, places, reach, registrations, workplaces
from services.search.domain.birth import Birth
from services.search.domain.names import PersonName
from services.search.domain.places import Place
from services.search.domain.registrations import Registration
from services.search.domain.script import words
from services.search.domain.sound import skeleton
from services.search.domain.workplaces import Workplace
from shared.contracts.people import Person

# A record with hundreds of addresses must not make every pair it is in expensive.
_MOST = 8


class Portrait(NamedTuple):
    """Values are normal forms; `sex` is only what a title or a part of the name said; `jobs` are roles or
    job titles."""

    names: tuple[PersonName, ...] = ()
    sex: str = ""
    birth: Birth = birth.UNKNOWN
    places: tuple[Place, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    registrations: tuple[Registration, ...] = ()
    workplaces: tuple[Workplace, ...] = ()
    jobs: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Which kinds of field are filled in."""
        return frozenset(
            name
            for name in ("names", "birth", "places", "phones", "emails", "registrations", "workplaces")
            if getattr(self, name) and getattr(self, name) != birth.UNKNOWN
        )


def portray(person: Person, *, latest_year: int = 2100) -> Portrait:
    """The normal form of a person; what cannot be used is left out. At most eight values of a kind are
    kept."""
    return Portrait(
        names.normalise(person.names[:_MOST]),
        names.sex_of(person.names[:_MOST]),
        birth.born(person.born, from_age=person.born_from_age, latest=latest_year),
        _kept(places.place(one.line1, one.town, one.postcode) for one in person.addresses),
        _kept(map(reach.phone, person.phones)),
        _kept(map(reach.email, person.emails)),
        _kept(registrations.registration(one.scheme, one.value) for one in person.identifiers),
        _kept(_workplaces(person)),
        _kept(_jobs(person)),
    )


def _kept(values: Iterator[object]) -> tuple:  # type: ignore[type-arg]  # one tuple kind per field
    return tuple(dict.fromkeys(filter(None, values)))[:_MOST]


def _workplaces(person: Person) -> Iterator[Workplace | None]:
    for work in person.work:
        setting = work.setting
        numbers = tuple((one.scheme, one.value) for one in setting.identifiers)
        yield workplaces.workplace(setting.name, setting.town, setting.postcode, numbers)


def _jobs(person: Person) -> Iterator[str]:
    for work in person.work:
        # “OTHER” agrees with every other “OTHER” and says nothing.
        said = work.job_title or ("" if work.role == "OTHER" else work.role)
        yield " ".join(words(said))


def terms(portrait: Portrait) -> frozenset[str]:
    """What is counted over the index, so that rare agreements weigh more than common ones."""
    found = [f"o:{place.district}" for place in portrait.places if place.postcode]
    for name in portrait.names:
        for word in name.words:
            found += (f"n:{word}", f"k:{skeleton(word)}")
    found += [f"p:{number}" for number in portrait.phones]
    found += [f"e:{address}" for address in portrait.emails]
    found += [one.term for one in portrait.workplaces]
    found += [f"r:{job}" for job in portrait.jobs]
    return frozenset(found)
