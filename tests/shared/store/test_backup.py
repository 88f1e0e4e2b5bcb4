"""A backup is one instant of everything, and a restore proves that it is whole: so says its page, too."""

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared import mail
from shared.errors import Refused, Unavailable
from shared.mail import State
from shared.settings import Settings, from_environment
from shared.store import backup_places
from shared.store.backup import backup, restore
from tests.platform import SetClock
from tests.shared.bare import bare, officer
from tests.shared.files.samples import PDF

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "operate" / "backup.md"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return from_environment({"HEED_DATA": str(tmp_path / "data")})


@pytest.fixture
def filled(settings: Settings, clock: SetClock) -> str:
    """A service with a file, a letter that waits and an audit chain, and a bus; returns the file's id."""
    database = bare("intake", settings, clock)
    with database.transaction(officer()) as tx:
        ref = tx.tools.files.put(tx, name="report.pdf", content=PDF)
        mail.plan(tx, to="head@school.example", subject="Note", body="Dear colleague", about="contact-1")
        tx.accessed("viewed", "contact", "contact-1")
    database.close()
    with closing(sqlite3.connect(settings.data / "bus.db")) as bus:
        bus.execute("CREATE TABLE record (position INTEGER PRIMARY KEY)")
    return str(ref.id)


def elsewhere(tmp_path: Path) -> Settings:
    return from_environment({"HEED_DATA": str(tmp_path / "restored")})


def test_what_was_backed_up_comes_back_and_works(
    settings: Settings, filled: str, clock: SetClock, tmp_path: Path
) -> None:
    list(backup(settings, tmp_path / "monday", clock))
    found = list(restore(elsewhere(tmp_path), tmp_path / "monday"))
    assert found[0] == "keys: restored"
    assert "intake.db: 1 links in 1 chains, whole" in found
    database = bare("intake", elsewhere(tmp_path), clock)
    with database.reading(officer()) as tx:
        assert tx.tools.files.open(tx, filled).content == PDF
    database.close()


def test_a_letter_that_waited_comes_back_uncertain(
    settings: Settings, filled: str, clock: SetClock, tmp_path: Path
) -> None:
    from tests.shared.mail.test_letters import Desk

    list(backup(settings, tmp_path / "monday", clock))
    found = list(restore(elsewhere(tmp_path), tmp_path / "monday"))
    assert "intake.db: 1 letters may have left since and are uncertain now" in found
    desk = Desk(bare("intake", elsewhere(tmp_path), clock))
    desk.pump()
    assert desk.carried == []
    assert [one.state for one in desk.told] == [State.UNCERTAIN]
    desk.database.close()


def test_the_keys_lie_apart_and_nothing_is_readable_without_them(
    settings: Settings, filled: str, tmp_path: Path
) -> None:
    list(backup(settings, tmp_path / "monday"))
    key = tmp_path / "monday.keys" / "secret.keys"
    assert key.read_bytes() == (settings.data / "secret.keys").read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "monday").stat().st_mode) == 0o700
    everything = b"".join(path.read_bytes() for path in (tmp_path / "monday").rglob("*") if path.is_file())
    for secret in (key.read_bytes().strip(), settings.secret_keys[0], b"head@school.example", PDF):
        assert secret not in everything


def test_a_backup_without_its_keys_is_refused_with_what_to_do(
    settings: Settings, filled: str, tmp_path: Path
) -> None:
    list(backup(settings, tmp_path / "monday"))
    (tmp_path / "monday.keys").rename(tmp_path / "safe")
    with pytest.raises(Refused, match=r"monday\.keys"):
        list(restore(elsewhere(tmp_path), tmp_path / "monday"))
    given = {
        "HEED_DATA": str(tmp_path / "given"),
        "HEED_SECRET_KEYS_FILE": str(tmp_path / "safe" / "secret.keys"),
    }
    assert next(restore(from_environment(given), tmp_path / "monday")) == "keys: those of this process"


def test_keys_from_the_environment_are_not_copied(clock: SetClock, tmp_path: Path) -> None:
    given = {"HEED_DATA": str(tmp_path / "data"), "HEED_SECRET_KEYS": bytes(range(32)).hex()}
    settings = from_environment(given)
    bare("intake", settings, clock).close()
    assert any("keep what HEED_SECRET_KEYS holds" in line for line in backup(settings, tmp_path / "monday"))
    assert not (tmp_path / "monday.keys").exists()


@pytest.mark.parametrize("name", ["monday", "monday.keys"])
def test_a_folder_in_use_is_not_written_over(
    settings: Settings, filled: str, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "precious").touch()
    with pytest.raises(Refused, match="in use"):
        list(backup(settings, tmp_path / "monday"))


