"""From what was typed to the person that is asked for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.search.domain import onebox
from shared.contracts.people import Address, Identifier, Name, Person, Setting, Work

ASKED = "asked"


def from_form(answers: Mapping[str, Any]) -> tuple[Person, str]:
    """The person of the search form and the reference it quotes, in its boxes or in the one for anything."""
    read = onebox.read(answers["anything"], ASKED)
    boxes, said = _of_boxes(answers), read.person
    both = {
        name: getattr(boxes, name) + getattr(said, name)
        for name in ("names", "addresses", "phones", "emails", "identifiers")
    }
    return replace(boxes, born=boxes.born or said.born, **both), answers["reference"] or read.reference


def _of_boxes(answers: Mapping[str, Any]) -> Person:
    names = (
        [Name(given=answers["given"], surname=answers["surname"])]
        if answers["given"] or answers["surname"]
        else []
    )
    names += _previous(answers)
    address = Address(line1=answers["line1"], town=answers["town"], postcode=answers["postcode"])
    number = Identifier(scheme=answers["scheme"] or "TRN", value=answers["number"])
    return Person(
        id=ASKED, names=tuple(names), born=answers["born"],
        addresses=(address,) if address != Address() else (),
        phones=_filled(answers["phone"]), emails=_filled(answers["email"]),
        identifiers=(number,) if answers["number"] else (),
        work=_work(answers["setting"], answers["setting_town"]),
    )  # fmt: skip


def from_document(said: Mapping[str, Any]) -> Person:
    """The person of an API search."""
    return Person(
        id=ASKED, born=said.get("born", ""), born_from_age=said.get("born_from_age", False),
        names=tuple(Name(**one) for one in said.get("names", ())),
        addresses=tuple(Address(**one) for one in said.get("addresses", ())),
        phones=tuple(said.get("phones", ())), emails=tuple(said.get("emails", ())),
        identifiers=tuple(Identifier(**one) for one in said.get("identifiers", ())),
        work=tuple(Work(setting=_setting(one)) for one in said.get("settings", ())),
    )  # fmt: skip


def _previous(answers: Mapping[str, Any]) -> list[Name]:
    said = answers["previous"]
    if not said:
        return []
    alone = " " not in said and answers["given"]
    return [
        Name(kind="previous", given=answers["given"], surname=said)
        if alone
        else Name(kind="previous", full=said)
    ]


def _filled(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _work(name: str, town: str) -> tuple[Work, ...]:
    return (Work(setting=Setting(name=name, town=town)),) if name else ()


def _setting(said: Mapping[str, Any]) -> Setting:
    numbers = tuple(Identifier(**one) for one in said.get("identifiers", ()))
    return Setting(name=said["name"], town=said["town"], postcode=said["postcode"], identifiers=numbers)
