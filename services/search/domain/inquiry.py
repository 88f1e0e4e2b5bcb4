"""What of a search's answers cannot be used, in sentences that say how to put it right."""

from collections.abc import Callable, Iterator
from typing import Any

from services.search.domain import birth, names, places, reach, registrations, workplaces
from shared.contracts.people import Address, Identifier, Person, Work

# (field of the adult, question of the form, sentence, whether one value is of use)
_Usable = Callable[[Any], object]


def unusable(asked: Person, *, latest_year: int) -> dict[str, list[str]]:
    """Sentences by question, for values that would otherwise be passed over without a word."""
    return {question: [words] for question, words in _found(asked, latest_year)}


def _found(asked: Person, latest_year: int) -> Iterator[tuple[str, str]]:
    if not all(names.normalise([one]) for one in asked.names):
        yield "surname", "Enter the name in letters. Leave it out when it is not known."
    if asked.born and birth.born(asked.born, latest=latest_year) == birth.UNKNOWN:
        yield "born", f"Enter a real birth date from {birth.EARLIEST} to {latest_year}, or only the year."
    for question, values, is_usable, words in _parts(asked):
        if not all(map(is_usable, values)):
            yield question, words


def _parts(asked: Person) -> Iterator[tuple[str, tuple[Any, ...], _Usable, str]]:
    yield "postcode", asked.addresses, _place, "Enter a whole postcode, or a house, street and town."
    yield "phone", asked.phones, reach.phone, "Enter a telephone number with its area code."
    yield (
        "email",
        asked.emails,
        reach.email,
        "Enter a person’s own e-mail address. A mailbox of an office finds nobody in particular.",
    )
    yield (
        "number",
        asked.identifiers,
        _number,
        "Enter the number as its register writes it, with at least four characters.",
    )
    yield "setting", asked.work, _workplace, "Enter the name of the setting in letters or figures."


def _place(one: Address) -> object:
    return places.place(one.line1, one.town, one.postcode)


def _number(one: Identifier) -> object:
    return registrations.registration(one.scheme, one.value)


def _workplace(one: Work) -> object:
    numbers = tuple((each.scheme, each.value) for each in one.setting.identifiers)
    return workplaces.workplace(one.setting.name, one.setting.town, one.setting.postcode, numbers)
