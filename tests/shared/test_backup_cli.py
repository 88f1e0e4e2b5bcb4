"""Backup and restore as an operator types them."""

from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from shared import settings
from shared.cli import Sentences, operate, service_named
from shared.settings import from_environment
from shared.store.database import Database
from tests.platform import SetClock, alone
from tests.shared.bare import officer


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SetClock) -> Database:
    """One service with something to lose, found through the environment."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    made = alone(service_named("intake"), from_environment(), clock)
    with made.transaction(officer()) as tx:
        tx.accessed("viewed", "contact", "contact-1")
    return made


def heed(*arguments: str | Path) -> Result:
    commands: Sequence[click.Command] = operate.COMMANDS
    return CliRunner().invoke(Sentences("heed", commands=list(commands)), [str(one) for one in arguments])


def test_a_backup_comes_back_in_an_empty_folder_and_is_verified(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made = heed("backup", tmp_path / "monday")
    assert made.exit_code == 0, made.output
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "other"))
    found = heed("restore", tmp_path / "monday")
    assert found.exit_code == 0, found.output
    assert "intake.db: 1 links in 1 chains, whole" in found.stdout.splitlines()
    assert settings.from_environment().data == tmp_path / "other"
    assert heed("audit", "verify", "--service", "intake").exit_code == 0


def test_a_restore_over_data_that_are_there_is_refused_in_one_sentence(filled: Database, tmp_path: Path):
    assert heed("backup", tmp_path / "monday").exit_code == 0
    found = heed("restore", tmp_path / "monday")
    assert found.exit_code == 1
    assert found.stderr.startswith("heed: ")
    assert len(found.stderr.splitlines()) == 1


def test_a_backup_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    found = heed("restore", tmp_path / "nowhere")
    assert found.exit_code == 2
    assert "nowhere" in found.stderr


def test_a_folder_that_holds_no_backup_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    (tmp_path / "empty").mkdir()
    found = heed("restore", tmp_path / "empty")
    assert found.exit_code == 1, found.output
    assert found.stderr.startswith("heed: ")
