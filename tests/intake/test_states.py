"""Each state of a contact, as each role sees it: what a page offers is exactly what the rules allow."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.intake.actions import contacts as acts
from services.intake.actions import threshold
from services.intake.domain.contact import LABELS, OPEN, Contact, State
from services.intake.domain.permission import WHO_MAY, Act
from services.intake.domain.threshold import ENDING, MOVES, Judgement
from services.intake.store import contacts
from services.intake.store.contacts import Filter
from shared.vocabulary import Decision, Role
from tests.intake.builders import a_report
from tests.intake.conftest import House, Open, Visitor
from tests.platform import SetClock

READERS = sorted(WHO_MAY[Act.READ])


def in_state(opened: Open, state: State, **differs: Any) -> Contact:
    """A contact that has come to this state."""
    with opened() as tx:
        one = acts.receive_contact(tx, a_report())
        decided = None if state in {State.NEW, State.TAKEN} else tx.now
        return contacts.save(tx, replace(one, state=state, decided_at=decided, **differs))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("role", READERS)
def test_the_page_offers_what_the_rules_allow(browser: Visitor, opened: Open, state: State, role: Role):
    one = in_state(opened, state, owner="somebody else")
    page = browser.as_(role).get(f"/intake/contacts/{one.id}")
    decides = role in WHO_MAY[Act.DECIDE]
    assert ("Decide" in page.links) == (decides and bool(MOVES[state]))
    assert ("Take it over" in page.text) == (decides and state in OPEN)
    assert ("Give advice" in page.links) == decides
    assert ("Close after hand-over" in page.text) == (decides and state is State.TRANSFERRING)
    assert LABELS[state] in page.text


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_listed(browser: Visitor, opened: Open, state: State):
    one = in_state(opened, state)
    in_state(opened, State.NEW if state is not State.NEW else State.CLOSED)
    rows = browser.as_(Role.OFFICER).get(f"/intake/contacts?state={state.value}").rows()
    assert [row[0] for row in rows] == [one.reference]
    assert rows[0][-1] == LABELS[state]


@pytest.mark.parametrize("state", list(State))
def test_a_decision_is_refused_or_recorded_by_state(browser: Visitor, opened: Open, state: State):
    one = in_state(opened, state)
    status = 200 if MOVES[state] else 409
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}/decision", status)


@pytest.mark.parametrize("decision", list(Decision))
def test_each_decision_publishes_what_follows_from_it(opened: Open, house: House, decision: Decision):
    criteria = ("RISK",) if decision is Decision.MET else ()
    judgement = Judgement(decision=decision, criteria=criteria, tier="", reasons="Because.", decided_by="")
    with opened() as tx:
        one = acts.receive_contact(tx, a_report())
        after = threshold.decide_threshold(tx, one.id, judgement)
    decided: list[Any] = list(house.events("threshold.decided"))
    closed: list[Any] = list(house.events("contact.closed"))
    assert [(event.decision, event.criteria) for event in decided] == [(decision, criteria)]
    assert bool(closed) == (decision in ENDING)
    assert after.state is MOVES[State.NEW][decision]
    with opened() as tx:
        still_open = contacts.count(tx, Filter())
    assert still_open == (1 if after.state in OPEN else 0)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(), "24 hours left"),
        (timedelta(hours=20), "4 hours left"),
        (timedelta(hours=23, minutes=30), "30 minutes left"),
        (timedelta(hours=25), "Overdue by 1 hour"),
        (timedelta(hours=24 + 47), "Overdue by 47 hours"),
        (timedelta(hours=24 + 72), "Overdue by 3 days"),
    ],
)
def test_the_clock_is_said_in_words(
    browser: Visitor, opened: Open, clock: SetClock, later: timedelta, words: str
):
    in_state(opened, State.NEW)
    clock.forward(later)
    assert browser.as_(Role.OFFICER).get("/intake/contacts").rows()[0][1].startswith(words)


@pytest.mark.parametrize(("late", "words"), [(False, "Decided in time"), (True, "Decided late")])
def test_a_decided_contact_says_whether_it_was_in_time(
    browser: Visitor, opened: Open, clock: SetClock, late: bool, words: str
):
    one = in_state(opened, State.NEW)
    clock.forward(timedelta(days=2) if late else timedelta(hours=1))
    judgement = Judgement(
        decision=Decision.NOT_MET_COMPLAINT, criteria=(), tier="", reasons="A complaint.", decided_by=""
    )
    with opened() as tx:
        threshold.decide_threshold(tx, one.id, judgement)
    text = browser.as_(Role.OFFICER).get(f"/intake/contacts/{one.id}").text
    assert words in text
    assert "Not met: a complaint about practice or service" in text
