"""Cases erased by two people at the end of their time or by order, and kept by a legal hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.casework.actions import closure, erasing
from services.casework.store import cases
from services.casework.store import erasing as store
from services.casework.store.tables import metadata
from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.casework import CaseErased, CaseHeld, CaseReleased
from shared.contracts.intake import ContactErased, ContactHeld, ContactReleased
from shared.errors import Conflict, HeedError, Invalid, NotAllowed, NotFound, Refused
from shared.keeping.erasure import Ground, Standing
from shared.store.database import Database
from shared.vocabulary import Role
from tests.casework.builders import (
    CONTACT,
    MONDAY,
    a_contact,
    a_decision,
    an_adult,
    an_allegation,
    open_a_case,
    prepare,
    published,
    system,
    titles,
)
from tests.casework.conftest import Desk, case_id_of
from tests.casework.test_actions_endings import finish
from tests.casework.test_consumers import hear
from tests.casework.test_pages import seen
from tests.page_client import PageClient
from tests.platform import SetClock

Scopes = Callable[..., Scope]


@pytest.fixture
def closed(casework: Database, scope: Scopes) -> str:
    """A case that has ended."""
    return close(casework, scope)


def close(casework: Database, scope: Scopes, **told: Any) -> str:
    """A case that has ended; what was told may differ."""
    case_id = open_a_case(casework, **told)
    with casework.transaction(scope()) as tx:
        finish(tx, case_id)
        closure.close_case(tx, case_id)
    return case_id


def asked(casework: Database, scope: Scopes, case_id: str, ground: Ground = Ground.DECISION) -> None:
    with casework.transaction(scope()) as tx:
        erasing.ask_erasure(tx, case_id, ground, "A court ordered it.")


def approved(casework: Database, scope: Scopes, case_id: str) -> None:
    with casework.transaction(scope("dorset", Role.MANAGER, user="manager-1")) as tx:
        erasing.decide_erasure(tx, case_id, approve=True)


def holding(casework: Database, *ids: str) -> set[str]:
    """The tables of casework that hold any of these ids."""
    found = set()
    with casework.reading(system()) as tx:
        for table in metadata.sorted_tables:
            for row in tx.db.execute(select(table).where(table.c.authority == "dorset")):
                found |= {table.name for cell in row if str(cell) in ids}
    return found


def test_two_people_erase_a_case_and_nothing_is_left_but_that_they_did(
    casework: Database, scope: Scopes, closed: str
):
    asked(casework, scope, closed)
    approved(casework, scope, closed)
    assert holding(casework, closed, CONTACT) == {"erasure", "erased"}
    with casework.transaction(scope()) as tx:
        kept = store.requests.find(tx, closed)
        with pytest.raises(NotFound):
            cases.get(tx, closed)
    assert kept is not None and (kept.state, kept.decided_by, kept.reason) == (Standing.DONE, "manager-1", "")


def test_the_fact_says_which_case_and_contact_and_nothing_else(
    casework: Database, scope: Scopes, closed: str
):
    asked(casework, scope, closed)
    with casework.transaction(scope("dorset", Role.MANAGER, user="manager-1")) as tx:
        erasing.decide_erasure(tx, closed, approve=True)
        assert published(tx, CaseErased) == [CaseErased(case_id=closed, contact_id=CONTACT, erased_at=tx.now)]


def test_what_is_heard_of_an_erased_case_brings_nothing_back(casework: Database, scope: Scopes, closed: str):
    asked(casework, scope, closed)
    approved(casework, scope, closed)
    with casework.transaction(system()) as tx:
        hear(tx, ContactErased(contact_id=CONTACT, erased_at=tx.now))
    assert holding(casework, closed, CONTACT) == {"erasure", "erased"}


def test_who_asked_does_not_decide_and_nobody_asks_twice(casework: Database, scope: Scopes, closed: str):
    asked(casework, scope, closed)
    with casework.transaction(scope("dorset", Role.MANAGER)) as tx:
        with pytest.raises(NotAllowed):
            erasing.decide_erasure(tx, closed, approve=True)
        with pytest.raises(Conflict):
            erasing.ask_erasure(tx, closed, Ground.DECISION, "Again.")
        with pytest.raises(Invalid):
            erasing.ask_erasure(tx, closed, Ground.DECISION, " ")


def test_a_case_that_is_kept_is_kept_with_the_reason(casework: Database, scope: Scopes, closed: str):
    asked(casework, scope, closed)
    with casework.transaction(scope("dorset", Role.MANAGER, user="manager-1")) as tx:
        with pytest.raises(Invalid):
            erasing.decide_erasure(tx, closed, approve=False)
        erasing.decide_erasure(tx, closed, approve=False, answer="An appeal is under way.")
        assert cases.taken(tx, closed)


def test_nothing_held_is_erased_until_the_hold_is_lifted(casework: Database, scope: Scopes, closed: str):
    asked(casework, scope, closed)
    with casework.transaction(scope("dorset", Role.MANAGER, user="manager-1")) as tx:
        erasing.hold_case(tx, closed, "An inquiry may ask for it.")
        with pytest.raises(Refused, match="under a legal hold: it is kept until a manager lifts"):
            erasing.ask_erasure(tx, closed, Ground.DECISION, "It should go.")
        with pytest.raises(Refused, match="under a legal hold"):
            erasing.decide_erasure(tx, closed, approve=True)
        with pytest.raises(Refused, match="already"):
            erasing.hold_case(tx, closed, "Twice.")
        erasing.release_case(tx, closed, "The inquiry has ended.")
        with pytest.raises(Refused, match="no legal hold"):
            erasing.release_case(tx, closed, "Twice.")
        assert len(published(tx, CaseHeld)) == len(published(tx, CaseReleased)) == 1
        assert titles(tx, closed)[-2:] == ["Put under a legal hold", "The legal hold was lifted"]
    approved(casework, scope, closed)


def test_a_contact_that_was_held_before_gives_a_case_that_is_held(casework: Database, scope: Scopes):
    prepare(casework)
    held = ContactHeld(contact_id=CONTACT, held_by="manager-1", held_at=MONDAY)
    with casework.transaction(system()) as tx:
        hear(tx, a_contact(), held, held, a_decision())
        assert store.holding.stands(tx, CONTACT)
        hear(tx, ContactReleased(contact_id=CONTACT, released_by="manager-1", released_at=MONDAY))
        assert not store.holding.stands(tx, CONTACT)


@pytest.mark.parametrize(
    ("told", "years", "problem"),
    [
        ({}, 5, "kept until 4 May 2055"),
        ({"adults": (an_adult(born=""),)}, 80, "date of birth is not known"),
        ({"allegations": (an_allegation(category="SEXUAL_CONTACT"),)}, 80, "child sexual abuse is kept"),
        ({}, 80, ""),
    ],
)
def test_the_ground_of_time_needs_that_the_time_has_passed(
    casework: Database, scope: Scopes, clock: SetClock, told: Any, years: int, problem: str
):
    case_id = close(casework, scope, **told)
    clock.forward(timedelta(days=365.25 * years))
    with casework.transaction(scope()) as tx:
        due = [one.case.id for one, _ in erasing.due_for_review(tx)]
        if problem:
            with pytest.raises(Refused, match=problem):
                erasing.ask_erasure(tx, case_id, Ground.RETENTION, "Its time.")
        else:
            erasing.ask_erasure(tx, case_id, Ground.RETENTION, "Its time.")
            assert due == [case_id] and erasing.due_for_review(tx) == []


def test_an_open_case_is_not_erased(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    with casework.transaction(scope()) as tx:
        with pytest.raises(Refused, match="still open"):
            erasing.ask_erasure(tx, case_id, Ground.DECISION, "It should go.")
        with pytest.raises(NotFound):
            erasing.decide_erasure(tx, case_id, approve=True)


def test_a_case_closed_to_somebody_is_not_in_their_lists(casework: Database, scope: Scopes, closed: str):
    asked(casework, scope, closed)
    with casework.transaction(scope()) as tx:
        replicas.restrict(tx, closed, never=("officer-1",))
        assert store.requests.listed(tx, Standing.ASKED, 9) == []
        with pytest.raises(HeedError):
            erasing.ask_erasure(tx, closed, Ground.DECISION, "It should go.")


def test_to_whom_an_erased_case_was_closed_its_request_stays_closed(
    casework: Database, scope: Scopes, closed: str
):
    asked(casework, scope, closed)
    with casework.transaction(scope(user="second")) as tx:
        closure.restrict_case(tx, closed, closure.Barrier(never=("officer-1",), reason="Kin."))
    approved(casework, scope, closed)
    with casework.transaction(system()) as tx:
        hear(tx, ContactErased(contact_id=CONTACT, erased_at=tx.now))
    with casework.transaction(scope()) as tx:
        assert store.requests.listed(tx, Standing.DONE, 9) == []
    with casework.transaction(scope(user="second")) as tx:
        assert [one.record_id for one in store.requests.listed(tx, Standing.DONE, 9)] == [closed]


@pytest.fixture
def ended_case(desk: Desk, browser: PageClient, case: str) -> str:
    """The address of a closed case."""
    officer = Scope("dorset", Actor("officer-9", frozenset({Role.OFFICER}), "Test person"), "test")
    with desk.database.transaction(officer) as tx:
        finish(tx, case_id_of(case))
        closure.close_case(tx, case_id_of(case))
    return case


def test_an_officer_asks_and_a_manager_decides_on_the_pages(desk: Desk, browser: PageClient, ended_case: str):
    browser.get(ended_case)
    browser.click("Ask to erase the case")
    page = browser.submit({}, "Ask a manager", 422)
    assert page.errors == ["Choose why it is to be erased.", "Enter why this case is to be erased."]
    page = browser.submit({"ground": "decision", "reason": "A court ordered it."}, "Ask a manager")
    assert page.path == f"{ended_case}/erasure" and "somebody asked that this case be erased" in page.text
    assert "Ask a manager" not in page.text
    assert "Asked to be erased: a manager decides" in browser.get(ended_case).links
    address = f"/casework/erasures/{case_id_of(ended_case)}"
    browser.as_(Role.MANAGER).get(address, status=302, follow=False)
    browser.as_(Role.MANAGER, stepped_up=True).get(address)
    page = browser.submit({"decision": "keep", "answer": ""}, "Save the decision", 422)
    assert page.errors == ["Enter why it is kept."]
    page = browser.submit({"decision": "erase"}, "Save the decision")
    assert page.rows("Decided")[0][:2] == ["DOR-2026-0001", "Erased"]
    browser.get(ended_case, status=404)


def test_a_manager_holds_a_case_and_lifts_the_hold_on_the_page(browser: PageClient, ended_case: str):
    browser.as_(Role.MANAGER).get(ended_case)
    browser.click("Put it under a legal hold")
    browser.submit({"reason": ""}, "Hold the case", 422)
    page = browser.submit({"reason": "An inquiry may ask for it."}, "Hold the case")
    assert "Legal hold" in page.text
    page = browser.get(f"{ended_case}/erasure")
    assert "under a legal hold: it is kept until a manager lifts the hold" in page.text
    assert "Ask a manager" not in page.text
    browser.get(ended_case)
    page = browser.click("Lift the legal hold")
    assert "An inquiry may ask for it." in page.text
    browser.submit({"reason": "It has ended."}, "Lift the hold")
    assert "Put it under a legal hold" in browser.get(ended_case).links


def test_a_hold_that_is_sent_twice_is_not_lifted_by_the_second(browser: PageClient, ended_case: str):
    browser.as_(Role.MANAGER).get(f"{ended_case}/hold")
    asked = browser.page
    browser.submit({"reason": "An inquiry may ask for it."}, "Hold the case")
    browser.page = asked
    page = browser.submit({"reason": "An inquiry may ask for it."}, "Hold the case", 422)
    assert page.errors == ["It is under a legal hold already."]
    assert "Lift the legal hold" in browser.get(ended_case).links


def test_the_list_of_erasures_is_entered_in_the_audit(desk: Desk, browser: PageClient, ended_case: str):
    browser.get("/casework/erasures")
    assert [one.act for one in seen(desk) if one.subject_kind == "erasure_list"] == ["viewed"]
