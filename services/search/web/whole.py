"""Two whole people side by side: everything that any record says, since when, and which records say it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.search.web import wording
from shared.contracts.people import Address, Person, Work


class Said(NamedTuple):
    """One thing that is said: by which records, for what time, and whether the other side says it too."""

    value: str
    sources: tuple[str, ...]
    when: str
    shared: bool


class Compared(NamedTuple):
    """A row of the comparison."""

    heading: str
    mine: Sequence[Said]
    theirs: Sequence[Said]
    difference: str


def compare(mine: Mapping[str, Person], theirs: Mapping[str, Person]) -> Iterator[Compared]:
    """A row for everything that either side says; both are records by their names."""
    ours, others = _facts(mine), _facts(theirs)
    for heading in ours:
        here, there = ours[heading], others[heading]
        if here or there:
            yield Compared(
                heading,
                _marked(here, there),
                _marked(there, here),
                wording.difference([one.value for one in here], [one.value for one in there]),
            )


def _marked(here: Sequence[Said], there: Sequence[Said]) -> list[Said]:
    known = {one.value.casefold() for one in there}
    return [one._replace(shared=one.value.casefold() in known) for one in here]


def _facts(people: Mapping[str, Person]) -> dict[str, list[Said]]:
    found: dict[str, dict[tuple[str, str], Said]] = {heading: {} for heading in wording.HEADINGS}
    for name, person in people.items():
        times: dict[str, Sequence[Address | Work]] = {
            "Addresses": person.addresses,
            "Settings and roles": person.work,
        }
        for heading, values in wording.facts_of(person).items():
            spans = [_span(one) for one in times.get(heading, ())] or [""] * len(values)
            for value, when in zip(values, spans, strict=True):
                key = value.casefold(), when
                before = found[heading].get(key, Said(value, (), when, shared=False))
                found[heading][key] = before._replace(sources=(*before.sources, name))
    return {heading: list(said.values()) for heading, said in found.items()}


def _span(one: Address | Work) -> str:
    since = f"from {_day(one.since)}" if one.since else ""
    until = f"until {_day(one.until)}" if one.until else ""
    return " ".join(filter(None, (since, until)))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
