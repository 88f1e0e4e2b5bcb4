"""Of another authority's record nothing but the pointer appears: in no page, JSON, fact, line or error."""

import io
import json
from contextlib import redirect_stderr
from dataclasses import dataclass, fields
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.intake.actions.configuration import open_authority
from services.intake.actions.contacts import receive_contact
from services.intake.actions.users import add_user
from services.intake.domain.contact import Contact
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.report import Report
from services.intake.domain.session import User
from shared import logs
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.contracts.message import encode
from shared.contracts.people import (
    Address,
    Allegation,
    Child,
    Identifier,
    Name,
    Person,
    Pointer,
    Referrer,
    Setting,
    Work,
)
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.architecture.walk import Walk
from tests.canary.seeds import Seeds
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.platform import Platform, SetClock
from tests.rehearsed import account

AUTHORITIES = {"dorset": "Dorset Council", "wiltshire": "Wiltshire Council"}
STARTS = ["/intake/", "/casework/", "/notifications/", "/search/", "/reporting/", "/search/matches"]
ROLES = (Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)
ALLOWED = {"holder", "contact_route", "reference", "band", "recency", "agrees"}


@dataclass(frozen=True)
class Adult:
    """What both authorities know of somebody, and which parts of it each supplied."""

    given: str
    surname: str
    born: str
    phone: str
    by_dorset: frozenset[str]


adults = some.builds(
    Adult,
    given=some.sampled_from(["Alma", "Rhys", "Olena", "Kwame", "Siobhán"]),
    surname=some.sampled_from(["Finchley", "Okonjo", "Kovalenko", "ap Gwilym", "Thornbury-Hale"]),
    born=some.dates(date(1950, 1, 1), date(2004, 12, 31)).map(date.isoformat),
    phone=some.integers(100, 999).map(lambda number: f"07700 900{number}"),
    by_dorset=some.sets(some.sampled_from(["born", "phone"])).map(frozenset),
)


class Region:
    """Two authorities in one pool; what Wiltshire alone was told is made of words that exist nowhere else."""

    def __init__(self, data: str) -> None:
        self.platform = Platform(from_environment({"HEED_DATA": data}), SetClock(MONDAY_MORNING))
        self.seeds = Seeds()
        for code, title in AUTHORITIES.items():
            record = AuthorityRecord(display_name=title, contact_route="01632 960 100", pooled=True)
            with self.platform["intake"].database.transaction(self._scope(code)) as tx:
                open_authority(tx, record)
                for role in ROLES:
                    name = f"{role.value.capitalize()} Person"
                    email = f"{role.value}@{code}.example"
                    add_user(tx, User(id="", display_name=name, email=email, roles=frozenset({role})))
        self.platform.settle()

    @staticmethod
    def _scope(authority: str) -> Scope:
        return Scope(authority, Actor("system:test"), "thread-1")

    def receive(self, authority: str, report: Report) -> Contact:
        """A contact of theirs, with all that follows."""
        with self.platform["intake"].database.transaction(self._scope(authority)) as tx:
            one = receive_contact(tx, report)
        self.platform.settle()
        return one

    def told_wiltshire(self, adult: Adult, at: Setting | None = None) -> Report:
        """Every field that a report has, filled; what Dorset will not say is a canary. `at` is a setting that
        both know.
        """
        word = self.seeds.word
        who, child = new_id(), new_id()
        own = Setting(name=word("setting"), town=word("town"), kind="EDUCATION_ACADEMY")
        work = Work(setting=at or own, role="TEACHER", job_title=word("job"), employer=word("employer"))
        names = (
            Name(given=adult.given, middle=word("middle"), surname=adult.surname, title=word("title")),
            Name(kind="previous", given=adult.given, surname=word("previous")),
            Name(kind="known_as", full=word("known as")),
        )
        person = Person(
            id=who,
            names=names,
            born=adult.born,
            phones=(adult.phone,),
            emails=(f"{word('mail').lower()}@canary.example",),
            addresses=(Address(line1=word("street"), town=word("home town"), postcode=word("postcode")),),
            identifiers=(Identifier(scheme="TRN", value=word("number")),),
            work=(work,),
        )
        happened = Allegation(id=new_id(), adult_id=who, child_ids=(child,), narrative=word("narrative"))
        return Report(
            referrer=Referrer(name=word("referrer"), organisation=word("organisation")),
            adults=(person,),
            children=(Child(id=child, name=word("child"), account=word("account")),),
            allegations=(happened,),
        )

    def told_dorset(self, adult: Adult) -> Report:
        """The name and what else Dorset supplies, no more."""
        known: dict[str, Any] = {}
        if "born" in adult.by_dorset:
            known["born"] = adult.born
        if "phone" in adult.by_dorset:
            known["phones"] = (adult.phone,)
        person = Person(id=new_id(), names=(Name(given=adult.given, surname=adult.surname),), **known)
        return Report(adults=(person,), allegations=(Allegation(id=new_id(), adult_id=person.id),))

    def facts_of(self, authority: str) -> str:
        """Every fact in that authority's name, from every journal."""
        found = [
            encode(one).decode()
            for name in self.platform.region.runtimes
            for one in self.platform.envelopes(name)
            if one.authority == authority
        ]
        return "\n".join(found)

    def seen_by(self, role: Role, authority: str) -> str:
        """Everything that a person of this role comes to by following links."""
        client = PageClient(self.platform).as_(account(self.platform, role, authority), authority)
        found = Walk(self.platform).found(role, authority, STARTS)
        pages = [client._fetch("GET", one.path, {}) for kind in found.values() for one in kind]
        return "\n".join(page.html or page.body.decode(errors="replace") for page in pages)


