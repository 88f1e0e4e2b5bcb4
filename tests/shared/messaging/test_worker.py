"""The process beside the web: it moves facts, stops for a fault, and is started again."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import MetaData, insert

from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.intake import ContactClosed
from shared.contracts.message import Event
from shared.contracts.platform import ConfigurationChanged
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.relay import Relay
from shared.messaging.worker import Worker, topics_of
from shared.region import Region, Supervisor
from shared.runtime import Runtime
from shared.service import Office, Service, Subscriptions
from shared.settings import Settings, from_environment
from shared.store.schema import metadatas
from shared.store.tables import lease
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from tests.platform import Letterbox, SetClock
from tests.shared.messaging.stage import CASE, CONTACT, Stage, heard, metadata

PATIENT = 30.0


class Mishap(Exception):
    """A fault of ours: no outcome of any record."""


@dataclass
class Play:
    """A stage whose listener is worked by a real worker; `mishaps` is how often its handler faults first."""

    stage: Stage
    settings: Settings
    mishaps: int = 0
    attempts: int = 0
    turns: list[str] = field(default_factory=list)

    @property
    def runtime(self) -> Runtime:
        subscriptions = Subscriptions()
        subscriptions.on(ContactClosed)(self._hear)
        service = Service("listener", metadata, subscriptions, lambda: (), pumps=(self._pump,))
        stage = self.stage
        return Runtime(service, self.settings, stage.listener, stage.log, stage.clock, Letterbox())

    def _hear(self, tx: Transaction[Any], event: ContactClosed) -> None:
        self.attempts += 1
        if self.attempts <= self.mishaps:
            raise Mishap
        self.stage._keep(tx, event)

    def _pump(self, office: Office) -> int:
        self.turns.append(office.authority)
        return 1


@pytest.fixture
def play(tmp_path: Path, clock: SetClock) -> Iterator[Play]:
    stage = Stage(tmp_path, clock)
    stage.reader.close()
    made = replace(_settings(tmp_path), data=tmp_path)
    for one in _kernel_tables():
        one.create_all(stage.listener.engine)
    yield Play(stage, made)
    stage.log.close()


def _settings(folder: Path) -> Settings:
    return from_environment({"HEED_DATA": str(folder)})


def _kernel_tables() -> tuple[MetaData, ...]:
    return tuple(metadatas(MetaData()))


class Running:
    """A worker in a thread; stopped at the end of the block, its fault kept."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.worker.run()
        except Mishap as problem:
            self.fault = problem

    def __enter__(self) -> "Running":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()
        self._thread.join(PATIENT)
        assert not self._thread.is_alive()

    def ended(self) -> bool:
        return not self._thread.is_alive()


def eventually(holds: Callable[[], bool]) -> None:
    until = monotonic() + PATIENT
    while not holds():
        assert monotonic() < until, "It did not come about."
        sleep(0.02)


def relay_all(stage: Stage) -> None:
    while stage.relay.run_once():
        pass


def test_a_running_worker_applies_what_comes_and_stops_when_told(play: Play):
    play.stage.say("a", "b")
    relay_all(play.stage)
    with Running(Worker(play.runtime)):
        eventually(lambda: len(play.stage.effects()) == 2)
    assert sorted(play.stage.effects()) == ["a", "b"]


def test_a_worker_passes_on_what_its_own_service_publishes(play: Play):
    with Running(Worker(play.runtime)):
        with play.stage.listener.transaction(_someone()) as tx:
            tx.publish(_closed("own", tx.now))
        eventually(lambda: Relay(play.stage.listener, play.stage.log).waiting()[0] == 0)


def _someone() -> Scope:
    return Scope("dorset", Actor("officer-1"), "thread")


def _closed(contact: str, now: datetime) -> Event:
    return ContactClosed(contact_id=contact, decision=Decision.MET, closed_at=now)


def test_a_passing_fault_is_tried_again_and_takes_effect_once(play: Play):
    play.mishaps = 2
    play.stage.say("a")
    relay_all(play.stage)
    with Running(Worker(play.runtime)) as running:
        eventually(lambda: play.stage.effects() == ["a"])
        assert running.fault is None
    assert play.attempts == 3


