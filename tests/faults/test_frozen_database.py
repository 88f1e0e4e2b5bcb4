"""A PostgreSQL that takes what it is sent and answers nothing is given up, and used again when it wakes."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from shared.store.engine import begin, open_engine
from shared.store.roles import Role
from tests.faults.lab import command

pytestmark = pytest.mark.servers
PATIENCE = 90.0


class Frost:
    """Stops and wakes every process of a server."""

    def __init__(self, backend: int) -> None:
        self._first = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])

    def send(self, number: signal.Signals) -> None:
        children = Path(f"/proc/{self._first}/task/{self._first}/children").read_text().split()
        for one in (self._first, *map(int, children)):
            os.kill(one, number)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """On a server of the test's own."""
    if not command().exists():
        pytest.skip("no lab to start a server of the test's own (HEED_LAB)")
    for one in (tmp_path, *tmp_path.parents[:2]):
        # The server runs as a user of its own and must be able to come in.
        one.chmod(0o755)
    environment = {**os.environ, "LAB_HOME": str(tmp_path)}

    def servers(*words: str) -> str:
        done = subprocess.run(
            [command(), *words], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    started = servers("start", "postgres")
    url = next(line for line in started.splitlines() if "POSTGRES_URL=" in line).partition("=")[2]
    made = open_engine(url.strip("'\""))
    yield made
    made.dispose()
    servers("stop", "postgres")


@pytest.fixture
def frost(engine: Engine) -> Iterator[Frost]:
    with begin(engine, "", writing=False, role=Role.WORKER) as db:
        made = Frost(db.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    yield made
    made.send(signal.SIGCONT)


def ask(engine: Engine) -> int:
    with begin(engine, "", writing=False) as db:
        return int(db.exec_driver_sql("SELECT 1").scalar_one())


def in_time(work: Callable[[], object]) -> Exception | None:
    """What it raised; it has to end."""
    raised: list[Exception] = []

    def guarded() -> None:
        try:
            work()
        except Exception as problem:  # noqa: BLE001  the test looks at it
            raised.append(problem)

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "It waits for ever."
    return raised[0] if raised else None


def test_a_server_that_stands_still_is_given_up_and_used_again_when_it_wakes(engine: Engine, frost: Frost):
    frost.send(signal.SIGSTOP)
    assert isinstance(in_time(lambda: ask(engine)), OperationalError)
    frost.send(signal.SIGCONT)
    assert ask(engine) == 1


def test_a_server_that_stops_while_it_works_is_given_up_too(engine: Engine, frost: Frost):
    def interrupted() -> None:
        with begin(engine, "", writing=False) as db:
            frost.send(signal.SIGSTOP)
            db.execute(text("SELECT 1"))

    assert isinstance(in_time(interrupted), OperationalError)
    frost.send(signal.SIGCONT)
    assert ask(engine) == 1
