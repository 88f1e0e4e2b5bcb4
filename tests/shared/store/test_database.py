"""Where transactions begin: who may write, who goes first, and who is told."""

import json
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select
from sqlalchemy.exc import OperationalError, StatementError

from shared.actor import Actor, Scope
from shared.contracts.intake import ContactUnrestricted
from shared.store.database import Database, Signal
from shared.store.dialect import upsert
from shared.store.engine import Gate, attach, open_engine
from shared.store.proof import Unscoped
from shared.store.tables import EXEMPT
from shared.store.types import UtcDateTime
from tests.outage import without_database
from tests.platform import SetClock
from tests.shared.messaging.stage import a_database, heard

DORSET = Scope("dorset", Actor("officer-1"), "thread")
PATIENT = 5.0


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Database:
    return a_database(tmp_path, "talker", clock)


def test_a_fact_published_while_only_reading_is_a_fault(store: Database):
    with pytest.raises(RuntimeError, match="only reads"), store.reading(DORSET) as tx:
        tx.publish(ContactUnrestricted(contact_id="a"))


def test_a_reader_sees_one_moment_while_others_write(store: Database):
    query = select(heard.c.key).where(heard.c.authority == "dorset")
    with store.reading(DORSET) as before:
        assert before.db.execute(query).all() == []
        with store.transaction(DORSET) as tx:
            tx.db.execute(insert(heard).values(key="a", what="seen"))
        assert before.db.execute(query).all() == []
    with store.reading(DORSET) as after:
        assert after.db.execute(query).scalars().all() == ["a"]


def test_plumbing_opens_no_table_of_an_authority(store: Database):
    with pytest.raises(Unscoped), store.plumbing() as db:
        db.execute(select(heard))


def test_the_relay_is_told_when_facts_were_committed_and_only_then(store: Database):
    with store.transaction(DORSET):
        pass
    assert store.published.count == 0
    with store.transaction(DORSET) as tx:
        tx.publish(ContactUnrestricted(contact_id="a"))
        assert store.published.count == 0
    assert store.published.count == 1


def test_nobody_is_told_of_facts_that_were_undone(store: Database):
    with pytest.raises(LookupError), store.transaction(DORSET) as tx:
        tx.publish(ContactUnrestricted(contact_id="a"))
        raise LookupError
    assert store.published.count == 0


def test_that_it_is_away_is_said_once_and_so_is_that_it_is_back(
    store: Database, capsys: pytest.CaptureFixture[str]
):
    with without_database(store):
        for _ in range(3):
            with pytest.raises(OperationalError), store.reading(DORSET):
                pass
    for _ in range(2):
        with store.reading(DORSET):
            pass
    said = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert said == ["database_unavailable", "database_available"]


def test_a_signal_wakes_who_waits():
    signal, woken = Signal(), threading.Event()

    def wait() -> None:
        signal.wait(0, PATIENT)
        woken.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    signal.notify()
    assert woken.wait(PATIENT)
    waiter.join()


def test_a_signal_given_since_the_last_look_is_not_waited_for():
    signal = Signal()
    seen = signal.count
    signal.notify()
    started = monotonic()
    signal.wait(seen, PATIENT)
    assert monotonic() - started < PATIENT / 2


def test_a_wait_that_misses_its_signal_ends_by_itself():
    signal = Signal()
    signal.wait(signal.count, 0.01)