def test_a_lasting_fault_stops_the_worker_and_loses_nothing(play: Play):
    play.mishaps = 10_000
    play.stage.say("a")
    relay_all(play.stage)
    with Running(Worker(play.runtime)) as running:
        eventually(running.ended)
    assert isinstance(running.fault, Mishap)
    assert play.stage.effects() == []
    play.mishaps = 0
    with Running(Worker(play.runtime)):
        eventually(lambda: play.stage.effects() == ["a"])


def test_a_supervisor_starts_a_worker_again_that_stopped_for_a_fault(play: Play):
    play.mishaps = 7
    play.stage.say("a")
    relay_all(play.stage)
    region = Region(play.settings, play.stage.log, {"listener": play.runtime})
    supervisor = Supervisor(region)
    supervisor.start()
    try:
        eventually(lambda: play.stage.effects() == ["a"])
    finally:
        supervisor.stop()
    assert play.attempts == 8


def test_a_worker_shows_that_it_lives(play: Play):
    worker = Worker(play.runtime)
    assert worker.heartbeat is not None
    assert not worker.heartbeat.exists()
    with Running(worker):
        eventually(worker.heartbeat.exists)


def test_a_worker_rests_while_its_service_is_rebuilt(play: Play):
    play.stage.say("a")
    relay_all(play.stage)
    row = {"name": "rebuild", "holder": "h", "token": 1, "until": play.stage.clock() + timedelta(hours=1)}
    with play.stage.listener.plumbing() as db:
        db.execute(insert(lease).values(row))
    with Running(Worker(play.runtime)):
        sleep(0.7)
        assert play.stage.effects() == []
        play.stage.clock.forward(timedelta(hours=2))
        eventually(lambda: play.stage.effects() == ["a"])


def test_each_authority_gets_its_turn_of_each_pump(play: Play):
    worker = Worker(play.runtime)
    assert worker.pump_once() == 0
    for code in ("dorset", "wiltshire"):
        with play.stage.listener.transaction(replace(_someone(), authority=code)) as tx:
            replicas.apply_configuration(tx, _opening(code, tx.now))
    assert worker.pump_once() == 2
    assert sorted(play.turns) == ["dorset", "wiltshire"]


def _opening(code: str, now: datetime) -> ConfigurationChanged:
    return ConfigurationChanged(
        configuration_id=f"{code}/authority",
        kind="authority",
        value=f'{{"display_name": "{code}"}}',
        effective_from=now,
        changed_by="a",
    )


def test_a_worker_tries_parked_records_again(play: Play):
    stage = play.stage
    stage.reader = stage.log.reader("other", [CONTACT, CASE], "m")
    stage.say_case("case-1", "a")
    stage.pass_on()
    worker = Worker(replace(play.runtime, service=stage.consumer._service))
    with stage.listener.transaction(Scope("dorset", Actor("member-2"), "t")) as tx:
        tx.db.execute(insert(heard).values(key="a", what="contact.closed"))
    worker.pump_once()
    assert stage.waiting() == {"parked": 1}
    stage.clock.forward(timedelta(seconds=31))
    worker.pump_once()
    assert stage.effects() == ["a", "case-1"]


def test_what_was_parked_too_long_becomes_a_dead_letter(play: Play):
    play.stage.say_case("case-1", "unheard")
    play.stage.reader = play.stage.log.reader("other", [CONTACT, CASE], "m")
    play.stage.pass_on()
    assert play.stage.waiting() == {"parked": 1}
    worker = Worker(play.runtime)
    worker.pump_once()
    assert play.stage.waiting() == {"parked": 1}
    play.stage.clock.forward(timedelta(minutes=11))
    worker.pump_once()
    assert play.stage.waiting() == {"refused": 1}


def test_a_service_listens_to_the_topics_of_every_publisher(play: Play):
    service = replace(play.runtime.service, subscriptions=Subscriptions())
    service.subscriptions.on(ConfigurationChanged)(replicas.apply_configuration)
    topics = topics_of(replace(play.runtime, service=service))
    assert {"heed.intake.configuration", "heed.search.configuration"} <= topics
    assert all("{" not in topic for topic in topics)


def test_the_embedded_bus_says_how_far_a_group_is_behind(play: Play):
    play.stage.say("a", "b", "c")
    relay_all(play.stage)
    log: EmbeddedLog = play.stage.log
    assert sum(one.behind for one in log.standing("listener", [CONTACT, CASE])) == 3
    with Running(Worker(play.runtime)):
        eventually(lambda: sum(one.behind for one in log.standing("listener", [CONTACT, CASE])) == 0)
