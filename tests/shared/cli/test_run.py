"""Starting processes: what can be refused before anything listens, and what a process would run with."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shared.cli import Sentences, run
from shared.cli.private import free_port
from shared.clock import wall_clock
from shared.contracts import all_topics
from shared.errors import Misconfigured
from shared.messaging.open import open_log
from shared.settings import from_environment


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands find their data."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def heed(*arguments: str) -> Result:
    return CliRunner().invoke(Sentences("heed", commands=list(run.COMMANDS)), list(arguments))


def test_what_the_command_line_says_goes_before_the_environment(folder: Path, tmp_path: Path):
    assert run.settings_for(None).data == folder
    assert run.settings_for(tmp_path / "other").data == tmp_path / "other"


def test_an_embedded_run_gives_out_links_to_the_port_it_serves():
    assert run.settings_for(None, 8123).public_url == "http://127.0.0.1:8123"


def test_the_embedded_run_is_refused_in_production(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_ENVIRONMENT", "production")
    found = heed("run")
    assert found.exit_code == 2
    assert found.stderr.startswith("heed: ")
    assert len(found.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_a_process_of_a_service_that_does_not_exist_is_refused(command: str):
    found = heed(command, "payroll")
    assert found.exit_code == 2
    assert "choose one of intake" in found.stderr


def test_an_unknown_scale_is_refused_with_those_that_exist():
    found = heed("run", "--scale", "huge")
    assert found.exit_code == 2
    assert "realistic" in found.stderr


def test_a_service_of_one_process_is_put_together_from_the_environment(folder: Path):
    heed("migrate", "reporting")
    runtime = run.one_runtime("reporting")
    assert runtime.name == "reporting"
    assert runtime.settings.data == folder
    assert runtime.clock is wall_clock
    assert runtime.authorities() == []
    runtime.database.close()
    runtime.log.close()


def test_no_process_is_put_together_for_a_service_that_is_not_here():
    with pytest.raises(Misconfigured):
        run.one_runtime("payroll")


def test_migrating_all_makes_every_service_and_every_topic_ready():
    found = heed("migrate")
    assert found.exit_code == 0, found.output
    named = [line.partition(":")[0] for line in found.stdout.splitlines()]
    assert named == ["intake", "casework", "notifications", "search", "reporting", "topics"]
    log = open_log(from_environment())
    assert {one.topic for one in log.standing("anybody", all_topics())} == all_topics()
    log.close()


def test_a_free_port_can_be_listened_on():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", free_port()))
