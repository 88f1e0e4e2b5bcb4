"""Where a benchmark works: a folder with SQLite files, and the run's own servers when it was asked for."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import MetaData

from shared.actor import Actor, Scope
from shared.clock import wall_clock
from shared.crypto import Vault
from shared.settings import Settings, from_environment
from shared.store import tables
from shared.store.database import Database
from shared.store.engine import open_engine
from shared.store.transaction import Tools
from tests.bench.table import Plan

SCOPE = Scope("dorset", Actor("user-bench"), "bench")


@contextmanager
def folder() -> Iterator[Path]:
    """Gone at the end."""
    with tempfile.TemporaryDirectory(prefix="heed-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def environments(plan: Plan, place: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The engines of this run, with the settings of a region on each."""
    (place / "embedded").mkdir()
    yield "SQLite", {"HEED_DATA": str(place / "embedded")}
    if plan.servers:
        (place / "servers").mkdir()
        yield "PostgreSQL, Kafka", {"HEED_DATA": str(place / "servers"), **plan.servers}


def databases(plan: Plan, own: Sequence[MetaData] = ()) -> Iterator[tuple[str, Database]]:
    """An empty database with the kernel's tables and those on each engine, one after the other."""
    with folder() as place:
        for name, environment in environments(plan, place):
            with closing(fresh(from_environment(environment), "intake", own)) as database:
                yield name.partition(",")[0], database


def fresh(settings: Settings, service: str, own: Sequence[MetaData] = ()) -> Database:
    """That service's database, emptied."""
    engine = open_engine(settings.database_url(service))
    for one in (tables.metadata, *own):
        one.drop_all(engine)
        one.create_all(engine)
    return Database(engine, Tools(service, Vault(settings.secret_keys), wall_clock))
