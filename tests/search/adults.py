"""Invented adults and the facts that name them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.casework import CaseOpened
from shared.contracts.intake import ContactReceived
from shared.contracts.people import Address, Identifier, Name, Person, Setting, Work

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOME = Address(line1="14 Larkspur Close", town="Dorchester", postcode="DT1 2QX")
SCHOOL = Setting(
    name="St Osyth's Invented Primary School",
    kind="EDUCATION_MAINTAINED",
    town="Dorchester",
    postcode="DT1 9ZZ",
    identifiers=(Identifier(scheme="URN", value="900001"),),
)


def name(given: str = "", surname: str = "", **differ: Any) -> Name:
    """A legal name."""
    return Name(given=given, surname=surname, **differ)


def adult(person_id: str = "adult-1", **differ: Any) -> Person:
    """A teaching assistant with everything known about her; keywords replace fields."""
    given: dict[str, Any] = {
        "names": (name("Rosalind Maud", "Quillfeather"),),
        "born": "1984-05-13",
        "addresses": (HOME,),
        "phones": ("07700 900123",),
        "emails": ("r.quillfeather@post.example",),
        "identifiers": (Identifier(scheme="TRN", value="9912345"),),
        "work": (Work(setting=SCHOOL, role="TEACHING_ASSISTANT", job_title="Teaching assistant"),),
    }
    return Person(id=person_id, **{**given, **differ})


def bare(given: str, surname: str, born: str = "", **differ: Any) -> Person:
    """An adult of whom little is known."""
    return Person(id="adult-1", names=(name(given, surname),), born=born, **differ)


def contact(contact_id: str, *adults: Person, at: datetime = MONDAY, **differ: Any) -> ContactReceived:
    """A contact about these adults (the teaching assistant unless told otherwise)."""
    fields: dict[str, Any] = {
        "reference": f"C-{contact_id}",
        "channel": "online",
        "contact_type": "REFERRAL",
        "received_at": at,
        "respond_by": at + timedelta(days=1),
        "adults": adults or (adult(),),
    }
    return ContactReceived(contact_id=contact_id, **{**fields, **differ})


def case(case_id: str, contact_id: str, *adults: Person, at: datetime = MONDAY) -> CaseOpened:
    """The case that grew from a contact."""
    return CaseOpened(
        case_id=case_id,
        contact_id=contact_id,
        reference=f"K-{case_id}",
        opened_at=at,
        first_meeting_due=at.date() + timedelta(days=5),
        adults=adults,
    )
