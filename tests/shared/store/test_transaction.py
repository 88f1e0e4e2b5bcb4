"""State, journal, outbox and audit belong together: all of an act is kept, or none of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import StatementError

from shared import audit
from shared.actor import Actor, Scope
from shared.contracts.intake import ContactClosed, ContactUnrestricted
from shared.contracts.message import Envelope, Origin, decode
from shared.contracts.platform import AccessRecorded
from shared.crypto import Unreadable
from shared.store.database import Database
from shared.store.guard import BOUND
from shared.store.publication import journal_place
from shared.store.tables import audit_entry, journal, outbox
from shared.vocabulary import Decision
from tests.conftest import MONDAY_MORNING
from tests.platform import SetClock
from tests.shared.messaging.stage import a_database, heard

DORSET = Scope("dorset", Actor("officer-1"), "thread")
WILTSHIRE = replace(DORSET, authority="wiltshire")


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Database:
    return a_database(tmp_path, "talker", clock)


def opened(contact: str) -> ContactUnrestricted:
    return ContactUnrestricted(contact_id=contact)


def kept(store: Database) -> dict[str, int]:
    """How much of an act is there, in each of the four places."""
    with store.plumbing(writing=False) as db:
        counts = {table.name: len(db.execute(select(table)).all()) for table in (journal, outbox)}
    with store.reading(DORSET) as tx:
        own = tx.db.execute(select(heard).where(heard.c.authority == "dorset")).all()
        links = tx.db.execute(select(audit_entry).where(audit_entry.c.authority == "dorset")).all()
    return {**counts, "own": len(own), "audit": len(links)}


def envelopes(store: Database) -> list[Envelope]:
    with store.plumbing(writing=False) as db:
        rows = db.execute(select(journal).order_by(journal.c.position)).all()
    places = [(row, f"{store.tools.service}/{journal_place(row.event_id)}") for row in rows]
    return [decode(store.tools.vault.open(row.authority, place, row.body)) for row, place in places]


def act(store: Database, *contacts: str, scope: Scope = DORSET) -> None:
    with store.transaction(scope) as tx:
        for contact in contacts:
            tx.db.execute(insert(heard).values(key=contact, what="seen"))
            tx.publish(opened(contact))


def test_state_journal_outbox_and_audit_come_with_one_commit(store: Database):
    act(store, "a", "b")
    assert kept(store) == {"journal": 2, "outbox": 2, "own": 2, "audit": 2}


def test_a_fault_after_everything_leaves_nothing(store: Database):
    with pytest.raises(LookupError), store.transaction(DORSET) as tx:
        tx.db.execute(insert(heard).values(key="a", what="seen"))
        tx.publish(opened("a"))
        raise LookupError
    assert kept(store) == {"journal": 0, "outbox": 0, "own": 0, "audit": 0}


def test_a_fact_that_cannot_be_written_takes_the_state_with_it(store: Database):
    zoneless = MONDAY_MORNING.replace(tzinfo=None)
    with pytest.raises(StatementError), store.transaction(DORSET) as tx:
        tx.db.execute(insert(heard).values(key="a", what="seen"))
        tx.publish(opened("a"))
        tx.publish(opened("b"), at=zoneless)
    assert kept(store) == {"journal": 0, "outbox": 0, "own": 0, "audit": 0}


def test_numbers_go_on_where_an_undone_transaction_began(store: Database):
    act(store, "a")
    with pytest.raises(LookupError), store.transaction(DORSET) as tx:
        tx.publish(opened("a"))
        raise LookupError
    act(store, "a")
    assert [one.sequence for one in envelopes(store)] == [1, 2]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=5), min_size=1, max_size=4))
def test_each_key_counts_on_without_gaps_whatever_the_transactions(store: Database, acts: list[list[str]]):
    before = len(envelopes(store))
    for contacts in acts:
        act(store, *contacts)
    found = envelopes(store)
    assert [one.key for one in found[before:]] == [contact for contacts in acts for contact in contacts]
    for key in "abc":
        numbers = [one.sequence for one in found if one.key == key]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_block_that_is_undone_leaves_the_authority_that_was_bound_before_it(store: Database):
    with store.transaction(DORSET) as tx:
        with pytest.raises(LookupError), tx.savepoint():
            tx.rescope(WILTSHIRE)
            raise LookupError
        # As the database sees it too: a rollback takes its setting back.
        tx.db.execute(insert(heard).values(key="a", what="seen"))
        assert (tx.authority, tx.db.info[BOUND]) == ("dorset", "dorset")
    assert kept(store)["own"] == 1


def test_a_block_that_is_undone_takes_its_facts_and_leaves_the_others(store: Database):
    with store.transaction(DORSET) as tx:
        tx.publish(opened("before"))
        with pytest.raises(LookupError), tx.savepoint():
            tx.db.execute(insert(heard).values(key="inner", what="seen"))
            tx.publish(opened("inner"))
            raise LookupError
        tx.publish(opened("after"))
        assert tx.pending == 2
    assert [one.key for one in envelopes(store)] == ["before", "after"]
    assert kept(store)["own"] == 0


def test_a_block_that_ends_well_keeps_its_facts(store: Database):
    with store.transaction(DORSET) as tx, tx.savepoint():
        tx.publish(opened("inner"))
    assert [one.key for one in envelopes(store)] == ["inner"]


def test_two_authorities_in_one_transaction_extend_two_whole_chains(store: Database):
    with store.transaction(DORSET) as tx:
        tx.publish(opened("a"))
        tx.rescope(WILTSHIRE)
        tx.publish(opened("b"))
        tx.publish(opened("c"))
    verdicts = []
    for scope in (DORSET, WILTSHIRE):
        with store.reading(scope) as tx:
            verdicts.append(audit.verify(tx.db, scope.authority))
    assert [(one.authority, one.links, one.broken_at) for one in verdicts] == [
        ("dorset", 1, None),
        ("wiltshire", 2, None),
    ]


def test_after_a_rescope_rows_belong_to_the_other_authority(store: Database):
    with store.transaction(DORSET) as tx:
        tx.rescope(WILTSHIRE)
        tx.db.execute(insert(heard).values(key="w", what="seen"))
    with store.reading(WILTSHIRE) as tx:
        assert tx.db.execute(select(heard.c.key).where(heard.c.authority == "wiltshire")).scalars().all() == [
            "w"
        ]


def test_another_scope_for_a_while_ends_with_its_block(store: Database):
    with store.transaction(DORSET) as tx:
        with pytest.raises(LookupError), tx.within(WILTSHIRE):
            assert tx.authority == "wiltshire"
            raise LookupError
        assert tx.authority == "dorset"
        tx.db.execute(delete(heard).where(heard.c.authority == "dorset"))


def test_a_fact_carries_who_acted_and_the_thread_of_its_moment(store: Database):
    with store.transaction(DORSET) as tx:
        tx.publish(opened("a"))
        tx.rescope(Scope("wiltshire", Actor("officer-2"), "other thread"))
    (found,) = envelopes(store)
    assert (found.authority, found.actor, found.correlation_id) == ("dorset", "officer-1", "thread")
    assert (found.type, found.version, found.topic) == ("contact.unrestricted", 1, "heed.intake.contact")


def test_a_live_act_happens_now(store: Database):
    with store.reading(DORSET) as tx:
        assert tx.now == tx.recorded_at == MONDAY_MORNING
        assert tx.live


def test_time_stands_while_a_transaction_is_open(store: Database, clock: SetClock):
    with store.reading(DORSET) as tx:
        clock.forward(timedelta(minutes=1))
        assert tx.now == MONDAY_MORNING


@pytest.mark.parametrize("origin", [Origin.DEMO, Origin.IMPORT])
def test_a_history_happens_in_its_own_time_and_is_recorded_now(store: Database, origin: Origin):
    then = MONDAY_MORNING - timedelta(days=300)
    with store.transaction(Scope("dorset", Actor("a"), "t", origin, then)) as tx:
        assert not tx.live
        assert tx.now == then
        tx.publish(opened("a"))
    (found,) = envelopes(store)
    assert (found.occurred_at, found.recorded_at, found.origin) == (then, MONDAY_MORNING, origin)


def test_a_fact_may_have_happened_at_another_moment_than_its_act(store: Database):
    then = MONDAY_MORNING - timedelta(hours=2)
    with store.transaction(DORSET) as tx:
        tx.publish(ContactClosed(contact_id="a", decision=Decision.MET, closed_at=then), at=then)
    assert envelopes(store)[0].occurred_at == then


def test_a_rebuild_publishes_nothing(store: Database):
    with store.transaction(replace(DORSET, origin=Origin.REBUILD)) as tx:
        tx.publish(opened("a"))
        tx.accessed("viewed", "contact", "a")
    assert kept(store)["journal"] == 0


def test_what_was_looked_at_is_a_fact_of_the_service_that_showed_it(store: Database):
    with store.transaction(DORSET) as tx:
        tx.accessed("searched", "adult", "", reason="A call from the school", found=("a", "b"))
    (found,) = envelopes(store)
    said = found.event()
    assert isinstance(said, AccessRecorded)
    assert found.topic == "heed.talker.access"
    assert (said.actor_id, said.act, said.result_ids) == ("officer-1", "searched", ("a", "b"))


def test_a_journal_body_cannot_be_read_without_its_key(store: Database):
    with store.transaction(DORSET) as tx:
        tx.accessed("viewed", "contact", "c-1", reason="Asked by a parent")
    with store.plumbing(writing=False) as db:
        assert b"parent" not in db.execute(select(journal.c.body)).scalar_one()


def test_a_sealed_value_opens_in_its_own_place_and_authority_only(store: Database):
    with store.reading(DORSET) as tx:
        sealed = tx.seal("contact/1/body", b"words")
        assert tx.open("contact/1/body", sealed) == b"words"
        with pytest.raises(Unreadable):
            tx.open("contact/2/body", sealed)
        with tx.within(WILTSHIRE), pytest.raises(Unreadable):
            tx.open("contact/1/body", sealed)
