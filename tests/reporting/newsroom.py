"""Facts for reporting, numbered and wrapped as the bus would, and applied by the service's own consumer."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import flask
from sqlalchemy import select

import services
from services.reporting.domain import facts, periods
from services.reporting.domain.tallies import ALL, Measure
from services.reporting.store import facts as rows
from services.reporting.store import sums
from shared.actor import Actor, Scope
from shared.contracts.casework import CaseOpened, MeetingHeld, OutcomeRecorded
from shared.contracts.intake import ContactReceived, ThresholdDecided
from shared.contracts.message import Event, decode
from shared.contracts.notifications import NoticeDue
from shared.contracts.people import Allegation, Name, Person, Referrer, Setting, Work
from shared.contracts.platform import AccessRecorded
from shared.messaging.consumer import Consumer
from shared.messaging.open import open_log
from shared.messaging.ports import Record
from shared.runtime import assemble
from shared.settings import Settings
from shared.store.publication import journal_place
from shared.store.tables import journal
from shared.store.transaction import Transaction
from shared.vocabulary import Basis, Decision, Outcome, Role
from tests.moulds import cast
from tests.page import Page
from tests.platform import Letterbox, SetClock
from tests.records import record_of, topic_of

WHEN = datetime(2026, 2, 10, 10, tzinfo=UTC)
YEAR = periods.year_of(WHEN.date())
F = TypeVar("F", bound=facts.Fact)


class Newsroom:
    """Reporting's runtime; also a stage for the page client."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.clock = clock
        service = services.load("reporting")
        cast([service], settings)
        self.runtime = assemble(service, settings, open_log(settings), Letterbox(), clock)
        self.database = self.runtime.database
        self._consumer = Consumer(self.runtime.service, self.database)
        self._sequences: Counter[tuple[str, str]] = Counter()

    @cached_property
    def apps(self) -> dict[str, flask.Flask]:
        """Its web side."""
        from shared.web.app import create_app

        return {"reporting": create_app(self.runtime)}

    def hear(self, *events: Event, authority: str = "dorset", publisher: str = "", late: float = 0.0) -> None:
        """These facts arrive, `late` seconds after they were written down."""
        records = [self._record(event, authority, publisher, late) for event in events]
        self._consumer.apply(records)

    def hear_again(self, *events: Event, authority: str = "dorset") -> None:
        """These facts arrive, each of them twice."""
        for event in events:
            record = self._record(event, authority, "", 0.0)
            self._consumer.apply([record, record])

    @contextmanager
    def reading(
        self, authority: str = "dorset", *roles: Role, user: str = "m-1"
    ) -> Iterator[Transaction[Any]]:
        """A reading transaction as a manager unless told otherwise."""
        actor = Actor(user, frozenset(roles or (Role.MANAGER,)), "Test person")
        with self.database.reading(Scope(authority, actor, "test")) as tx:
            yield tx

    def close(self) -> None:
        """Give everything back."""
        self.database.close()
        self.runtime.log.close()

    def _record(self, event: Event, authority: str, publisher: str, late: float) -> Record:
        publisher = publisher or "intake"
        place = topic_of(event, publisher), event.key
        self._sequences[place] += 1
        return record_of(
            event, self._sequences[place], self.clock(), authority=authority, publisher=publisher, late=late
        )


def contact(contact_id: str = "c-1", when: datetime = WHEN, **differing: Any) -> ContactReceived:
    """A contact about a teacher; `sector`, `category`, `agency` and any field of the fact may differ."""
    sector = differing.pop("sector", "EDUCATION_ACADEMY")
    category = differing.pop("category", "PHYSICAL")
    agency = differing.pop("agency", "EDU_SCHOOL")
    work = Work(setting=Setting(name="Millbrook Invented School"), role="TEACHER", sector=sector)
    person = Person(
        id=f"p-{contact_id}", names=(Name(given="Zebedee", surname="Quillfeather"),), work=(work,)
    )
    said = Allegation(
        id=f"al-{contact_id}", adult_id=person.id, category=category, narrative="Words as given"
    )
    fields: dict[str, Any] = {
        "reference": f"DOR-{contact_id}",
        "channel": "online",
        "contact_type": "REFERRAL",
        "received_at": when,
        "respond_by": when + timedelta(days=1),
        "referrer": Referrer(name="Ottoline Brackenbury", agency=agency),
        "adults": (person,),
        "allegations": (said,),
    }
    return ContactReceived(contact_id=contact_id, **{**fields, **differing})


def decided(
    contact_id: str = "c-1", decision: Decision = Decision.MET, when: datetime | None = None
) -> ThresholdDecided:
    """A threshold decision, two hours after the contact unless told otherwise."""
    return ThresholdDecided(
        contact_id=contact_id,
        decision=decision,
        criteria=("HARM",),
        tier="T4",
        reasons="Because",
        decided_by="u-1",
        decided_at=when or WHEN + timedelta(hours=2),
    )


