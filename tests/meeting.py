"""Two at one thing at the same time, on a database where neither sees what the other did not commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from sqlalchemy import Connection, event

from shared.service import Service
from shared.settings import Settings
from shared.store.database import Database
from shared.store.engine import open_engine
from shared.store.schema import metadatas
from tests.platform import SetClock, alone


def on_server(service: Service, settings: Settings, clock: SetClock, url: str) -> Database:
    """A service's database on PostgreSQL, without walls."""
    made = Database(open_engine(url), alone(service, settings, clock).tools)
    for metadata in metadatas(service.metadata):
        metadata.create_all(made.engine)
    return made


def meet(database: Database, first: Callable[[], object], second: Callable[[], object]) -> list[Any]:
    """The second begins when the first comes to its commit, and ends before it unless it has to wait. Returns
    what each returned, or the error that it raised.
    """
    ready, done = Event(), Event()

    def hesitate(_connection: Connection) -> None:
        if not ready.is_set():
            ready.set()
            done.wait(1)

    def hurry() -> object:
        assert ready.wait(20)
        try:
            return second()
        finally:
            done.set()

    event.listen(database.engine, "commit", hesitate)
    with ThreadPoolExecutor(2) as pool:
        parts = [pool.submit(first), pool.submit(hurry)]
        found = [part.exception(30) or part.result() for part in parts]
    event.remove(database.engine, "commit", hesitate)
    return found
