"""A read model filled anew from the journals equals the one that lived through it all."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select

from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.contracts import all_topics
from shared.contracts.intake import ContactClosed, ContactUnrestricted, UserChanged
from shared.errors import NotFound, Refused
from shared.messaging.consumer import Consumer
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.open import open_log
from shared.messaging.ports import Message
from shared.messaging.rebuild import BATCH, PULSE, rebuild
from shared.messaging.republish import republished, topic_of
from shared.messaging.resting import Resting, rests
from shared.region import Region, Stepper
from shared.runtime import Runtime, assemble
from shared.service import Service, Subscriptions
from shared.settings import Settings
from shared.store.schema import create
from shared.store.tables import journal, outbox
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from tests.platform import Letterbox, SetClock
from tests.shared.messaging.stage import heard, metadata


def listening() -> Subscriptions:
    subscriptions = Subscriptions()

    @subscriptions.on(ContactClosed)
    def keep(tx: Transaction, event: ContactClosed) -> None:
        if event.contact_id == "no":
            raise Refused("The test says no.")
        tx.db.execute(insert(heard).values(key=event.contact_id, what=tx.scope.origin.value))
        tx.publish(ContactUnrestricted(contact_id=f"echo of {event.contact_id}"))

    return subscriptions


@pytest.fixture
def region(settings: Settings, clock: SetClock) -> Region:
    return assembled(settings, clock)


def assembled(settings: Settings, clock: SetClock) -> Region:
    log = open_log(settings)
    log.ensure(all_topics())
    talker = Service("intake", metadata, Subscriptions(), lambda: ())
    listener = Service("reporting", metadata, listening(), lambda: ())
    runtimes = {one.name: assemble(one, settings, log, Letterbox(), clock) for one in (talker, listener)}
    for runtime in runtimes.values():
        create(runtime.database.engine, metadata)
    return Region(settings, log, runtimes)


def say(runtime: Runtime, *keys: str) -> None:
    with runtime.database.transaction(Scope("dorset", Actor("talker"), "thread")) as tx:
        tx.publish(
            UserChanged(user_id="u", display_name="Ann", email="a@b.example", roles=("officer",), active=True)
        )
        for key in keys:
            tx.publish(ContactClosed(contact_id=key, decision=Decision.MET, closed_at=tx.now))


def effects(runtime: Runtime) -> list[tuple[str, str]]:
    with runtime.database.reading(Scope("dorset", Actor("test"), "t")) as tx:
        query = (
            select(heard.c.key, heard.c.what).where(heard.c.authority == "dorset").order_by(heard.c.number)
        )
        return [(key, what) for key, what in tx.db.execute(query)]


def published(runtime: Runtime) -> tuple[int, int]:
    with runtime.database.plumbing(writing=False) as db:
        return len(db.execute(select(journal)).all()), len(db.execute(select(outbox)).all())


def test_a_rebuilt_service_holds_what_it_held_and_publishes_nothing_again(region: Region):
    say(region["intake"], "a", "b", "a", "c")
    stepper = Stepper(region)
    stepper.settle(pumps=False)
    listener = region["reporting"]
    before, said = effects(listener), published(listener)
    found = rebuild(listener, [region["intake"], listener])
    assert sorted(key for key, _ in effects(listener)) == sorted(key for key, _ in before)
    assert {what for _, what in effects(listener)} == {"rebuild"}
    assert found.facts == 9
    assert published(listener) == said


def test_after_a_rebuild_live_facts_go_on_where_it_ended(region: Region):
    say(region["intake"], "a")
    stepper = Stepper(region)
    stepper.settle(pumps=False)
    say(region["intake"], "a", "b")
    rebuild(region["reporting"], [region["intake"]])
    stepper.settle(pumps=False)
    say(region["intake"], "b")
    stepper.settle(pumps=False)
    assert [key for key, _ in effects(region["reporting"])] == ["a", "a", "b", "b"]


def test_what_was_erased_from_a_journal_does_not_come_back(region: Region):
    say(region["intake"], "a", "erased since")
    rebuild(region["reporting"], [region["intake"]])
    with region["intake"].database.plumbing() as db:
        db.execute(delete(journal).where(journal.c.key == "erased since"))
    found = rebuild(region["reporting"], [region["intake"]])
    assert effects(region["reporting"]) == [("a", "rebuild")]
    assert found.facts == 2


def left_on_the_bus(region: Region) -> list[str]:
    topic = topic_of("intake", "reporting")
    with closing(region.log.reader(new_id(), [topic], "test")) as reader:
        return [record.key for record in reader.poll(0, 10)]


def test_a_rebuild_leaves_nothing_on_the_bus_and_nothing_there_that_another_left(region: Region):
    say(region["intake"], "a")
    with republished([region["intake"]], "reporting", region.log) as journals:
        assert [one.key for one in next(journals.batches(BATCH))] == ["u", "a"]
        assert left_on_the_bus(region) == ["u", "a"]
    found = rebuild(region["reporting"], [region["intake"]])
    assert found.facts == 2 and effects(region["reporting"]) == [("a", "rebuild")]
    assert left_on_the_bus(region) == []


def test_a_rebuild_that_fails_leaves_nothing_on_the_bus(region: Region):
    def failing(_done: int, _all: int) -> None:
        raise NotFound("The test says no.")

    say(region["intake"], "a")
    with pytest.raises(NotFound):
        rebuild(region["reporting"], [region["intake"]], failing)
    assert left_on_the_bus(region) == []


def test_a_journal_is_said_again_whole_in_order_and_as_a_rebuild(region: Region):
    say(region["intake"], "a", "b", "a")
    with republished([region["intake"]], "reporting", region.log) as journals:
        told = [one for batch in journals.batches(3) for one in batch]
    assert [(one.key, one.sequence) for one in told] == [("u", 1), ("a", 1), ("b", 1), ("a", 2)]
    assert {one.origin.value for one in told} == {"rebuild"}
    assert {one.topic for one in told} == {UserChanged.topic, ContactClosed.topic}


def test_a_search_and_a_reporting_that_are_filled_at_once_do_not_hear_each_other(region: Region):
    say(region["intake"], "a")
    with republished([region["intake"]], "search", region.log) as other:
        batches = other.batches(1)
        next(batches)
        assert rebuild(region["reporting"], [region["intake"]]).facts == 2
        assert [one.key for batch in batches for one in batch] == ["a"]


class Lossy(EmbeddedLog):
    """A bus that has lost a topic's records when they are asked for."""

    def append(self, messages: Sequence[Message]) -> None:
        super().append(messages)
        self.forget({one.topic for one in messages})


