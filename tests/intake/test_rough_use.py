"""People in a hurry, programs gone wrong, two things at once: nothing is lost, doubled or given away."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.actions import drafts as drafting
from services.intake.actions.contacts import receive_contact
from services.intake.domain.answers import missing
from services.intake.store import contacts
from services.intake.store.contacts import Filter
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.store.database import Database
from shared.vocabulary import Role
from tests.intake.builders import a_report
from tests.intake.conftest import House, Visitor
from tests.intake.test_answers import some_answers
from tests.intake.test_api import CONTACTS, a_body
from tests.intake.test_form import HOME, begin, fill_in, send
from tests.platform import SetClock

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
REFERRER = Scope("dorset", Actor("referrer:x"), "test")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def a_complete_draft(intake: Database) -> str:
    """Ready to be sent; its id."""
    with intake.transaction(REFERRER) as tx:
        draft = drafting.start_draft(tx)
        for section, value in some_answers().items():
            if isinstance(value, list):
                for item in value:
                    drafting.save_item(tx, draft.id, section, item)
            else:
                drafting.save_answers(tx, draft.id, section, value)
        return draft.id


def at_once(act: Any, times: int = 6) -> list[Any]:
    """What the same act answers when several do it in the same moment."""
    found: list[Any] = []
    gate = threading.Barrier(times)

    def run() -> None:
        gate.wait()
        found.append(act())

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_draft_sent_by_many_hands_is_one_contact(house: House, intake: Database):
    draft_id = a_complete_draft(intake)

    def submit() -> str:
        with intake.transaction(REFERRER) as tx:
            return drafting.submit_draft(tx, draft_id, []).reference

    assert len(set(at_once(submit))) == 1
    assert len(house.events("contact.received")) == 1


def test_one_token_sent_by_many_programs_is_one_contact(house: House, intake: Database):
    def enter() -> str:
        with intake.transaction(REFERRER) as tx:
            return receive_contact(tx, a_report(), token="same").id

    assert len(set(at_once(enter))) == 1
    assert len(house.events("contact.received")) == 1


def test_a_transaction_that_fails_leaves_no_trace(house: House, intake: Database):
    draft_id = a_complete_draft(intake)
    with pytest.raises(RuntimeError), intake.transaction(REFERRER) as tx:
        drafting.submit_draft(tx, draft_id, [])
        raise RuntimeError("the power went")
    assert house.events("contact.received") == []
    with intake.transaction(REFERRER) as tx:
        assert drafting.submit_draft(tx, draft_id, []).reference
    assert len(house.events("contact.received")) == 1


def test_references_do_not_repeat(intake: Database):
    with intake.transaction(REFERRER) as tx:
        made = {receive_contact(tx, a_report()).reference for _ in range(200)}
    assert len(made) == 200


@QUICK
@given(body=JSON)
def test_no_json_breaks_the_api(browser: Visitor, body: Any):
    browser.as_(Role.OFFICER)
    page = browser.send("POST", CONTACTS, body, 422)
    assert page.json["detail"]


@QUICK
@given(field=st.sampled_from(sorted(a_body())), value=JSON)
def test_no_field_breaks_the_api(browser: Visitor, field: str, value: Any):
    browser.as_(Role.OFFICER)
    body = a_body(**{field: value, "token": new_id()} if field != "token" else {"token": value})
    status = browser.send_anything("POST", CONTACTS, body)
    assert status in {201, 422}


@QUICK
@given(text=st.text(max_size=300))
def test_no_words_break_the_form(browser: Visitor, clock: SetClock, text: str):
    # As slowly as somebody types: whoever is quicker is asked to wait.
    clock.forward(timedelta(seconds=10))
    begin(browser)
    status = browser.post_anything(f"{HOME}/form/events/new/words", {"narrative": text, "category": "OTHER"})
    assert status in {200, 422}


@QUICK
@given(
    query=st.dictionaries(
        st.sampled_from(["state", "owner", "channel", "reference", "overdue", "page"]), st.text(max_size=9)
    )
)
def test_no_address_breaks_the_inbox(browser: Visitor, query: dict[str, str]):
    browser.as_(Role.OFFICER)
    assert browser.get_anything("/intake/contacts", query) in {200, 422}


@pytest.mark.parametrize("state", ["open", "all", "new", "closed"])
def test_pages_count_and_list_agree(intake: Database, state: str):
    with intake.transaction(REFERRER) as tx:
        for _ in range(7):
            receive_contact(tx, a_report())
        wanted = Filter(state=state)
        listed = [one.id for start in range(0, 9, 3) for one in contacts.list_contacts(tx, wanted, start, 3)]
        assert len(listed) == len(set(listed)) == contacts.count(tx, wanted)


def test_the_public_learns_nothing_of_earlier_concerns_or_decisions(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    page = browser.get(f"{HOME}/status")
    for word in ("threshold", "match", "earlier concern", "Finch", "Oakfield", "tier"):
        assert word not in page.text


def test_no_name_stands_in_any_address_of_the_form(browser: Visitor):
    fill_in(browser)
    for path in ("tasks", "check", "form/adults", "form/work", "form/events"):
        page = browser.get(f"{HOME}/{path}")
        assert not [one for one in page.links.values() if "Finch" in one or "Alma" in one or "Quill" in one]


def test_a_half_filled_form_knows_what_is_missing(intake: Database):
    answers = some_answers()
    for section in ("you", "adults", "work", "events"):
        lacking = missing({name: value for name, value in answers.items() if name != section})
        assert list(lacking) == [section]
