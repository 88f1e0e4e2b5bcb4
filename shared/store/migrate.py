"""Brings a service's database to the tables of this build.

Two branches of migrations meet in each database: the kernel's (`shared/store/migrations/versions`) and the
service's own (`services/<name>/migrations`). An empty database gets its tables at once and is marked as
brought up; a test holds both ways to the same result. Everything happens in one transaction.
"""

from collections.abc import Sequence

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, inspect

from shared.errors import Misconfigured
from shared.service import Service
from shared.settings import Settings
from shared.store import build, walls
from shared.store.build import HERE, VERSION_TABLE, versions
from shared.store.owner import owning, roles_of
from shared.store.schema import metadatas


def migrate(service: Service, settings: Settings) -> str:
    """Make the tables of an empty database, or bring those of an earlier build up. Returns what was done.

    Raises Misconfigured when the tables were made by a later build or by something else.
    """
    with owning(settings.migrate_url(service.name)) as db:
        said = bring_up(db, service)
        if db.dialect.name == "postgresql":
            roles = roles_of(db, settings.database_url(service.name), service.name)
            walls.put_up(db, metadatas(service.metadata), roles)
            if roles:
                walls.let_read(db, VERSION_TABLE, roles)
        return said


def bring_up(db: Connection, service: Service) -> str:
    """The same on a connection whose transaction the caller holds; it must not enforce foreign keys on
    SQLite.
    """
    alembic = config(db, service)
    heads, present = build.heads(service.name), build.present(db)
    if len(heads) > len((build.KERNEL, service.name)):
        raise Misconfigured(
            f"Two migrations of {service.name} or of the kernel claim one place: this build is not whole."
        )
    if not present:
        return _make(db, service, alembic)
    build.refuse_unknown(present, service.name)
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
