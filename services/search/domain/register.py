"""One row of a register of schools and homes: read, or refused with a sentence for each cell to put right."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple

from services.search.domain.places import postcode
from services.search.domain.registrations import registration
from shared.contracts.people import Identifier, Setting
from shared.errors import Invalid

NUMBERS = ("URN", "OFSTED", "CQC", "COMPANY", "CHARITY")
LONGEST = 200
_HEADS = re.compile(r"[0-9]{1,5}")
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)"),
    re.compile(r"(?P<d>\d\d?)[/-](?P<m>\d\d?)[/-](?P<y>\d{4})"),
)
_PLAIN = re.compile(r"[^a-z0-9]")
_MANY = re.compile(r"[;|\s]+")


class Problem(NamedTuple):
    """What to do about one cell. `row` counts as a spreadsheet does, the heading being row 1."""

    row: int
    column: str
    words: str


class Row(NamedTuple):
    """The cells of one row, still unread. `twin` is an earlier row about the same setting, or 0."""

    number: int
    cells: tuple[str, ...]
    twin: int = 0


@dataclass(frozen=True)
class Entry:
    """What a register says about one setting. `predecessors` are numbers it had before."""

    row: int
    setting: Setting
    provider: str = ""
    provider_company: str = ""
    head_count: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    predecessors: tuple[Identifier, ...] = ()


class Heading:
    """The first row of a file: which column holds what, whatever the register calls it."""

    def __init__(self, cells: Sequence[str]) -> None:
        """Raises Invalid when no name, or neither place nor number, can be found in it."""
        self.cells = tuple(cell.strip()[:LONGEST] for cell in cells)
        self._at: dict[str, int] = {}
        for position, cell in enumerate(self.cells):
            field = _fields().get(_plain(cell))
            if field is not None:
                self._at.setdefault(field, position)
        if "name" not in self._at or self._at.keys().isdisjoint({"town", "postcode", *NUMBERS}):
            raise Invalid(
                "The first row must hold the headings: name, and at least one of town, postcode, URN, Ofsted,"
                " CQC, company or charity number. Put them in the first row and load the file again."
            )

    def words(self, row: Row) -> dict[str, str]:
        """The cells of a row by field."""
        return {field: row.cells[at].strip() for field, at in self._at.items() if at < len(row.cells)}

    def column(self, field: str) -> str:
        """What the file calls a field."""
        return self.cells[self._at[field]] if field in self._at else field.replace("_", " ")

    def twin(self, row: Row) -> str:
        """What two rows about the same setting have in common; cheap, for a whole file."""
        words = self.words(row)
        number = next((f"{one}:{words[one]}" for one in NUMBERS[:3] if words.get(one)), "")
        return number or "|".join(words.get(one, "").casefold() for one in ("name", "town", "postcode"))


def read(heading: Heading, row: Row) -> Entry | list[Problem]:
    """The setting that a row speaks of, or everything that is wrong with the row."""
    words = heading.words(row)
    found = list(_problems(heading, row, words))
    if found:
        return [Problem(row.number, heading.column(field), told) for field, told in found]
    return Entry(
        row.number,
        Setting(
            name=words["name"],
            kind=_kind(words.get("kind", "")) or "",
            town=words.get("town", ""),
            postcode=words.get("postcode", "").upper(),
            identifiers=_numbers(words),
        ),
        provider=words.get("provider", ""),
        provider_company=words.get("provider_company", ""),
        head_count=int(words["head_count"]) if words.get("head_count") else None,
        opened_on=_day(words.get("opened_on", "")),
        closed_on=_day(words.get("closed_on", "")),
        predecessors=_predecessors(words),
    )


def _problems(heading: Heading, row: Row, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if len(row.cells) != len(heading.cells):
        yield (
            "name",
            f"The row has {len(row.cells)} cells and the heading {len(heading.cells)}: check its commas.",
        )
        return
    if row.twin:
        yield "name", f"Row {row.twin} is about the same setting: keep one of the two."
    yield from (
        (field, f"Shorten this to {LONGEST} characters.") for field in words if len(words[field]) > LONGEST
    )
    if not words.get("name"):
        yield "name", "Enter the name of the setting."
    if not any(words.get(one) for one in ("town", "postcode", *NUMBERS)):
        yield "name", "Enter a number, town or postcode too, so that it can be told from others of that name."
    yield from _unreadable(words)


def _unreadable(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if _kind(words.get("kind", "")) is None:
        yield "kind", "This kind of setting is not known: use a sector code, or leave it empty."
    if words.get("postcode") and not postcode(words["postcode"]):
        yield "postcode", "Write the whole postcode, such as ZZ1 1ZZ, or leave it empty."
    for scheme in NUMBERS:
        if words.get(scheme) and registration(scheme, words[scheme]) is None:
            yield scheme, "This is no number that a register gives: correct it, or leave it empty."
    head_count = words.get("head_count", "")
    if head_count and not _HEADS.fullmatch(head_count):
        yield "head_count", "Write a whole number below 100,000 in figures, or leave it empty."
    yield from _wrong_days(words)


def _wrong_days(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    days = {field: _day(words.get(field, "")) for field in ("opened_on", "closed_on")}
    for field, day in days.items():
        if words.get(field) and day is None:
            yield field, "Write the day as 2026-03-31 or 31/03/2026, or leave it empty."
    opened, closed = days["opened_on"], days["closed_on"]
    if opened and closed and closed < opened:
        yield "closed_on", "It closed before it opened: correct one of the two days."


def _numbers(words: Mapping[str, str]) -> tuple[Identifier, ...]:
    return tuple(Identifier(scheme=one, value=words[one]) for one in NUMBERS if words.get(one))


def _predecessors(words: Mapping[str, str]) -> tuple[Identifier, ...]:
    # Without a scheme of its own it is a number of the register that the file comes from.
    scheme = next((one for one in NUMBERS if words.get(one)), "URN")
    values = filter(None, _MANY.split(words.get("predecessors", "")))
    return tuple(Identifier(scheme=scheme, value=value) for value in values)


def _day(text: str) -> date | None:
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _DAYS)), None)
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None


def _kind(text: str) -> str | None:
    """The canonical sector, empty when nothing is said, None when it is not known."""
    return _kinds().get(_plain(text)) if text else ""


def _plain(text: str) -> str:
    return _PLAIN.sub("", text.casefold())


@cache
def _fields() -> dict[str, str]:
    return {_plain(said): field for field, words in _table()["columns"].items() for said in words.split(",")}


@cache
def _kinds() -> dict[str, str]:
    kinds = _table()["kinds"]
    coded = {_plain(code): code for code in kinds}
    return coded | {_plain(said): code for code, words in kinds.items() for said in words.split(",")}


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files(__package__).joinpath("register.toml").read_text(encoding="utf-8"))
