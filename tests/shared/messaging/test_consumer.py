"""Once, in order, and each record to its own outcome."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from shared.actor import Actor, Scope
from shared.errors import NotYet, Refused, Unavailable
from shared.messaging.deferred import Shelf
from shared.store.tables import inbox, sequence_in
from tests.platform import SetClock
from tests.shared.messaging.stage import CONTACT, REFUSAL, Stage, altered, heard, sequences


@pytest.fixture
def stage(tmp_path: Path, clock: SetClock) -> Stage:
    return Stage(tmp_path, clock)


def first_waiting(stage: Stage, state: str) -> int:
    with stage.listener.plumbing(writing=False) as db:
        return Shelf(db, stage.listener.tools.vault, "listener").listed(state)[0].position


def reason(stage: Stage) -> str:
    with stage.listener.plumbing(writing=False) as db:
        return Shelf(db, stage.listener.tools.vault, "listener").listed("refused")[0].reason


def test_facts_are_numbered_without_gaps_per_key(stage: Stage):
    stage.say("a", "b", "a")
    stage.say("a", "b")
    numbers: dict[str, list[int]] = {key: [] for key in "ab"}
    for record in stage.records():
        numbers[record.key] += sequences([record])
    assert numbers == {"a": [1, 2, 3], "b": [1, 2]}


def test_a_record_takes_effect_once_however_often_it_comes(stage: Stage):
    stage.say("a", "b")
    records = stage.records()
    for _ in range(3):
        stage.consumer.apply(records)
        stage.consumer.apply(records[:1])
    assert sorted(stage.effects()) == ["a", "b"]


def test_an_early_record_waits_for_its_turn(stage: Stage):
    stage.say("a", "a", "a")
    one, two, three = stage.records()
    stage.consumer.apply([three])
    stage.consumer.apply([two])
    assert stage.effects() == []
    assert stage.waiting() == {"held": 2}
    stage.consumer.apply([one])
    assert stage.effects() == ["a", "a", "a"]
    assert stage.waiting() == {}


def test_a_refused_record_holds_back_its_key_and_no_other(stage: Stage):
    stage.mood["a"] = REFUSAL
    stage.say("a", "b", "a", "b")
    stage.pass_on()
    assert stage.effects() == ["b", "b"]
    assert stage.waiting() == {"held": 1, "refused": 1}
    assert reason(stage) == "The test says no."


def test_a_refused_record_that_comes_again_stays_refused(stage: Stage):
    stage.mood["a"] = REFUSAL
    stage.say("a")
    records = stage.records()
    stage.consumer.apply(records)
    stage.consumer.apply(records)
    assert stage.waiting() == {"refused": 1}


def test_a_replay_after_the_cause_is_mended_lets_the_whole_key_go_on(stage: Stage):
    stage.mood["a"] = REFUSAL
    stage.say("a", "a", "a")
    stage.pass_on()
    assert not stage.consumer.replay(first_waiting(stage, "refused"))
    stage.mood.clear()
    assert stage.consumer.replay(first_waiting(stage, "refused"))
    assert stage.effects() == ["a", "a", "a"]
    assert stage.waiting() == {}


def test_a_skipped_record_has_no_effect_and_the_next_follows(stage: Stage):
    stage.mood["a"] = REFUSAL
    stage.say("a", "a")
    stage.pass_on()
    stage.mood.clear()
    stage.consumer.skip(first_waiting(stage, "refused"))
    assert stage.effects() == ["a"]
    assert stage.waiting() == {}


def test_a_record_of_something_unheard_of_is_parked_until_it_arrives(stage: Stage):
    stage.say_case("case-1", "a")
    stage.pass_on()
    assert stage.waiting() == {"parked": 1}
    stage.say("a")
    stage.pass_on()
    assert stage.effects() == ["a", "case-1"]
    assert stage.waiting() == {}


def test_what_waited_behind_a_parked_record_follows_it(stage: Stage):
    stage.say_case("case-1", "a")
    stage.say_case("case-1", "a")
    stage.pass_on()
    assert stage.waiting() == {"held": 1, "parked": 1}
    stage.say("a")
    stage.pass_on()
    assert stage.effects() == ["a", "case-1", "case-1"]


def test_a_parked_record_whose_cause_came_unnoticed_is_tried_again(stage: Stage):
    """Two members park and hear at the same time, and neither sees what the other has not committed."""
    stage.say_case("case-1", "a")
    stage.pass_on()
    assert stage.consumer.retry_parked() == 0
    with stage.listener.transaction(Scope("dorset", Actor("member-2"), "t")) as tx:
        tx.db.execute(insert(heard).values(key="a", what="contact.closed"))
    assert stage.consumer.retry_parked() == 1
    assert stage.effects() == ["a", "case-1"]
    assert stage.waiting() == {}


def test_a_record_parked_for_ten_minutes_becomes_a_dead_letter(stage: Stage, clock: SetClock):
    stage.say_case("case-1", "a")
    stage.pass_on()
    with stage.listener.plumbing() as db:
        shelf = Shelf(db, stage.listener.tools.vault, "listener")
        assert shelf.give_up_waiting(clock()) == 0
        from datetime import timedelta

        assert shelf.give_up_waiting(clock() + timedelta(minutes=11)) == 1
    assert "ten minutes" in reason(stage)


def test_bytes_that_are_no_envelope_become_a_dead_letter_and_others_flow_on(stage: Stage):
    stage.say("a", "b")
    records = stage.records()
    broken = [replace(one, value=b"\xff\x00 not json") if one.key == "a" else one for one in records]
    stage.consumer.apply(broken)
    assert stage.effects() == ["b"]
    assert stage.waiting() == {"refused": 1}
    with pytest.raises(Refused, match="cannot be replayed"):
        stage.consumer.replay(first_waiting(stage, "refused"))
    stage.consumer.skip(first_waiting(stage, "refused"))
    assert stage.waiting() == {}


def test_data_that_do_not_fit_their_type_become_a_dead_letter_without_their_values(stage: Stage):
    import msgspec

    stage.say("a")
    (record,) = stage.records()
    secret = msgspec.Raw(b'{"contact_id": "a", "decision": "Grace Canary", "closed_at": 5}')
    stage.consumer.apply([altered(record, data=secret)])
    assert stage.waiting() == {"refused": 1}
    assert "Canary" not in reason(stage)


def test_a_fact_of_an_unknown_type_is_passed_over_and_its_key_goes_on(stage: Stage):
    stage.say("a", "a")
    first, second = stage.records()
    stage.consumer.apply([altered(first, type="contact.reimagined"), second])
    assert stage.effects() == ["a"]


def test_unknown_fields_are_ignored(stage: Stage):
    import msgspec

    stage.say("a")
    (record,) = stage.records()
    more = msgspec.Raw(
        b'{"contact_id":"a","decision":"MET","closed_at":"2026-03-02T09:30:00Z","new":{"x":1}}'
    )
    stage.consumer.apply([altered(record, data=more)])
    assert stage.effects() == ["a"]


@pytest.mark.parametrize("fault", [RuntimeError("bug"), Unavailable("The index is away.")])
def test_a_fault_undoes_the_batch_and_is_raised_so_that_it_is_tried_again(stage: Stage, fault: Exception):
    stage.mood["b"] = fault
    stage.say("a", "b")
    records = stage.records()
    with pytest.raises(type(fault)):
        stage.consumer.apply(records)
    assert stage.effects() == []
    stage.mood.clear()
    stage.consumer.apply(records)
    assert sorted(stage.effects()) == ["a", "b"]


def test_a_handlers_own_work_is_undone_when_it_refuses(stage: Stage):
    stage.mood["a"] = NotYet("never")
    stage.say("a")
    stage.pass_on()
    assert stage.effects() == []
    with stage.listener.plumbing(writing=False) as db:
        assert db.execute(select(inbox)).all() == []
        assert db.execute(select(sequence_in.c.last)).scalars().all() == [0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_dropped_repeated_or_delayed_every_fact_takes_effect_once_in_order(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    from tests.conftest import MONDAY_MORNING

    stage = Stage(tmp_path_factory.mktemp("stage"), SetClock(MONDAY_MORNING))
    keys = data.draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=12))
    for key in keys:
        stage.say(key)
    records = stage.records()
    pile = data.draw(st.permutations(records + data.draw(st.lists(st.sampled_from(records), max_size=6))))
    while pile:
        size = data.draw(st.integers(1, 5))
        stage.consumer.apply(pile[:size])
        pile = pile[size:]
    assert sorted(stage.effects()) == sorted(keys)
    assert stage.waiting() == {}
    assert {record.topic for record in records} == {CONTACT}