def test_a_data_folder_in_use_is_not_restored_over(settings: Settings, filled: str, tmp_path: Path) -> None:
    list(backup(settings, tmp_path / "monday"))
    with pytest.raises(Refused, match="empty one"):
        list(restore(settings, tmp_path / "monday"))


def test_nothing_to_back_up_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="HEED_DATA"):
        list(backup(settings, tmp_path / "monday"))


def test_other_databases_have_their_own_tools(tmp_path: Path) -> None:
    given = {
        "HEED_DATA": str(tmp_path),
        "HEED_DATABASE_URL": "postgresql+psycopg://heed@db.example/{service}",
    }
    with pytest.raises(Refused, match=r"backup\.md"):
        list(backup(from_environment(given), tmp_path / "monday"))


def test_an_altered_backup_is_refused(settings: Settings, filled: str, tmp_path: Path) -> None:
    list(backup(settings, tmp_path / "monday"))
    path = tmp_path / "monday" / "intake.db"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Refused, match=r"intake\.db of this backup was altered"):
        list(restore(elsewhere(tmp_path), tmp_path / "monday"))


@pytest.mark.parametrize("name", ["backup.json", "intake.db"])
def test_an_incomplete_backup_is_refused(settings: Settings, filled: str, tmp_path: Path, name: str) -> None:
    list(backup(settings, tmp_path / "monday"))
    (tmp_path / "monday" / name).unlink()
    with pytest.raises(Refused, match="no complete backup"):
        list(restore(elsewhere(tmp_path), tmp_path / "monday"))


def test_a_broken_chain_is_named(settings: Settings, filled: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(settings.data / "intake.db")) as connection:
        connection.execute("UPDATE audit_entry SET actor = 'somebody else'")
        connection.commit()
    list(backup(settings, tmp_path / "monday"))
    with pytest.raises(Refused, match=r"intake\.db: the chain of dorset is broken at link 1"):
        list(restore(elsewhere(tmp_path), tmp_path / "monday"))


def test_the_manifest_says_when_and_with_which_keys(
    settings: Settings, filled: str, clock: SetClock, tmp_path: Path
) -> None:
    list(backup(settings, tmp_path / "monday", clock))
    manifest = json.loads((tmp_path / "monday" / "backup.json").read_text())
    assert manifest["made_at"] == clock().isoformat()
    assert set(manifest["databases"]) == {"intake.db", "bus.db"}
    assert manifest["files"] == 1
    assert len(manifest["keys"]) == 1


@pytest.fixture
def pair(settings: Settings) -> Iterator[tuple[Path, Path]]:
    """Two databases with a counter each."""
    paths = settings.data / "intake.db", settings.data / "bus.db"
    for path in paths:
        with closing(sqlite3.connect(path)) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE counter (n INTEGER)")
            made.execute("INSERT INTO counter VALUES (0)")
            made.commit()
    yield paths


def test_all_databases_are_of_one_instant(
    settings: Settings, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    stop, copies = threading.Event(), tmp_path / "copies"

    def write() -> None:
        connections = [sqlite3.connect(path, timeout=15, isolation_level=None) for path in pair]
        while not stop.is_set():
            for connection in connections:
                connection.execute("UPDATE counter SET n = n + 1")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(12):
            list(backup(settings, copies / str(number)))
    finally:
        stop.set()
        writer.join()
    seen = [tuple(counter(copies / str(number) / path.name) for path in pair) for number in range(12)]
    assert all(first - second in {0, 1} for first, second in seen)
    assert seen[-1][0] > seen[0][0]


def counter(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT n FROM counter").fetchone()[0])


def test_a_database_that_stays_busy_is_unavailable(
    settings: Settings, pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.store import backup as module

    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with closing(sqlite3.connect(pair[1], isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="busy"):
            list(backup(settings, tmp_path / "monday"))


def test_locks_are_taken_as_transactions_nest(settings: Settings, tmp_path: Path) -> None:
    for name in ("bus.db", "files.db", "search.db", "intake.db"):
        (settings.data / name).touch()
    assert [path.name for path in backup_places.databases(settings)] == [
        "intake.db",
        "search.db",
        "files.db",
        "bus.db",
    ]


def test_the_page_of_backups_works_as_it_is_written(tmp_path: Path, clock: SetClock) -> None:
    from tests.platform import Platform

    platform = Platform(from_environment({"HEED_DATA": str(tmp_path / "data")}), clock)
    for name in ("intake", "casework"):
        with platform[name].database.transaction(officer()) as tx:
            tx.accessed("viewed", "contact", "contact-1")
    platform.settle()
    platform.close()
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HEED_")}
    for block in blocks:
        ran = subprocess.run(
            ["sh", "-e", "-c", block],
            cwd=tmp_path,
            env={**clean, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "databases: 6 restored" in ran.stdout
    assert "intake.db: 1 links in 1 chains, whole" in ran.stdout
