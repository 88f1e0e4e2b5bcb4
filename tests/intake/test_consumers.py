"""What intake hears and what follows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from services.intake import consumers
from services.intake.actions import contacts as acts
from services.intake.actions import threshold
from services.intake.domain.concern import Standing
from services.intake.domain.contact import Contact, State
from services.intake.store import concerns, contacts
from services.intake.store.tables import prior_concern
from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.casework import CaseClosed, CaseOpened
from shared.contracts.findings import Evidence, OwnRecord
from shared.contracts.people import Pointer
from shared.contracts.search import (
    ContactChecked,
    LinkConfirmed,
    LinkRejected,
    LinkUnsure,
    MatchFound,
    MatchWithdrawn,
)
from shared.store.database import Database
from shared.vocabulary import Band, Recency
from tests.intake.builders import ADULT, a_report
from tests.intake.conftest import Open
from tests.intake.test_actions import MET

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
POINTER = Pointer(
    holder="wiltshire",
    contact_route="duty desk",
    reference="PTR-1",
    band=Band.LIKELY,
    recency=Recency.UNDER_1_YEAR,
    agrees=("surname",),
)


@pytest.fixture
def received(opened: Open) -> Contact:
    """A contact of Dorset."""
    with opened() as tx:
        return acts.receive_contact(tx, a_report())


def hear(intake: Database, *events: Any) -> None:
    """As the consumer would: every handler, as the system."""
    with intake.transaction(Scope("dorset", Actor("system:intake"), "heard")) as tx:
        for event in events:
            for handler in consumers.subscriptions.handlers(event.name):
                handler(tx, event)


def found(contact_id: str, **differs: Any) -> MatchFound:
    """A match by pointer."""
    given: dict[str, Any] = {"match_id": "m-1", "person_id": ADULT, "found_at": NOW, "pointer": POINTER}
    return MatchFound(contact_id=contact_id, **{**given, **differs})


def test_a_contact_is_checked_without_becoming_another_version(
    intake: Database, opened: Open, received: Contact
):
    hear(intake, ContactChecked(contact_id=received.id, checked_at=NOW))
    hear(intake, ContactChecked(contact_id="of another time", checked_at=NOW))
    with opened() as tx:
        one = contacts.get(tx, received.id)
        assert (one.checked_at, one.version) == (NOW, received.version)
        # An officer who decides on what a page showed must not take the check back.
        assert acts.take_contact(tx, received.id, received.version).checked_at == NOW
        assert contacts.get(tx, received.id).checked_at == NOW


def test_a_match_is_shown_with_the_contact(intake: Database, opened: Open, received: Contact):
    own = OwnRecord(
        contact_id="c-0",
        person_id="p-0",
        band=Band.STRONG,
        probability=0.99,
        last_activity=NOW,
        evidence=(Evidence(field="surname", words="Surname is the same", bits=9.0),),
    )
    hear(intake, found(received.id), found(received.id, match_id="m-2", own=own, pointer=None))
    with opened() as tx:
        shown = {one.match_id: one for one in concerns.of_contact(tx, received.id)}
    assert shown["m-1"].pointer == POINTER
    assert shown["m-2"].own
    assert shown["m-2"].own.reasons == ("Surname is the same",)


def test_hearing_a_match_twice_shows_it_once(intake: Database, opened: Open, received: Contact):
    hear(intake, found(received.id), found(received.id))
    with opened() as tx:
        assert len(concerns.of_contact(tx, received.id)) == 1


def test_a_judged_or_withdrawn_match_follows(intake: Database, opened: Open, received: Contact):
    judged: dict[str, Any] = {"contact_id": received.id, "judged_by": "officer-1", "judged_at": NOW}
    hear(intake, found(received.id), found(received.id, match_id="m-2"), found(received.id, match_id="m-3"))
    hear(
        intake,
        LinkConfirmed(match_id="m-1", **judged),
        LinkRejected(match_id="m-2", **judged),
        MatchWithdrawn(match_id="m-3", contact_id=received.id),
    )
    with opened() as tx:
        (shown,) = concerns.of_contact(tx, received.id)
    assert (shown.match_id, shown.standing, shown.judged_by) == ("m-1", Standing.CONFIRMED, "officer-1")


def test_nothing_is_kept_of_a_match_that_holds_no_more_be_it_with_a_record_that_was_erased(
    intake: Database, opened: Open, received: Contact
):
    gone = MatchWithdrawn(match_id="m-1", contact_id=received.id)
    hear(intake, found(received.id), gone)
    with opened() as tx:
        query = select(prior_concern).where(prior_concern.c.authority == tx.authority)
        assert not tx.db.execute(query).all()


def test_a_match_found_again_is_open_again(intake: Database, opened: Open, received: Contact):
    rejected = LinkRejected(match_id="m-1", contact_id=received.id, judged_by="officer-1", judged_at=NOW)
    hear(intake, found(received.id), rejected, found(received.id))
    with opened() as tx:
        assert concerns.of_contact(tx, received.id)[0].standing is Standing.OPEN


def test_a_match_that_somebody_is_unsure_of_counts_as_not_judged(
    intake: Database, opened: Open, received: Contact
):
    judged: dict[str, Any] = {"contact_id": received.id, "judged_by": "officer-1", "judged_at": NOW}
    confirmed, unsure = LinkConfirmed(match_id="m-1", **judged), LinkUnsure(match_id="m-1", **judged)
    hear(intake, found(received.id), confirmed, unsure)
    with opened() as tx:
        assert concerns.of_contact(tx, received.id)[0].standing is Standing.OPEN


def test_a_contact_follows_its_case_even_when_it_is_closed_to_people(
    intake: Database, opened: Open, received: Contact
):
    with opened() as tx:
        threshold.decide_threshold(tx, received.id, MET)
        replicas.restrict(tx, received.id, only=("somebody",))
    case: dict[str, Any] = {"case_id": "case-1", "contact_id": received.id}
    hear(intake, CaseOpened(reference="R", opened_at=NOW, first_meeting_due=date(2026, 3, 9), **case))
    with opened(user="somebody") as tx:
        assert contacts.get(tx, received.id).case_id == "case-1"
    hear(intake, CaseClosed(closed_at=NOW, **case))
    with opened(user="somebody") as tx:
        assert contacts.get(tx, received.id).state is State.CLOSED


def test_a_case_of_an_unknown_contact_changes_nothing(intake: Database):
    hear(intake, CaseClosed(case_id="case-9", contact_id="unknown", closed_at=NOW))
