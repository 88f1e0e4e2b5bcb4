"""What is kept and what is found again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from services.intake.actions import contacts as acts
from services.intake.actions import drafts as drafting
from services.intake.domain.concern import OwnEarlier, PriorConcern, Standing
from services.intake.domain.contact import Contact, State
from services.intake.store import concerns, contacts, drafts, rules, users
from services.intake.store.contacts import Filter
from shared import replicas
from shared.contracts.people import Pointer
from shared.errors import Conflict, NotFound
from shared.settings import Settings
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.vocabulary import Band, Recency, Role
from tests.intake.builders import a_report, a_user
from tests.intake.conftest import Open
from tests.platform import SetClock

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def received(tx: Transaction[Any], count: int = 1, **differs: Any) -> list[Contact]:
    """So many new contacts."""
    return [acts.receive_contact(tx, a_report(**differs)) for _ in range(count)]


def an_own(match: str, contact: str, other: str) -> PriorConcern:
    """A match inside the authority."""
    own = OwnEarlier(contact_id=other, band=Band.STRONG, last_activity=NOW, reasons=("Same name",))
    return PriorConcern(match_id=match, contact_id=contact, person_id="p", found_at=NOW, own=own)


def a_pointer(match: str, contact: str) -> PriorConcern:
    """A match in another authority."""
    pointer = Pointer(
        holder="wiltshire",
        contact_route="duty desk",
        reference="PTR-1",
        band=Band.LIKELY,
        recency=Recency.UNDER_1_YEAR,
        agrees=("surname",),
    )
    return PriorConcern(match_id=match, contact_id=contact, person_id="p", found_at=NOW, pointer=pointer)


def test_a_contact_comes_back_as_it_was_kept(opened: Open):
    with opened() as tx:
        (one,) = received(tx)
        assert contacts.get(tx, one.id) == one
        assert contacts.report_of(tx, one.id) == a_report()


def test_nothing_personal_lies_open_in_the_database(opened: Open, settings: Settings):
    with opened() as tx:
        received(tx)
        draft = drafting.start_draft(tx)
        drafting.save_answers(tx, draft.id, "you", {"surname": "Quillfeather"})
        users.add(tx, a_user(display_name="Ida Brookfield"))
    folder = Path(settings.data)
    raw = b"".join(path.read_bytes() for path in folder.rglob("intake.db*"))
    for word in (b"Quillfeather", b"Finch", b"Robin Ash", b"Brookfield", b"head@oakfield", b"ida.brook"):
        assert word not in raw


def test_two_officers_cannot_change_the_same_contact(opened: Open):
    with opened() as tx:
        (one,) = received(tx)
        assert contacts.save(tx, one).version == 2
        with pytest.raises(Conflict):
            contacts.save(tx, one)


def test_another_authority_finds_nothing(opened: Open):
    with opened() as tx:
        (one,) = received(tx)
    with opened(authority="wiltshire") as tx:
        with pytest.raises(NotFound):
            contacts.get(tx, one.id)
        with pytest.raises(NotFound):
            contacts.report_of(tx, one.id)
        assert contacts.count(tx, Filter(state="all")) == 0


def test_the_list_has_the_oldest_clock_first_and_pages(opened: Open, clock: SetClock):
    for _ in range(3):
        with opened() as tx:
            received(tx)
        clock.forward(timedelta(hours=1))
    with opened() as tx:
        found = contacts.list_contacts(tx, Filter(), 0, 2)
        assert [one.respond_by for one in found] == sorted(one.respond_by for one in found)
        assert len(contacts.list_contacts(tx, Filter(), 2, 2)) == 1
        assert contacts.count(tx, Filter()) == 3


def test_the_list_is_filtered(opened: Open, clock: SetClock):
    with opened() as tx:
        first, second = received(tx, 2)
        contacts.save(tx, replace(first, state=State.CLOSED, decided_at=tx.now))
        contacts.save(tx, replace(second, owner="officer-1", state=State.TAKEN))
        received(tx, channel="phone")
        assert contacts.count(tx, Filter()) == 2
        assert contacts.count(tx, Filter(state="all")) == 3
        assert contacts.count(tx, Filter(state="closed")) == 1
        assert contacts.count(tx, Filter(owner="officer-1")) == 1
        assert contacts.count(tx, Filter(owner="nobody")) == 1
        assert contacts.count(tx, Filter(channel="phone")) == 1
        assert contacts.count(tx, Filter(sector="SPORT_LEISURE")) == 0
        assert contacts.count(tx, Filter(state="all", reference=first.reference)) == 1
    clock.forward(timedelta(days=2))
    with opened() as tx:
        assert contacts.count(tx, Filter(overdue=True)) == 2


def test_the_numbers_count_what_is_open(opened: Open, clock: SetClock):
    with opened() as tx:
        received(tx, 2)
    clock.forward(timedelta(days=2))
    with opened() as tx:
        (fresh,) = received(tx)
        contacts.save(tx, replace(fresh, owner="officer-1", state=State.WAITING))
        found = contacts.numbers(tx, tx.now + timedelta(days=3))
    assert (found.new, found.due, found.overdue, found.waiting, found.mine) == (2, 1, 2, 1, 1)


def test_a_closed_contact_is_nowhere_for_the_wrong_officer(opened: Open):
    with opened() as tx:
        one, other = received(tx, 2)
        concerns.keep(tx, an_own("m-1", other.id, one.id))
        replicas.restrict(tx, one.id, never=("officer-1",))
        assert contacts.find(tx, one.id) is None
        assert contacts.count(tx, Filter()) == 1
        assert contacts.numbers(tx, NOW).new == 1
        assert contacts.references(tx, [one.id, other.id]) == {other.id: other.reference}
        assert concerns.of_contact(tx, other.id) == []
        assert concerns.badges(tx, [other.id]) == {}
    with opened(user="officer-2") as tx:
        assert contacts.get(tx, one.id)
        assert len(concerns.of_contact(tx, other.id)) == 1


def test_a_contact_whose_case_is_closed_is_as_hidden_as_one_that_is_closed_itself(opened: Open):
    with opened() as tx:
        one, other = received(tx, 2)
        contacts.save(tx, replace(one, case_id="case-1"))
        concerns.keep(tx, an_own("m-1", other.id, one.id))
        replicas.restrict(tx, "case-1", never=("officer-1",))
        assert contacts.find(tx, one.id) is None
        with pytest.raises(NotFound):
            contacts.report_of(tx, one.id)
        assert contacts.find_by_reference(tx, one.reference) is None
        assert contacts.count(tx, Filter(state="all")) == 1
        assert contacts.references(tx, [one.id, other.id]) == {other.id: other.reference}
        assert concerns.of_contact(tx, other.id) == []
    with opened(user="officer-2") as tx:
        assert contacts.get(tx, one.id).case_id == "case-1"


@pytest.mark.parametrize("closed", ["the contact", "its case"])
def test_another_report_of_a_concern_is_closed_with_the_concern(opened: Open, closed: str):
    with opened() as tx:
        one, again = received(tx, 2)
        contacts.save(tx, replace(one, case_id="case-1"))
        contacts.save(tx, replace(again, merged_into=one.id))
        replicas.restrict(tx, one.id if closed == "the contact" else "case-1", never=("officer-1",))
        assert contacts.find(tx, again.id) is None
        assert contacts.count(tx, Filter(state="all")) == 0
    with opened(user="officer-2") as tx:
        assert contacts.get(tx, again.id).merged_into == one.id


def test_badges_count_here_and_elsewhere(opened: Open):
    with opened() as tx:
        one, other = received(tx, 2)
        concerns.keep(tx, an_own("m-1", one.id, other.id))
        concerns.keep(tx, a_pointer("m-2", one.id))
        concerns.keep(tx, a_pointer("m-2", one.id))
        concerns.judge(tx, "m-3", Standing.REJECTED, "x", NOW)
        badge = concerns.badges(tx, [one.id, other.id])[one.id]
        assert badge.words == "1 earlier, 1 other authority"
        concerns.judge(tx, "m-2", Standing.REJECTED, "officer-1", NOW)
        assert [found.match_id for found in concerns.of_contact(tx, one.id)] == ["m-1"]
        assert concerns.badges(tx, []) == {}


def test_a_draft_is_found_until_its_day(opened: Open, clock: SetClock):
    with opened() as tx:
        draft = drafting.start_draft(tx)
        assert drafts.get(tx, draft.id) == draft
        assert drafts.find_by_reference(tx, draft.reference) == draft
        drafts.save(tx, draft)
        with pytest.raises(Conflict):
            drafts.save(tx, draft)
    clock.forward(timedelta(days=31))
    with opened() as tx:
        assert drafts.find_by_reference(tx, draft.reference) is None
        with pytest.raises(NotFound):
            drafts.get(tx, draft.id)


def test_users_are_found_by_address_whatever_its_case(intake: Database, opened: Open):
    with opened() as tx:
        user = a_user()
        users.add(tx, user)
        assert users.get(tx, user.id) == user
        assert users.find_by_email(tx, "IDA.Brook@dorset.example") == user
        assert users.names(tx, [user.id, "nobody"]) == {user.id: "Ida Brook"}
        assert users.list_users(tx, 0, 10, active=False) == []
        with pytest.raises(NotFound):
            users.get(tx, "nobody")


def test_an_authority_may_use_fewer_harm_tests_and_its_own_prefix(opened: Open):
    change = replicas.change_configuration
    with opened(Role.ADMINISTRATOR) as tx:
        assert len(rules.criteria(tx)) == 4
        change(tx, rules.CRITERIA, ["HARM", "OFFENCE", "RISK"])
        change(tx, rules.PREFIX, "DC")
        change(tx, rules.CODES, {"tier": {"T1": "Level one"}})
        assert [code for code, _ in rules.criteria(tx)] == ["HARM", "OFFENCE", "RISK"]
        assert rules.new_reference(tx, "seed").startswith("DC-2026-")
        assert rules.lists(tx)["tier"]["T1"].label == "Level one"


@pytest.mark.parametrize("sector", ["", "EDUCATION_ACADEMY"])
def test_a_long_list_is_counted_without_a_look_at_any_contact(opened: Open, sector: str):
    asked: list[tuple[str, Any]] = []

    def note(_db: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    with opened() as tx:
        event.listen(tx.db.engine, "before_cursor_execute", note)
        contacts.count(tx, Filter(state="all", sector=sector))
        event.remove(tx.db.engine, "before_cursor_execute", note)
        plan = str(tx.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1]).all())
    assert "contact USING COVERING INDEX" in plan