class Queue:
    """Threads that want through a gate, and the order in which they got through."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def join(self, name: str, *, urgent: bool) -> None:
        """Wants in now; returns when it waits."""
        ready = threading.Event()
        thread = threading.Thread(target=self._pass, args=(name, urgent, ready))
        thread.start()
        self._threads.append(thread)
        assert ready.wait(PATIENT)
        # The thread says so just before it asks; give it the moment between the two.
        thread.join(0.05)

    def _pass(self, name: str, urgent: bool, ready: threading.Event) -> None:
        ready.set()
        with self.gate.writing(urgent=urgent):
            self.order.append(name)

    def done(self) -> list[str]:
        for thread in self._threads:
            thread.join(PATIENT)
        return self.order


def test_people_go_before_background_work_that_came_earlier(store: Database):
    queue = Queue(store.gate)
    with store.gate.writing(urgent=False):
        queue.join("background", urgent=False)
        queue.join("person", urgent=True)
        queue.join("another person", urgent=True)
    assert queue.done()[-1] == "background"


def test_one_at_a_time_is_in_and_the_gate_opens_again_after_a_fault(store: Database):
    queue = Queue(store.gate)
    with pytest.raises(LookupError), store.gate.writing():
        queue.join("next", urgent=True)
        assert queue.order == []
        raise LookupError
    assert queue.done() == ["next"]


def test_the_gate_stands_open_where_the_database_orders_writers_itself():
    engine = create_engine("postgresql+psycopg://nobody@nowhere.example:1/none")
    gate = Gate(engine)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(gate.writing())


def test_writers_from_many_threads_lose_nothing(store: Database):
    def write(name: str) -> None:
        for _ in range(5):
            with store.transaction(DORSET) as tx:
                tx.db.execute(insert(heard).values(key=name, what="seen"))
                tx.publish(ContactUnrestricted(contact_id="shared"))

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with store.reading(DORSET) as tx:
        rows = tx.db.execute(select(heard).where(heard.c.authority == "dorset")).all()
    assert len(rows) == 20
    assert store.published.count == 20


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_a_power_cut_loses_nothing_that_was_committed(store: Database, pragma: str, value: object):
    with store.plumbing(writing=False) as db:
        assert db.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_only_what_need_not_last_does_not_wait_for_the_disk(store: Database):
    flushed = []
    for lasting in (False, True, False, False, True):
        with store.plumbing(lasting=lasting) as db:
            flushed.append(db.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2)
    assert flushed == [False, True, False, False, True]


@pytest.mark.servers
def test_the_same_on_a_server_for_that_transaction_alone(store: Database, empty_postgres: str):
    server = Database(open_engine(empty_postgres), store.tools)
    for lasting, said in ((False, "off"), (True, "on")):
        with server.plumbing(lasting=lasting) as db:
            assert db.exec_driver_sql("SHOW synchronous_commit").scalar_one() == said
    server.close()


def test_a_database_address_with_a_password_is_not_shown_in_faults():
    engine = open_engine("postgresql+psycopg://heed:hunter2@nowhere.example:1/none")
    assert engine.hide_parameters
    assert "hunter2" not in repr(engine)


def test_a_second_set_of_tables_lies_beside_the_first(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'first.db'}")
    attach(engine, "shadow")
    own = MetaData()
    table = Table("thing", own, Column("id", Integer, primary_key=True), info=EXEMPT)
    beside = engine.execution_options(schema_translate_map={None: "shadow"})
    own.create_all(engine)
    own.create_all(beside)
    with beside.begin() as db:
        db.execute(insert(table).values(id=1))
    with engine.begin() as db:
        assert db.execute(select(table)).all() == []
    assert (tmp_path / "first.db.shadow").exists()


moments = MetaData()
moment = Table(
    "moment",
    moments,
    Column("name", String, primary_key=True),
    Column("at", UtcDateTime),
    info=EXEMPT,
)


@pytest.fixture
def times(store: Database) -> Database:
    moments.create_all(store.engine)
    return store


def test_a_moment_comes_back_aware_and_in_utc(times: Database):
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    with times.plumbing() as db:
        db.execute(insert(moment), [{"name": "a", "at": summer}, {"name": "never", "at": None}])
        found = {row.name: row.at for row in db.execute(select(moment))}
    assert found == {"a": summer, "never": None}
    assert found["a"].tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(times: Database):
    with pytest.raises(StatementError, match="time zone"), times.plumbing() as db:
        db.execute(insert(moment).values(name="a", at=datetime(2026, 7, 1)))  # noqa: DTZ001


def test_moments_sort_by_time_whatever_zone_they_were_said_in(times: Database):
    zone = timezone(timedelta(hours=9))
    said = {"early": datetime(2026, 7, 1, 20, tzinfo=zone), "late": datetime(2026, 7, 1, 12, tzinfo=UTC)}
    with times.plumbing() as db:
        db.execute(insert(moment), [{"name": name, "at": at} for name, at in said.items()])
        assert db.execute(select(moment.c.name).order_by(moment.c.at)).scalars().all() == ["early", "late"]


def test_an_upsert_replaces_what_is_there(times: Database, clock: SetClock):
    with times.plumbing() as db:
        for day in range(2):
            at = clock() + timedelta(days=day)
            statement = upsert(db, moment, [{"name": "a", "at": at}, {"name": str(day), "at": at}])
            db.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"at": statement.excluded.at})
            )
        found = {row.name: row.at for row in db.execute(select(moment))}
    assert found["a"] == clock() + timedelta(days=1)
    assert set(found) == {"a", "0", "1"}


def test_an_upsert_without_rows_takes_many_later(times: Database, clock: SetClock):
    with times.plumbing() as db:
        statement = upsert(db, moment).on_conflict_do_nothing()
        db.execute(statement, [{"name": name, "at": clock()} for name in "aab"])
        assert db.execute(select(moment.c.name).order_by("name")).scalars().all() == ["a", "b"]
