"""The shelf of waiting records: what is kept, in which state, and what lets it go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from shared.contracts.message import Envelope, Origin, Undecodable
from shared.errors import NotFound
from shared.messaging.deferred import HELD, PARKED, PATIENCE, REFUSED, Shelf
from shared.messaging.ports import Record
from shared.store.database import Database
from shared.store.tables import deferred
from tests.conftest import MONDAY_MORNING
from tests.platform import SetClock
from tests.shared.messaging.stage import CONTACT, a_database

NOW = MONDAY_MORNING


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Database:
    return a_database(tmp_path, "listener", clock)


@contextmanager
def shelf(store: Database) -> Iterator[Shelf]:
    with store.plumbing() as db:
        yield Shelf(db, store.tools.vault, "listener")


def said(key: str = "a", sequence: int = 1, words: str = "words") -> Envelope:
    return Envelope(
        id=f"{key}-{sequence}",
        type="contact.closed",
        version=1,
        topic=CONTACT,
        key=key,
        sequence=sequence,
        authority="dorset",
        actor="officer-1",
        correlation_id="thread",
        origin=Origin.LIVE,
        occurred_at=NOW,
        recorded_at=NOW,
        data=msgspec.Raw(msgspec.json.encode({"said": words})),
    )


def test_a_record_comes_back_as_it_was_put(store: Database):
    one = said()
    with shelf(store) as shelved:
        shelved.put(one, REFUSED, NOW, reason="No.")
        found = shelved.envelope(shelved.one(shelved.listed()[0].position))
    assert replace(found, data=one.data) == one
    assert bytes(found.data) == bytes(one.data)


def test_what_a_record_says_lies_sealed_and_is_in_no_list(store: Database):
    with shelf(store) as shelved:
        shelved.put(said(words="Zoe Canary"), REFUSED, NOW)
        assert "Canary" not in str(shelved.listed())
    with store.plumbing(writing=False) as db:
        assert b"Canary" not in db.execute(select(deferred.c.body)).scalar_one()


def test_the_same_record_again_changes_its_state_and_counts_the_attempt(store: Database):
    with shelf(store) as shelved:
        shelved.put(said(), PARKED, NOW, waits_for="case-1")
        shelved.put(said(), REFUSED, NOW + timedelta(hours=1), reason="Still no.")
        (found,) = shelved.listed()
    assert (found.state, found.reason, found.waits_for, found.attempts) == (REFUSED, "Still no.", "", 2)
    assert found.since == NOW


def test_holding_a_record_that_was_refused_leaves_it_refused(store: Database):
    with shelf(store) as shelved:
        shelved.put(said(), REFUSED, NOW, reason="No.")
        shelved.hold(said(), NOW)
        assert shelved.counts() == {REFUSED: 1}


@pytest.mark.parametrize(("state", "blocks"), [(HELD, False), (PARKED, True), (REFUSED, True)])
def test_only_a_record_with_a_problem_of_its_own_blocks_its_key(store: Database, state: str, blocks: bool):
    with shelf(store) as shelved:
        shelved.put(said("a"), state, NOW)
        shelved.hold(said("a", 2), NOW)
        assert shelved.waiting_keys([(CONTACT, "a"), (CONTACT, "b")]) == {(CONTACT, "a"): blocks}


def test_the_next_held_record_is_the_one_whose_turn_it_is(store: Database):
    with shelf(store) as shelved:
        shelved.hold(said(sequence=3), NOW)
        shelved.hold(said(sequence=2), NOW)
        shelved.put(said(sequence=4), REFUSED, NOW)
        assert shelved.next_held((CONTACT, "a"), 1) is None
        found = shelved.next_held((CONTACT, "a"), 2)
        assert found is not None
        assert found.sequence == 2
        assert shelved.next_held((CONTACT, "a"), 4) is None
        assert shelved.next_held((CONTACT, "b"), 2) is None


def test_parked_records_are_found_by_what_they_wait_for_oldest_first(store: Database):
    with shelf(store) as shelved:
        for key in "abc":
            shelved.put(said(key), PARKED, NOW, waits_for="case-2" if key == "b" else "case-1")
        assert shelved.waited_for() == {"case-1", "case-2"}
        assert [row.key for row in shelved.parked_for("case-1")] == ["a", "c"]
        assert shelved.parked_for("case-3") == []


def test_a_record_that_was_refused_waits_for_nothing_any_more(store: Database):
    with shelf(store) as shelved:
        shelved.put(said(), PARKED, NOW, waits_for="case-1")
        shelved.put(said(), REFUSED, NOW)
        assert shelved.waited_for() == set()


def test_patience_ends_after_ten_minutes_and_not_before(store: Database):
    with shelf(store) as shelved:
        shelved.put(said(), PARKED, NOW, waits_for="case-1")
        shelved.put(said("held"), HELD, NOW)
        assert not shelved.has_overdue(NOW + PATIENCE)
        assert shelved.give_up_waiting(NOW + PATIENCE) == 0
        late = NOW + PATIENCE + timedelta(seconds=1)
        assert shelved.has_overdue(late)
        assert shelved.give_up_waiting(late) == 1
        assert not shelved.has_overdue(late)
        assert shelved.counts() == {REFUSED: 1, HELD: 1}
        assert "ten minutes" in shelved.listed(REFUSED)[0].reason


def test_what_was_dealt_with_is_gone(store: Database):
    with shelf(store) as shelved:
        shelved.put(said(), REFUSED, NOW)
        position = shelved.listed()[0].position
        shelved.drop(said().id)
        assert shelved.listed() == []
        with pytest.raises(NotFound, match="list them again"):
            shelved.one(position)


def test_bytes_that_are_no_record_are_kept_once_by_the_place_they_were_read_from(store: Database):
    broken = Record(CONTACT, 3, 17, "k", b"Zoe Canary")
    with shelf(store) as shelved:
        shelved.put_unreadable(broken, "It does not read.", NOW)
        shelved.put_unreadable(broken, "It does not read.", NOW)
        shelved.put_unreadable(replace(broken, offset=18), "It does not read.", NOW)
        first, second = shelved.listed()
        assert (first.event_id, first.attempts, first.type) == (f"{CONTACT}/3/17", 2, "")
        assert second.event_id.endswith("/18")
        with pytest.raises(Undecodable):
            shelved.envelope(shelved.one(first.position))


def test_a_long_list_is_read_in_pages_by_number(store: Database):
    with shelf(store) as shelved:
        for number in range(1, 8):
            shelved.put(said(str(number)), REFUSED if number % 2 else HELD, NOW)
        first = shelved.listed(limit=3)
        rest = shelved.listed(limit=10, after=first[-1].position)
        assert [one.key for one in (*first, *rest)] == list("1234567")
        assert [one.key for one in shelved.listed(HELD)] == list("246")
        assert shelved.counts() == {REFUSED: 4, HELD: 3}
