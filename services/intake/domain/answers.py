"""From the answers of the public form to a report: what was typed becomes people, work, allegations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from services.intake.domain.report import Attached, Passage, Report
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
)  # fmt: skip

Item = Mapping[str, Any]
Answers = Mapping[str, Any]
_YES_NO = {"yes": True, "no": False}


def missing(answers: Answers) -> dict[str, str]:
    """What still has to be answered before a report can be sent, by section; other gaps are no obstacle."""
    lacking: dict[str, str] = {}
    you = answers.get("you", {})
    if not you.get("agency") or not (you.get("identity") == "anonymous" or you.get("surname")):
        lacking["you"] = "Tell us who you are, or that you would rather not say."
    if not answers.get("adults"):
        lacking["adults"] = "Tell us about the adult, as far as you know."
    if not answers.get("work"):
        lacking["work"] = "Tell us about their work with children, as far as you know."
    events = answers.get("events", ())
    if not any(event.get("narrative") and event.get("category") for event in events):
        lacking["events"] = "Tell us what happened."
    return lacking


def report(answers: Answers, passages: Sequence[Passage], now: datetime) -> Report:
    """The report that complete answers amount to."""
    adults = answers.get("adults", ())
    children = [item for item in answers.get("children", ()) if _is_somebody(item)]
    events = answers.get("events", ())
    known = answers.get("done", {}).get("known")
    return Report(
        channel="online",
        contact_type="REFERRAL",
        concern_time=_concern_time(events),
        known_to_employer_at=datetime.fromisoformat(known) if known else None,
        referrer=_referrer(answers.get("you", {})),
        adults=tuple(_person(item, _works(answers, item, adults), now) for item in adults),
        children=tuple(_child(item) for item in children),
        allegations=tuple(
            one for event in events for one in _allegations(event, adults, {item["id"] for item in children})
        ),
        passages=tuple(passages),
        files=tuple(Attached(**item) for item in answers.get("files", ())),
    )


def full_name(item: Item) -> str:
    """A name as one line; empty when none is known."""
    return " ".join(item[part] for part in ("given", "middle", "surname") if item.get(part))


def _referrer(you: Item) -> Referrer:
    # Somebody may have typed a name before deciding to leave it out: it is not passed on.
    agency = you.get("agency", "OTHER")
    if you.get("identity") == "anonymous":
        return Referrer(agency=agency)
    return Referrer(
        name=full_name(you),
        email=you.get("email", ""),
        phone=you.get("phone", ""),
        organisation=you.get("organisation", ""),
        agency=agency,
        job_title=you.get("job_title", ""),
    )


def _person(item: Item, works: Sequence[Item], now: datetime) -> Person:
    born, guessed = item.get("born", ""), False
    # An age is true on the day it was told; the year that follows from it may be one off.
    if not born and item.get("age"):
        born, guessed = str(now.year - int(item["age"])), True
    return Person(
        id=item["id"],
        names=tuple(_names(item)),
        born=born,
        born_from_age=guessed,
        addresses=tuple(_addresses(item)),
        phones=_given(item, "phone"),
        emails=_given(item, "email"),
        identifiers=tuple(
            Identifier(scheme=scheme, value=item[field])
            for scheme, field in (("TRN", "trn"), ("DBS", "dbs"))
            if item.get(field)
        ),
        work=tuple(_work(work) for work in works),
    )


def _names(item: Item) -> list[Name]:
    names = []
    if full_name(item):
        parts = {part: item.get(part, "") for part in ("given", "middle", "surname")}
        names.append(Name(kind="legal", **parts))
    for kind in ("known_as", "previous"):
        lines = item.get(kind, "").replace(",", "\n").split("\n")
        names += [Name(kind=kind, full=line.strip()) for line in lines if line.strip()]
    return names


def _addresses(item: Item) -> list[Address]:
    parts = {part: item.get(part, "") for part in ("line1", "town", "postcode")}
    return [Address(**parts)] if any(parts.values()) else []


def _works(answers: Answers, adult: Item, adults: Sequence[Item]) -> list[Item]:
    first = adults[0]["id"] if adults else ""
    return [work for work in answers.get("work", ()) if (work.get("adult") or first) == adult["id"]]


def _work(item: Item) -> Work:
    identifiers = (Identifier(scheme="URN", value=item["urn"]),) if item.get("urn") else ()
    sector = item.get("sector", "UNKNOWN")
    return Work(
        setting=Setting(
            name=item.get("setting", ""),
            kind=sector,
            town=item.get("town", ""),
            postcode=item.get("postcode", ""),
            identifiers=identifiers,
        ),
        role=item.get("role", "OTHER"),
        sector=sector,
        basis=item.get("basis", "UNKNOWN"),
        status=item.get("status", "unknown"),
        job_title=item.get("job_title", ""),
        employer=item.get("employer", ""),
        regulated_activity=_YES_NO.get(item.get("unsupervised", "")),
    )


def _is_somebody(item: Item) -> bool:
    return any(value for name, value in item.items() if name not in {"id", "known"})


def _child(item: Item) -> Child:
    return Child(
        id=item["id"],
        name=full_name(item),
        born=item.get("born", ""),
        placed_by=item.get("placed_by", ""),
        account=item.get("account", ""),
    )


def _allegations(event: Item, adults: Sequence[Item], children: set[str]) -> list[Allegation]:
    named = event.get("adults") or [adult["id"] for adult in adults[:1]]
    involved = tuple(child for child in event.get("children", ()) if child in children)
    return [
        Allegation(
            # Derived, so that sending the same draft again gives the same ids.
            id=event["id"] if place == 0 else str(uuid5(UUID(event["id"]), adult)),
            adult_id=adult,
            child_ids=involved,
            category=event.get("category", "OTHER"),
            narrative=event.get("narrative", ""),
            happened_on=event.get("happened", ""),
            at_work=_YES_NO.get(event.get("at_work", "")),
        )
        for place, adult in enumerate(named)
    ]


def _concern_time(events: Sequence[Item]) -> str:
    times = [event.get("concern_time", "CURRENT") for event in events]
    return "CURRENT" if "CURRENT" in times or not times else times[0]


def _given(item: Item, name: str) -> tuple[str, ...]:
    return (item[name],) if item.get(name) else ()
