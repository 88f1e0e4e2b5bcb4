"""The lines of an evaluation file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.contracts.people import Address, Identifier, Name, Person, Setting, Work
from shared.errors import Invalid


@dataclass(frozen=True)
class Entry:
    """One line: a person to index, or a referral or negative to ask for."""

    id: str
    kind: str
    truth: str | None
    person: Person
    why: str = ""
    group: str = ""


def read(path: Path) -> Iterator[Entry]:
    """Every line in order. Raises Invalid, naming the line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _entry(number, line)


def _entry(number: int, line: str) -> Entry:
    try:
        said = json.loads(line)
        person = _person(said["id"], said["rec"])
        return Entry(
            said["id"],
            said["kind"],
            said.get("truth"),
            person,
            said.get("why") or "",
            said.get("group") or "",
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(
            f"Line {number} is not in the format of an evaluation file; put it right or leave it out."
        ) from None


def _person(person_id: str, rec: dict[str, Any]) -> Person:
    return Person(
        id=person_id,
        names=tuple(_name(one) for one in rec.get("names") or ()),
        born=rec.get("dob") or "",
        born_from_age=bool(rec.get("dob_approx")),
        addresses=tuple(_address(one) for one in rec.get("addresses") or ()),
        phones=tuple(rec.get("phones") or ()),
        emails=tuple(rec.get("emails") or ()),
        identifiers=tuple(
            Identifier(scheme=one["scheme"], value=one["value"]) for one in rec.get("identifiers") or ()
        ),
        work=_work(rec),
    )


def _name(one: dict[str, Any]) -> Name:
    parts = {part: one.get(part) or "" for part in ("title", "given", "middle", "surname", "full")}
    return Name(kind=one.get("type") or "legal", **parts)


def _address(one: dict[str, Any]) -> Address:
    return Address(
        line1=one.get("line1") or "", town=one.get("town") or "", postcode=one.get("postcode") or ""
    )


def _work(rec: dict[str, Any]) -> tuple[Work, ...]:
    job, settings = rec.get("role") or "", rec.get("settings") or ()
    places = [_setting(one) for one in settings] or ([Setting(name="")] if job else [])
    return tuple(Work(setting=place, job_title=job) for place in places)


def _setting(one: dict[str, Any]) -> Setting:
    numbers = tuple(Identifier(scheme="URN", value=str(value)) for value in (one.get("urn"),) if value)
    parts = {part: one.get(part) or "" for part in ("name", "town", "postcode")}
    return Setting(kind=one.get("type") or "", identifiers=numbers, **parts)