def _searched(region: Region, adult: Adult) -> str:
    """The answer to a search of the whole region, on a page and as JSON."""
    client = PageClient(region.platform).as_(Role.OFFICER)
    day = dict(zip(("born-year", "born-month", "born-day"), adult.born.split("-"), strict=False))
    asked = {"given": adult.given, "surname": adult.surname, "phone": adult.phone, **day}
    why = {"reach": "region", "purpose": "NEW_CONCERN", "reason": "A new concern"}
    page = client.post("/search/people", {**asked, **why})
    names = [{"given": adult.given, "surname": adult.surname}]
    said = {"names": names, "phones": [adult.phone], **why}
    answer = client._fetch("POST", "/search/api/searches", {"json": said, "headers": {}})
    return f"{page.html}{answer.body.decode()}"


def _errors(region: Region, theirs: Contact) -> str:
    """What Dorset is told when it asks for Wiltshire's record by its id or reference."""
    client = PageClient(region.platform).as_(Role.OFFICER)
    paths = [
        f"/intake/contacts/{theirs.id}",
        f"/intake/api/contacts/{theirs.id}",
        f"/casework/by-contact/{theirs.id}",
        f"/search/contacts/{theirs.id}",
        f"/intake/contacts?state=all&reference={theirs.reference}",
    ]
    return "\n".join(client._fetch("GET", path, {}).body.decode() for path in paths)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(adults)
def test_no_value_of_wiltshires_record_appears_in_dorset(adult: Adult):
    with TemporaryDirectory() as data, redirect_stderr(io.StringIO()) as lines:
        logs.configure(strict=True)
        region = Region(data)
        try:
            theirs = region.receive("wiltshire", region.told_wiltshire(adult))
            region.receive("dorset", region.told_dorset(adult))
            shown = {
                "search": _searched(region, adult),
                "facts": region.facts_of("dorset"),
                **{role.value: region.seen_by(role, "dorset") for role in ROLES},
            }
            shown["errors"] = _errors(region, theirs)
            owners = region.facts_of("wiltshire")
        finally:
            region.platform.close()
    shown["lines"] = lines.getvalue()
    found = {where: region.seeds.found_in(text) for where, text in shown.items()}
    assert not any(found.values()), found
    places = {
        where for where, text in shown.items() if theirs.id in text and where not in {"errors", "lines"}
    }
    assert not places, f"The id of Wiltshire's contact is known in {places}"
    # Else nothing was proved: the owner has it all, and Dorset was given the pointer.
    assert len(region.seeds.found_in(owners)) == len(region.seeds.sown)
    assert "Wiltshire Council" in shown["search"]


def test_the_pointer_holds_six_fields_and_every_fact_that_crosses_holds_it_whole():
    assert {one.name for one in fields(Pointer)} == ALLOWED
    with TemporaryDirectory() as data:
        region = Region(data)
        adult = Adult("Alma", "Finchley", "1980-05-04", "07700 900123", frozenset({"born", "phone"}))
        try:
            region.receive("wiltshire", region.told_wiltshire(adult))
            region.receive("dorset", region.told_dorset(adult))
            facts = [json.loads(line) for line in region.facts_of("dorset").splitlines()]
        finally:
            region.platform.close()
    pointers = [one["data"]["pointer"] for one in facts if one["data"].get("pointer")]
    assert pointers
    assert all(set(one) <= ALLOWED for one in pointers)
    assert {one["holder"] for one in pointers} == {"wiltshire"}


def test_a_setting_that_both_know_points_at_wiltshire_and_gives_nothing_of_its_concern_away():
    adult = Adult("Alma", "Finchley", "1980-05-04", "07700 900123", frozenset())
    school = Setting(
        name="Larch Hill Academy", town="Poole", identifiers=(Identifier(scheme="URN", value="900001"),)
    )
    ours = Person(id=new_id(), names=(Name(given="Ines", surname="Quarry"),), work=(Work(setting=school),))
    with TemporaryDirectory() as data, redirect_stderr(io.StringIO()) as lines:
        logs.configure(strict=True)
        region = Region(data)
        try:
            theirs = region.receive("wiltshire", region.told_wiltshire(adult, school))
            told = Report(adults=(ours,), allegations=(Allegation(id=new_id(), adult_id=ours.id),))
            region.receive("dorset", told)
            shown = {role.value: region.seen_by(role, "dorset") for role in ROLES}
            shown["facts"] = region.facts_of("dorset")
            region.platform.settle()
            owners = region.facts_of("wiltshire")
        finally:
            region.platform.close()
    shown["lines"] = lines.getvalue()
    assert "Wiltshire Council may hold a concern about this setting" in shown["officer"]
    assert '"asker":"dorset"' in owners.replace(" ", "")
    found = {where: region.seeds.found_in(text) for where, text in shown.items()}
    assert not any(found.values()), found
    assert theirs.id not in shown["facts"] and theirs.id not in shown["officer"]
    assert "Finchley" not in "".join(shown.values()) and "07700 900123" not in "".join(shown.values())
