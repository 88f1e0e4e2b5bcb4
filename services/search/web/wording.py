"""Codes of search in words and colours."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.search.domain.judgement import State
from shared.contracts.people import Address, Name, Person, Work
from shared.vocabulary import Band
from shared.web.wording import date_words

BAND_WORDS = {Band.STRONG: "Strong match", Band.LIKELY: "Likely match", Band.POSSIBLE: "Possible match"}
BAND_COLOURS = {Band.STRONG: "red", Band.LIKELY: "orange", Band.POSSIBLE: ""}
STATE_WORDS = {
    State.OPEN: "To be decided",
    State.CONFIRMED: "The same adult",
    State.REJECTED: "Different adults",
    State.UNSURE: "Unsure",
    State.WITHDRAWN: "Withdrawn",
}
STATE_COLOURS = {State.OPEN: "blue", State.CONFIRMED: "green", State.UNSURE: "yellow"}
FLAG_WORDS = {
    "varies_one_field": "Repeated with one field varied",
    "own_name": "The searcher's own name",
    "same_surname": "The searcher's surname",
}
SCHEMES = (
    ("TRN", "Teacher reference number"),
    ("DBS", "DBS certificate number"),
    ("SWE", "Social Work England"),
    ("HCPC", "HCPC"),
    ("NMC", "NMC"),
    ("GMC", "GMC"),
    ("NI", "National Insurance number"),
)
_COMPARED = (
    ("Names", "names"),
    ("Birth date", "born"),
    ("Addresses", "addresses"),
    ("Telephone numbers", "phones"),
    ("E-mail addresses", "emails"),
    ("Registration numbers", "identifiers"),
    ("Settings and roles", "work"),
)


def name_of(person: Person) -> str:
    """What to call an adult: their first name given."""
    return next((said for said in map(_name, person.names) if said), "Name not known")


def facts_of(person: Person) -> dict[str, list[str]]:
    """Everything a source said, by heading, ready to be shown."""
    said = {
        "names": [_kind(one) for one in person.names if _name(one)],
        "born": [_born(person)] if person.born else [],
        "addresses": [_address(one) for one in person.addresses],
        "phones": list(person.phones),
        "emails": list(person.emails),
        "identifiers": [f"{one.scheme} {one.value}" for one in person.identifiers],
        "work": [_work(one) for one in person.work],
    }
    return {heading: said[field] for heading, field in _COMPARED}


def side_by_side(mine: Person, theirs: Person) -> Iterator[tuple[str, Sequence[str], Sequence[str], str]]:
    """Heading, what each source says, and whether it differs, for the compare page."""
    ours, others = facts_of(mine), facts_of(theirs)
    for heading, values in ours.items():
        other = others[heading]
        if values or other:
            yield heading, values, other, _difference(values, other)


def _difference(values: Sequence[str], other: Sequence[str]) -> str:
    if not values or not other:
        return "Only one side known"
    folded = {one.casefold() for one in values}, {one.casefold() for one in other}
    if folded[0] == folded[1]:
        return "Same"
    return "Partly the same" if folded[0] & folded[1] else "Differs"


def _name(name: Name) -> str:
    return name.full or " ".join(part for part in (name.given, name.middle, name.surname) if part)


def _kind(name: Name) -> str:
    return _name(name) + ("" if name.kind == "legal" else f" ({name.kind.replace('_', ' ')})")


def _born(person: Person) -> str:
    """`13 May 1984`, `May 1984` or `1984`, as far as it is known."""
    year, month, day = [int(part) if part.isdigit() else 0 for part in (*person.born.split("-"), "", "")[:3]]
    try:
        told = (
            date_words(date(year, month, day))
            if day
            else f"{date(year, month, 1):%B %Y}"
            if month
            else str(year)
        )
    except ValueError:
        told = person.born
    return f"{told} (from an age)" if person.born_from_age else told


def _address(address: Address) -> str:
    return ", ".join(part for part in (address.line1, address.town, address.postcode) if part)


def _work(work: Work) -> str:
    role = work.job_title or ("" if work.role == "OTHER" else work.role.replace("_", " ").capitalize())
    return ", ".join(part for part in (role, work.setting.name, work.setting.town) if part)