def opened(
    case_id: str = "k-1", contact_id: str = "c-1", allegations: int = 1, **differing: Any
) -> CaseOpened:
    """A case of that contact with so many allegations against one teacher."""
    adult = contact(contact_id).adults[0]
    said = tuple(
        Allegation(id=f"{case_id}-{number}", adult_id=adult.id, category="PHYSICAL")
        for number in range(allegations)
    )
    fields: dict[str, Any] = {
        "reference": f"CASE-{case_id}",
        "opened_at": WHEN + timedelta(hours=3),
        "first_meeting_due": date(2026, 2, 17),
        "adults": (adult,),
        "allegations": said,
    }
    return CaseOpened(case_id=case_id, contact_id=contact_id, **{**fields, **differing})


def held(case_id: str = "k-1", day: int = 16, kind: str = "MEETING_INITIAL") -> MeetingHeld:
    """A meeting held on a day of February 2026; due on the 17th."""
    return MeetingHeld(
        case_id=case_id,
        meeting_id=f"m-{case_id}-{kind}",
        kind=kind,
        held_at=datetime(2026, 2, day, 14, tzinfo=UTC),
        due=date(2026, 2, 17),
    )


def concluded(
    case_id: str = "k-1", number: int = 0, outcome: Outcome = Outcome.SUBSTANTIATED, days: int = 20
) -> OutcomeRecorded:
    """The outcome of one allegation, so many days after the contact."""
    return OutcomeRecorded(
        case_id=case_id,
        allegation_id=f"{case_id}-{number}",
        adult_id="p-c-1",
        category="PHYSICAL",
        outcome=outcome,
        scheme="england-2023",
        recorded_on=WHEN + timedelta(days=days),
    )


def duty(notice_id: str = "n-1", due_on: date | None = date(2026, 2, 24)) -> NoticeDue:
    """A duty to tell a regulator."""
    return NoticeDue(
        notice_id=notice_id,
        case_id="k-1",
        contact_id="c-1",
        rule="N11",
        basis=Basis.DUTY,
        duty_of="provider",
        recipient="OFSTED",
        adult_id="p-c-1",
        due_on=due_on,
        raised_at=WHEN,
    )


def looked(
    subject_id: str = "c-1", who: str = "dorset-officer", when: datetime = WHEN, **differing: Any
) -> AccessRecorded:
    """Somebody looked at a contact."""
    fields: dict[str, Any] = {"act": "viewed", "subject_kind": "contact", "purpose": "", "reason": ""}
    return AccessRecorded(actor_id=who, subject_id=subject_id, at=when, **{**fields, **differing})


def counts(
    news: Newsroom, measure: Measure, dimension: str = ALL, authority: str = "dorset"
) -> dict[str, int]:
    """The figures of the financial year, without noughts."""
    with news.reading(authority) as tx:
        found = sums.of_period(tx, YEAR, [(measure, dimension)])[measure, dimension]
    return {code: count for code, count in found.items() if count}


def known(news: Newsroom, kind: type[F], fact_id: str) -> F:
    """What is kept of one thing."""
    with news.reading() as tx:
        (found,) = rows.some(tx, kind, [fact_id])
    return found


def some_work(news: Newsroom, authority: str = "dorset", contacts: int = 12) -> None:
    """A dozen contacts of February 2026, a third of them cases."""
    events: list[Event] = []
    for number in range(contacts):
        name = f"{authority}-{number}"
        sector = "EDUCATION_ACADEMY" if number % 4 else "POLICE"
        events.append(contact(name, WHEN + timedelta(days=number % 6), sector=sector))
        met = number % 3 == 0
        events.append(decided(name, Decision.MET if met else Decision.NOT_MET_INTERNAL))
        if met:
            case = f"k-{name}"
            events += [opened(case, name), held(case), concluded(case, outcome=Outcome.UNFOUNDED)]
    news.hear(*events, authority=authority)


def cells(page: Page) -> list[list[str]]:
    """A CSV answer."""
    return list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"))))


def published(news: Newsroom) -> list[AccessRecorded]:
    """The accesses that reporting itself has put on record."""
    with news.database.plumbing(writing=False) as db:
        found = db.execute(select(journal).order_by(journal.c.position)).all()
    vault = news.database.tools.vault
    opened_ = [
        vault.open(row.authority, f"reporting/{journal_place(row.event_id)}", row.body) for row in found
    ]
    events = [decode(body).event() for body in opened_]
    return [event for event in events if isinstance(event, AccessRecorded)]
