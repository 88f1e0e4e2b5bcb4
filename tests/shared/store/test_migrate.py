"""A database that grew by migrations and one that was made at once are the same database."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import services
from shared.errors import Misconfigured
from shared.settings import Settings
from shared.store import build, migrate
from shared.store.owner import owning
from shared.store.schema import metadatas

LATER = "kernel_9999"


def _grow(db: Connection, name: str) -> None:
    command.upgrade(migrate.config(db, services.load(name)), "heads")


def _shape(db: Connection) -> dict[str, object]:
    """Everything that the database knows of its tables."""
    found = inspect(db)
    return {table: _table(found, table) for table in sorted(found.get_table_names())}


def _table(found, table: str) -> dict[str, object]:
    columns = {one["name"]: (str(one["type"]), one["nullable"]) for one in found.get_columns(table)}
    unique = sorted(tuple(one["column_names"]) for one in found.get_unique_constraints(table))
    indexes = sorted(
        (str(one["name"]), tuple(one["column_names"]), bool(one["unique"]))
        for one in found.get_indexes(table)
    )
    foreign = sorted(
        (tuple(one["constrained_columns"]), one["referred_table"]) for one in found.get_foreign_keys(table)
    )
    return {
        "columns": columns,
        "key": found.get_pk_constraint(table)["constrained_columns"],
        "unique": unique,
        "indexes": [one for one in indexes if not one[0].startswith("sqlite_autoindex")],
        "foreign": foreign,
    }


@pytest.mark.parametrize("name", services.NAMES)
def test_growing_by_migrations_and_making_at_once_end_alike(name: str, tmp_path: Path, settings: Settings):
    service = services.load(name)
    with (
        owning(f"sqlite:///{tmp_path}/grown.db") as grown,
        owning(f"sqlite:///{tmp_path}/made.db") as made,
    ):
        _grow(grown, name)
        assert migrate.bring_up(made, service) == "tables made"
        assert _shape(grown) == _shape(made)
        for words in ("AUTOINCREMENT", "WITHOUT ROWID"):
            assert _saying(grown, words) == _saying(made, words)


def _saying(db: Connection, words: str) -> set[str]:
    rows = db.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE :words"), {"words": f"%{words}%"})
    return {row.name for row in rows}


@pytest.mark.parametrize("name", services.NAMES)
def test_the_migrations_say_all_that_the_tables_say(name: str, tmp_path: Path):
    """Fails when somebody changed a table and wrote no migration: `python -m tools.migration <service>
    <what_changed>`."""
    with owning(f"sqlite:///{tmp_path}/grown.db") as db:
        _grow(db, name)
        everything: Any = list(metadatas(services.load(name).metadata))
        context = MigrationContext.configure(db, opts={"compare_type": True})
        missing = compare_metadata(context, everything)
        assert not missing, f"python -m tools.migration {name} …: {missing}"


@pytest.mark.parametrize("name", services.NAMES)
def test_every_migration_can_be_taken_back(name: str, tmp_path: Path):
    with owning(f"sqlite:///{tmp_path}/there_and_back.db") as db:
        _grow(db, name)
        for branch in (name, build.KERNEL):
            command.downgrade(migrate.config(db, services.load(name)), f"{branch}@base")
        assert set(inspect(db).get_table_names()) <= {"alembic_version", "sqlite_sequence"}


@pytest.mark.parametrize("name", services.NAMES)
def test_what_a_start_reads_of_the_migrations_is_what_alembic_reads(name: str, tmp_path: Path):
    service = services.load(name)
    with owning(f"sqlite:///{tmp_path}/made.db") as db:
        assert build.present(db) == set()
        migrate.bring_up(db, service)
        script = ScriptDirectory.from_config(migrate.config(db, service))
        assert build.heads(service.name) == set(script.get_heads())
        assert build.present(db) == set(MigrationContext.configure(db).get_current_heads())


def test_a_worker_starts_without_alembic_and_the_web():
    named = (
        "import sys, shared.keeper, shared.cli.run, services; [services.load(one) for one in services.NAMES]"
    )
    asked = "print(sorted({'alembic', 'flask', 'typst'} & set(sys.modules)))"
    program = [sys.executable, "-c", f"{named}; {asked}"]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_migrations_are_numbered_so_that_two_at_the_same_time_collide():
    folders = [build.HERE / "versions", *(build.versions(name) for name in services.NAMES)]
    for folder in folders:
        numbers = [path.name[:4] for path in sorted(folder.glob("[0-9]*.py"))]
        assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)], folder


def test_a_second_run_changes_nothing(settings: Settings):
    service = services.load("intake")
    assert migrate.migrate(service, settings) == "tables made"
    assert migrate.migrate(service, settings) == "up to date"


def test_a_database_of_a_later_build_is_refused(settings: Settings):
    service = services.load("intake")
    migrate.migrate(service, settings)
    with owning(settings.migrate_url("intake")) as db:
        db.execute(text("INSERT INTO alembic_version (version_num) VALUES (:later)"), {"later": LATER})
    with pytest.raises(Misconfigured, match="later build"):
        migrate.migrate(service, settings)


def test_somebody_elses_database_is_left_alone(settings: Settings):
    with owning(settings.migrate_url("intake")) as db:
        db.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(Misconfigured, match="empty database"):
        migrate.migrate(services.load("intake"), settings)


@pytest.mark.servers
@pytest.mark.parametrize("name", services.NAMES)
def test_growing_and_making_end_alike_on_postgresql(name: str, empty_postgres: str):
    service = services.load(name)
    with owning(empty_postgres) as db:
        _grow(db, name)
        grown = _shape(db)
        for branch in (name, build.KERNEL):
            command.downgrade(migrate.config(db, service), f"{branch}@base")
        db.execute(text("DROP TABLE alembic_version"))
        assert migrate.bring_up(db, service) == "tables made"
        assert _shape(db) == grown
