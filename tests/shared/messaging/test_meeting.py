"""Two who work at one key at the same time, on PostgreSQL, where neither sees what the other did not commit:
a member that believes it still has the partition, or a person who replays.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import IntegrityError

from shared import audit
from shared.actor import Actor, Scope
from shared.messaging.consumer import Consumer
from shared.messaging.deferred import Shelf
from shared.store import tables
from shared.store.database import Database
from shared.store.engine import open_engine
from tests.faults.planted_bugs import RemembersHead
from tests.platform import SetClock
from tests.shared.messaging.stage import REFUSAL, Stage, metadata

DORSET = Scope("dorset", Actor("officer-1"), "thread")

pytestmark = pytest.mark.servers


@pytest.fixture
def stage(tmp_path: Path, clock: SetClock, empty_postgres: str) -> Iterator[Stage]:
    made = Stage(tmp_path, clock)
    made.listener = Database(open_engine(empty_postgres), made.listener.tools)
    made.consumer = Consumer(made.consumer._service, made.listener)
    for one in (tables.metadata, metadata):
        one.create_all(made.listener.engine)
    yield made
    made.listener.close()


def meet(stage: Stage, slow: Callable[[], object], quick: Callable[[], object], at: str = "") -> None:
    """The quick one begins when the slow one comes to this statement, else to its commit, and ends before the
    slow one goes on unless it has to wait for it.
    """
    ready, done = Event(), Event()

    def hesitate(
        _connection: Connection, _cursor: object = None, statement: str = "", *_more: object
    ) -> None:
        if at in statement and not ready.is_set():
            ready.set()
            done.wait(1)

    def hurry() -> None:
        assert ready.wait(10)
        try:
            quick()
        finally:
            done.set()

    event.listen(stage.listener.engine, "before_cursor_execute" if at else "commit", hesitate)
    with ThreadPoolExecutor(2) as pool:
        parts: list[Future[object]] = [pool.submit(slow), pool.submit(hurry)]
        for part in parts:
            part.result(20)


def applied(stage: Stage) -> dict[str, int]:
    with stage.listener.plumbing(writing=False) as db:
        return {row.key: row.last for row in db.execute(select(tables.sequence_in))}


def test_a_record_that_comes_while_a_person_replays_the_one_before_it_is_not_left_behind(stage: Stage):
    stage.say("a", "a")
    first, second = stage.records()
    stage.mood["a"] = REFUSAL
    stage.consumer.apply([first])
    stage.mood.clear()
    with stage.listener.plumbing(writing=False) as db:
        (refused,) = Shelf(db, stage.listener.tools.vault, "listener").listed()
    meet(stage, lambda: stage.consumer.replay(refused.position), lambda: stage.consumer.apply([second]))
    assert stage.effects() == ["a", "a"]
    assert stage.waiting() == {}


def test_a_member_that_reads_old_records_again_does_not_set_a_key_back(stage: Stage):
    stage.say("a", "a", "b")
    first, second, other = stage.records()
    stage.consumer.apply([first])
    meet(
        stage,
        lambda: stage.consumer.apply([first, other]),
        lambda: stage.consumer.apply([second]),
        at="INSERT INTO inbox",
    )
    assert applied(stage) == {"a": 2, "b": 1}


def test_facts_of_two_processes_are_linked_one_after_the_other(stage: Stage):
    meet(stage, lambda: look(stage.listener), lambda: look(stage.listener))
    assert chain(stage) == (2, None)


def test_a_process_that_goes_on_from_a_head_it_read_before_cannot_write_a_link_twice(stage: Stage):
    """The planted bug of the simulation, on a connection of its own."""
    engine = open_engine(stage.listener.engine.url.render_as_string(hide_password=False))
    forgetful = RemembersHead(engine, stage.listener.tools)
    look(forgetful)
    look(stage.listener)
    with pytest.raises(IntegrityError):
        look(forgetful)
    engine.dispose()
    assert chain(stage) == (2, None)


def look(database: Database) -> None:
    with database.transaction(DORSET) as tx:
        tx.accessed("viewed", "contact", "contact-1")


def chain(stage: Stage) -> tuple[int, int | None]:
    with stage.listener.reading(DORSET) as tx:
        verdict = audit.verify(tx.db, "dorset")
    return verdict.links, verdict.broken_at
