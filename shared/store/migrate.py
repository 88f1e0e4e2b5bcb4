"""Brings a service's database to the tables of this build.

Two branches of migrations meet in each database: the kernel's (`shared/store/migrations/versions`) and the
service's own (`services/<name>/migrations`). An empty database gets its tables at once and is marked as
brought up; a test holds both ways to the same result. Everything happens in one transaction.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, event, func, inspect, select

from shared.errors import Misconfigured
from shared.service import Service
from shared.settings import Settings
from shared.store.schema import metadatas

HERE = Path(__file__).parent / "migrations"
KERNEL = "kernel"
_LOCK = 4839217


def migrate(service: Service, settings: Settings) -> str:
    """Make the tables of an empty database, or bring those of an earlier build up. Returns what was done.

    Raises Misconfigured when the tables were made by a later build or by something else.
    """
    with owning(settings.migrate_url(service.name)) as db:
        return bring_up(db, service)


def bring_up(db: Connection, service: Service) -> str:
    """The same on a connection whose transaction the caller holds; it must not enforce foreign keys on
    SQLite.
    """
    alembic = config(db, service)
    heads, present = (
        set(_script(alembic).get_heads()),
        set(MigrationContext.configure(db).get_current_heads()),
    )
    if not present:
        return _make(db, service, alembic)
    _refuse_unknown(present, alembic)
    if present == heads:
        return "up to date"
    command.upgrade(alembic, "heads")
    return f"brought up to {', '.join(sorted(heads))}"


def _make(db: Connection, service: Service, alembic: Config) -> str:
    if inspect(db).get_table_names():
        raise Misconfigured(
            f"The database of {service.name} holds tables that no migration of Heed made: "
            "give it an empty database."
        )
    for metadata in metadatas(service.metadata):
        metadata.create_all(db)
    command.stamp(alembic, "heads")
    return "tables made"


def _refuse_unknown(present: set[str], alembic: Config) -> None:
    known = {revision.revision for revision in _script(alembic).walk_revisions()}
    if not present <= known:
        raise Misconfigured(
            "The database was brought up by a later build of Heed: start that build, or restore a backup."
        )


def kernel_metadatas() -> Sequence[MetaData]:
    """The tables that every service's database has."""
    return metadatas(MetaData())[:-1]


def config(db: Connection, service: Service) -> Config:
    """Alembic told by us where everything is; there is no ini file."""
    alembic = Config()
    alembic.set_main_option("script_location", str(HERE))
    alembic.set_main_option("path_separator", "newline")
    alembic.set_main_option("version_locations", f"{HERE / 'versions'}\n{versions(service.name)}")
    alembic.attributes["connection"] = db
    return alembic


def versions(service: str) -> Path:
    """Where a service keeps its migrations."""
    spec = find_spec(f"services.{service}")
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(f"There is no service {service} in this installation.")
    return Path(spec.submodule_search_locations[0]) / "migrations"


def _script(alembic: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic)


@contextmanager
def owning(url: str) -> Iterator[Connection]:
    """A transaction as the owner of the tables, one at a time; commits at the end."""
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _own_sqlite(engine)
    try:
        with engine.begin() as db:
            if engine.dialect.name == "postgresql":
                db.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield db
    finally:
        engine.dispose()


def _own_sqlite(engine: object) -> None:
    # The driver would commit before each change of a table; so the transaction is ours, and it locks at once.
    @event.listens_for(engine, "connect")
    def _settle(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
