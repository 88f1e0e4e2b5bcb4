"""Invented contacts, decisions and cases: valid by default, keywords to differ."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.casework.actions import opening
from services.casework.actions.meeting import Plan, hold_meeting, schedule_meeting
from services.casework.domain.allegation import Allegation, conclude, ending
from services.casework.domain.case import Case, ChildsPart
from services.casework.domain.closing import Dossier
from services.casework.domain.meetings import Held, Kind
from services.casework.domain.outcomes import Evidence, Verdict
from services.casework.domain.subject import Subject, from_person
from services.casework.store import cases, chronology
from shared.actor import Actor, Scope
from shared.contracts.intake import ContactReceived, ThresholdDecided
from shared.contracts.message import Event
from shared.contracts.people import Allegation as AsTold
from shared.contracts.people import Child, Name, Person, Setting, Work
from shared.contracts.platform import ConfigurationChanged
from shared.replicas import apply_configuration
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.vocabulary import Decision, Outcome

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CONTACT = "00000000-0000-7000-8000-0000000000c1"
TERMS = '{"display_name": "Dorset Council", "terms": {"MEETING_INITIAL": "IEM", "MEETING_OUTCOME": "PAIM"}}'
PROVED = Verdict(
    outcome=Outcome.SUBSTANTIATED,
    evidence=Evidence(proved=True, disproved=False),
    reasons="Two colleagues saw it.",
)
UNPROVED = Verdict(
    outcome=Outcome.UNSUBSTANTIATED,
    evidence=Evidence(proved=False, disproved=False),
    reasons="One word against another.",
)


def an_adult(**differ: Any) -> Person:
    """A teaching assistant."""
    work = Work(
        setting=Setting(name="Invented Primary School", town="Dorchester"),
        role="TEACHING_ASSISTANT",
        sector="EDUCATION_MAINTAINED",
        regulated_activity=True,
    )
    given: dict[str, Any] = {
        "id": "adult-1",
        "names": (Name(given="Morag", surname="Testwick"),),
        "born": "1988-05-04",
        "work": (work,),
    }
    return Person(**{**given, **differ})


def an_allegation(number: int = 1, **differ: Any) -> AsTold:
    """One allegation against the adult."""
    given = {
        "id": f"allegation-{number}",
        "adult_id": "adult-1",
        "category": "PHYSICAL",
        "narrative": "Took hold of an arm.",
    }
    return AsTold(**{**given, **differ})


def a_contact(**differ: Any) -> ContactReceived:
    """What a head teacher told on Monday morning."""
    given: dict[str, Any] = {
        "contact_id": CONTACT,
        "reference": "DOR-2026-0001",
        "channel": "online",
        "contact_type": "REFERRAL",
        "received_at": MONDAY,
        "respond_by": MONDAY + timedelta(days=1),
        "known_to_employer_at": MONDAY - timedelta(hours=1),
        "adults": (an_adult(),),
        "children": (Child(id="child-1", name="Pippa Example"),),
        "allegations": (an_allegation(),),
    }
    return ContactReceived(**{**given, **differ})


def a_decision(**differ: Any) -> ThresholdDecided:
    """The threshold is met."""
    given: dict[str, Any] = {
        "contact_id": CONTACT,
        "decision": Decision.MET,
        "criteria": ("HARM",),
        "tier": "T3",
        "reasons": "A child may have been hurt.",
        "decided_by": "officer-1",
        "decided_at": MONDAY,
    }
    return ThresholdDecided(**{**given, **differ})


def a_case(**differ: Any) -> Case:
    """An open case without a database."""
    given: dict[str, Any] = {
        "id": "case-1",
        "contact_id": CONTACT,
        "reference": "DOR-2026-0001",
        "opened_at": MONDAY,
        "first_meeting_due": date(2026, 3, 9),
        "children": (Child(id="child-1"),),
    }
    return Case(**{**given, **differ})


def a_subject(**differ: Any) -> Subject:
    """The adult on the case."""
    from dataclasses import replace

    return replace(from_person("case-1", an_adult()), **differ)


def a_dossier(**differ: Any) -> Dossier:
    """A case with one adult and one allegation."""
    given: dict[str, Any] = {
        "case": a_case(),
        "subjects": (a_subject(),),
        "allegations": (Allegation(id="allegation-1", case_id="case-1", told=an_allegation()),),
    }
    return Dossier(**{**given, **differ})


def prepare(database: Database, authority: str = "dorset", value: str = TERMS) -> None:
    """Make the authority known to a database that stands alone."""
    with database.transaction(system(authority)) as tx:
        apply_configuration(
            tx,
            ConfigurationChanged(
                configuration_id=f"{authority}/authority",
                kind="authority",
                value=value,
                effective_from=MONDAY - timedelta(days=400),
                changed_by="test",
            ),
        )


def system(authority: str = "dorset") -> Scope:
    """Casework acting because of a fact."""
    return Scope(authority, Actor("system:casework"), "test-correlation")


def open_a_case(database: Database, authority: str = "dorset", **told: Any) -> str:
    """A case in the database, from the contact and decision above."""
    prepare(database, authority)
    with database.transaction(system(authority)) as tx:
        return open_within(tx, **told)


def open_within(tx: Transaction, **told: Any) -> str:
    """The same inside a transaction."""
    contact = a_contact(**told)
    opening.remember_contact(tx, contact)
    opening.decide(tx, a_decision(contact_id=contact.contact_id))
    case_id = cases.find_by_contact(tx, contact.contact_id)
    assert case_id is not None
    return case_id


def hold(tx: Transaction, case_id: str, kind: Kind = Kind.INITIAL) -> str:
    """A meeting scheduled and held now."""
    meeting = schedule_meeting(tx, case_id, Plan(kind=kind, starts_at=tx.now))
    held = Held(at=tx.now, attended=("CHAIR_LADO", "POLICE"), record="Agreed what to do next.")
    hold_meeting(tx, case_id, meeting.id, held)
    return meeting.id


HEARD = ChildsPart(voice="I was scared.", told_on=MONDAY.date(), told_how="By her social worker.")


def published(tx: Transaction, kind: type[Event]) -> list[Any]:
    """The facts of a kind that wait for the commit."""
    return [fact.event for fact in tx._facts if isinstance(fact.event, kind)]


def ended(verdict: Verdict) -> Allegation:
    """The allegation with its outcome."""
    told = Allegation(id="allegation-1", case_id="case-1", told=an_allegation())
    return conclude(told, ending(verdict, "england-2023", MONDAY, "officer-1"))


def titles(tx: Transaction, case_id: str) -> list[str]:
    """What the chronology says, in order."""
    return [line.title for line in chronology.of_case(tx, case_id)]
