"""Invented people and facts, valid unless a test says otherwise."""

from datetime import UTC, date, datetime
from typing import Any

from services.notifications.domain import facts as domain
from services.notifications.domain.dates import Dates
from services.notifications.domain.notice import Notice
from shared.contracts.casework import AdultFacts, AllegationOutcome, CaseClosed, CaseFacts, CaseOpened
from shared.contracts.intake import AdviceSent, ContactClosed, ContactReceived
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
)
from shared.vocabulary import Basis, Decision

CASE = "0195a1b0-0000-7000-8000-000000000001"
CONTACT = "0195a1b0-0000-7000-8000-000000000002"
ADULT = "0195a1b0-0000-7000-8000-000000000003"
OTHER_ADULT = "0195a1b0-0000-7000-8000-000000000004"
OPENED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AWARE = datetime(2026, 2, 26, 16, 0, tzinfo=UTC)
REFERENCE = "DOR-2026-0042"

MARLOWE = Person(
    id=ADULT,
    names=(Name(given="Odette", surname="Marlowe"), Name(kind="previous", given="Odette", surname="Quill")),
    born="1984-05-17",
    addresses=(Address(line1="3 Pebble Lane", town="Swanage", postcode="BH19 9ZZ"),),
    phones=("01632 960123",),
    emails=("odette@marlowe.example",),
    work=(
        Work(
            setting=Setting(
                name="Little Otters Nursery",
                kind="EARLY_YEARS_GROUP",
                town="Swanage",
                identifiers=(Identifier(scheme="OFSTED", value="EY000001"),),
            ),
            role="NURSERY_WORKER",
            sector="EARLY_YEARS_GROUP",
            job_title="Room leader",
            employer="Little Otters Ltd",
        ),
    ),
)
CHILD = Child(id="child-1", name="Robin Ashdown", born="2022", placed_by="wiltshire")
SAID = Allegation(
    id="allegation-1",
    adult_id=ADULT,
    child_ids=("child-1",),
    category="PHYSICAL",
    criteria=("HARM",),
    narrative="Said to have gripped a child by the arm.",
    happened_on="2026-02-25",
)
HEAD = Referrer(
    name="Imogen Thatch",
    email="imogen@otters.example",
    organisation="Little Otters Ltd",
    agency="EARLY_YEARS",
)


def opened(**changes: Any) -> CaseOpened:
    """The case is opened."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "contact_id": CONTACT,
        "reference": REFERENCE,
        "opened_at": OPENED,
        "first_meeting_due": date(2026, 3, 9),
        "adults": (MARLOWE,),
        "children": (CHILD,),
        "allegations": (SAID,),
    }
    return CaseOpened(**values | changes)


def adult(**changes: Any) -> AdultFacts:
    """A nursery worker of whom nothing more is known."""
    return AdultFacts(
        **{"adult_id": ADULT, "roles": ("NURSERY_WORKER",), "sectors": ("EARLY_YEARS_GROUP",)} | changes
    )


def outcome(category: str = "PHYSICAL", **changes: Any) -> AllegationOutcome:
    """An allegation without an outcome."""
    return AllegationOutcome(
        **{"allegation_id": "allegation-1", "adult_id": ADULT, "category": category} | changes
    )


def facts(*adults: AdultFacts, **changes: Any) -> CaseFacts:
    """A snapshot."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "contact_id": CONTACT,
        "reference": REFERENCE,
        "stage": "open",
        "opened_at": OPENED,
        "provider_aware_at": AWARE,
        "adults": adults or (adult(),),
        "outcomes": (outcome(),),
    }
    return CaseFacts(**values | changes)


def received(**changes: Any) -> ContactReceived:
    """A head of a nursery told the officer."""
    values: dict[str, Any] = {
        "contact_id": CONTACT,
        "reference": REFERENCE,
        "channel": "online",
        "contact_type": "REFERRAL",
        "received_at": OPENED,
        "respond_by": OPENED,
        "referrer": HEAD,
        "adults": (MARLOWE,),
        "children": (CHILD,),
        "allegations": (SAID,),
    }
    return ContactReceived(**values | changes)


def closed(decision: Decision = Decision.NOT_MET_INTERNAL, at: datetime = OPENED) -> ContactClosed:
    """Intake's part has ended."""
    return ContactClosed(contact_id=CONTACT, decision=decision, closed_at=at)


def advised(at: datetime = OPENED) -> AdviceSent:
    """Intake's advice went to the referrer."""
    return AdviceSent(contact_id=CONTACT, advice_id="advice-1", kind="NOT_MET", sent_at=at)


def case_closed(at: datetime = OPENED) -> CaseClosed:
    """The case is closed."""
    return CaseClosed(case_id=CASE, contact_id=CONTACT, closed_at=at)


def snapshot(**changes: Any) -> domain.CaseFacts:
    """A snapshot in the words of the domain, with one adult whose own facts are changed too."""
    own = {
        name: changes.pop(name) for name in list(changes) if name in domain.AdultFacts.__dataclass_fields__
    }
    categories = changes.pop("categories", ("PHYSICAL",))
    person = domain.AdultFacts(**{"adult_id": ADULT, "roles": (), "sectors": ()} | own)
    said = tuple(
        domain.AllegationFacts(allegation_id=str(number), adult_id=ADULT, category=category)
        for number, category in enumerate(categories)
    )
    values: dict[str, Any] = {
        "case_id": CASE,
        "contact_id": CONTACT,
        "reference": REFERENCE,
        "stage": "open",
        "opened_at": OPENED,
        "adults": (person,),
        "outcomes": said,
    }
    return domain.CaseFacts(**values | changes)


def a_notice() -> Notice:
    """A duty of the provider's, fresh."""
    day = date(2026, 3, 2)
    return Notice(
        id="notice-1",
        case_id="case-1",
        contact_id="contact-1",
        reference=REFERENCE,
        rule="N10",
        basis=Basis.DUTY,
        duty_of="provider",
        recipient="ofsted_early_years",
        adult_id="adult-1",
        dates=Dates(day, day, day),
        raised_at=OPENED,
    )