def test_journals_that_do_not_arrive_whole_are_refused(region: Region, settings: Settings):
    say(region["intake"], "a")
    with (
        closing(Lossy(settings.data / "bus.db")) as log,
        republished([region["intake"]], "reporting", log, patience=0.1) as journals,
        pytest.raises(Refused, match="did not arrive whole"),
    ):
        next(journals.batches(BATCH))


def test_facts_of_several_journals_are_heard_in_the_order_in_which_they_were_written(
    region: Region, clock: SetClock
):
    for owner, key in (("intake", "first"), ("reporting", "second"), ("intake", "third")):
        say(region[owner], key)
        clock.forward(timedelta(seconds=1))
    rebuild(region["reporting"], [region["reporting"], region["intake"]])
    assert [key for key, _ in effects(region["reporting"])] == ["first", "second", "third"]


def waits(listener: Runtime) -> bool:
    """Whether what it hears must wait."""
    with listener.database.plumbing(writing=False) as db:
        return rests(db, listener.clock())


def test_a_second_rebuild_at_the_same_time_is_refused_and_live_records_wait(region: Region):
    from shared.messaging import rebuild as module

    listener = region["reporting"]
    with module._turn(listener):
        assert waits(listener)
        # What was read from the bus a moment before.
        with pytest.raises(Resting):
            Consumer(listener.service, listener.database).apply([])
        with pytest.raises(Refused, match="running already"):
            rebuild(listener, [])
    assert not waits(listener)


# What the command does, killed the hard way as soon as the first batch is in.
KILLED = """
import os, signal, sys
from datetime import datetime
from shared.messaging.rebuild import rebuild
from shared.settings import from_environment
from tests.platform import SetClock
from tests.shared.messaging.test_rebuild import assembled

settings, now = from_environment({"HEED_DATA": sys.argv[1]}), datetime.fromisoformat(sys.argv[2])
region = assembled(settings, SetClock(now))
rebuild(region["reporting"], [region["intake"]], lambda _done, _all: os.kill(os.getpid(), signal.SIGKILL))
"""


def killed(settings: Settings, clock: SetClock) -> None:
    """A rebuild that dies without a word."""
    command = [sys.executable, "-c", KILLED, str(settings.data), clock().isoformat()]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


def test_a_rebuild_that_was_killed_goes_on_where_it_was(region: Region, settings: Settings, clock: SetClock):
    listener, keys = region["reporting"], [f"c-{number:04}" for number in range(BATCH + 200)]
    say(region["intake"], *keys)
    killed(settings, clock)
    assert effects(listener) == [] and waits(listener)
    with pytest.raises(Refused, match="running already"):
        rebuild(listener, [region["intake"]])
    clock.forward(PULSE + timedelta(seconds=1))
    say(region["intake"], "said since")
    seen: list[int] = []
    found = rebuild(listener, [region["intake"]], lambda done, _all: seen.append(done))
    # Each fact had its effect once: those of the first batch in the process that was killed.
    assert found.before == BATCH and found.facts == seen[-1] == len(keys) + 3
    assert sorted(key for key, _ in effects(listener)) == [*keys, "said since"]
    assert not waits(listener)
    assert rebuild(listener, [region["intake"]]).before == 0


def test_a_rebuild_that_another_has_overtaken_stops(region: Region, clock: SetClock):
    say(region["intake"], "a")
    listener = region["reporting"]

    def overtaken(_done: int, _all: int) -> None:
        clock.forward(PULSE + timedelta(seconds=1))
        rebuild(listener, [region["intake"]])

    with pytest.raises(Refused, match="Another rebuild"):
        rebuild(listener, [region["intake"]], overtaken)
    assert [key for key, _ in effects(listener)] == ["a"]
