"""Codes of search in words and colours."""

from collections.abc import Iterator, Mapping, Sequence

from services.search.domain import thresholds
from services.search.domain.judgement import State
from services.search.store.happenings import Happening, Kind
from services.search.store.lookbacks import Mark
from shared.code_words import code_words
from shared.contracts.people import Address, Name, Person, Work
from shared.partial_dates import said_day
from shared.vocabulary import Band

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
    "colleague": "A colleague's name",
    "had_to_wait": "Not answered, too many within the hour",
}
DOUBT_WORDS = {
    "judged_different": "Two of its records were judged to be of different adults",
    "reopened": "A record changed after somebody decided",
    "weak_link": "A weak match alone holds its records together",
    "far_apart": "Two of its records were never found to be alike",
}
AT_SETTING_WORDS = "A concern at the same setting, or at another of the body that runs it"
HAPPENING_WORDS = {
    Kind.CONTACT: "Contact",
    Kind.CASE: "Case",
    Kind.OUTCOME: "Outcome",
    Kind.NOTICE: "Notice",
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

HEADINGS = tuple(heading for heading, _ in _COMPARED)


def rate_words(part: int, whole: int) -> str:
    """`12 % (5 to 24)`, or that nothing was decided yet."""
    if not whole:
        return "None decided"
    low, high = thresholds.interval(part, whole)
    return f"{round(100 * part / whole)} % ({low} to {high})"


def happening_words(one: Happening) -> str:
    """What a happening is."""
    if one.kind is Kind.NOTICE:
        return f"Notice to: {code_words('body', one.about)}"
    of = code_words("category" if one.kind is Kind.OUTCOME else "contact_type", one.code)
    return ": ".join(filter(None, (HAPPENING_WORDS[one.kind], of)))


def happening_state(one: Happening) -> str:
    """How far it has come."""
    known = {Kind.CONTACT: "decision", Kind.OUTCOME: "outcome", Kind.NOTICE: "standing"}
    return code_words(known.get(one.kind, ""), one.state.upper()) or "Not decided yet"


def mark_words(one: Happening, mark: Mark | None) -> str:
    """What was found about a record in a look-back."""
    if mark is None:
        return "To be marked"
    if not mark.stands(one):
        return "Changed since it was marked"
    return "Acted on" if mark.actioned else "Not acted on"


def happening_page(one: Happening) -> str:
    """Where its own service shows it."""
    return {
        Kind.CONTACT: f"/intake/contacts/{one.contact_id}",
        Kind.NOTICE: f"/notifications/notices/{one.happening_id}",
    }.get(one.kind, f"/casework/cases/{one.case_id}")


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


def works_of(person: Person) -> str:
    """Where they work and as what, in a line."""
    return "; ".join(map(_work, person.work))


def together(people: Mapping[str, Person]) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Heading, and each thing that is said with the names of the records that say it; `people` by name of
    the record."""
    facts = {name: facts_of(person) for name, person in people.items()}
    for heading, _ in _COMPARED:
        said: dict[str, tuple[str, list[str]]] = {}
        for name, of in facts.items():
            for value in of[heading]:
                said.setdefault(value.casefold(), (value, []))[1].append(name)
        if said:
            yield heading, list(said.values())


def side_by_side(mine: Person, theirs: Person) -> Iterator[tuple[str, Sequence[str], Sequence[str], str]]:
    """Heading, what each source says, and whether it differs, for the compare page."""
    ours, others = facts_of(mine), facts_of(theirs)
    for heading, values in ours.items():
        other = others[heading]
        if values or other:
            yield heading, values, other, difference(values, other)


def difference(values: Sequence[str], other: Sequence[str]) -> str:
    """Whether two sources say the same."""
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
    return f"{said_day(person.born)} (from an age)" if person.born_from_age else said_day(person.born)


def _address(address: Address) -> str:
    return ", ".join(part for part in (address.line1, address.town, address.postcode) if part)


def _work(work: Work) -> str:
    role = work.job_title or ("" if work.role == "OTHER" else code_words("role", work.role))
    return ", ".join(part for part in (role, work.setting.name, work.setting.town) if part)
