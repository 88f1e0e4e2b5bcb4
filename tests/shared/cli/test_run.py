"""Starting processes: what can be refused before anything listens, and what a process would run with."""

import json
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests
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


def test_a_run_on_somebody_elses_tables_is_refused_in_one_sentence(folder: Path):
    folder.mkdir()
    with sqlite3.connect(folder / "casework.db") as db:
        db.execute("CREATE TABLE invoices (number INTEGER)")
    found = heed("run", "--port", str(free_port()))
    assert found.exit_code == 2
    (sentence,) = found.stderr.splitlines()
    assert sentence.startswith("heed: The database of casework holds tables that no migration of Heed made")


def test_a_run_that_finds_no_database_server_says_so_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_DATABASE_URL", f"postgresql+psycopg://127.0.0.1:{free_port()}/{{service}}")
    found = heed("run", "--port", str(free_port()))
    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        "heed: The database of intake does not answer; start it, then try again."
    ]


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


def test_a_worker_starts_without_what_only_pages_and_operations_need():
    asked = "import sys; from shared.cli import main; sys.argv[1:] = ['worker', 'nowhere']\ntry: main()\n"
    asked += "except SystemExit: print(sorted({'flask', 'alembic', 'requests'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("command", ["worker", "web"])
def test_the_parent_of_those_who_work_has_loaded_what_they_need_and_nothing_open(
    folder: Path, tmp_path: Path, command: str
):
    heed("migrate")
    port = ["--port", str(free_port())] if command == "web" else []
    asked = [sys.executable, "-X", "importtime", "-m", "shared.cli", command, "search", *port]
    with (tmp_path / "loaded").open("wb") as loaded:
        parent = subprocess.Popen(asked, stderr=loaded)
    proc = Path(f"/proc/{parent.pid}")
    try:
        while not (proc / f"task/{parent.pid}/children").read_text():
            assert parent.poll() is None
            time.sleep(0.1)
        assert "holidays.countries.united_kingdom" in (tmp_path / "loaded").read_text()
        opened = [str(one.readlink()) for one in (proc / "fd").iterdir()]
        assert not [one for one in opened if str(folder) in one]
        assert len([one for one in opened if one.startswith("socket:")]) == len(port) // 2
        assert len(list((proc / "task").iterdir())) == 1
    finally:
        parent.terminate()
        assert parent.wait(60) == 0


def test_pages_start_without_their_database_and_are_ready_when_it_is_there(folder: Path):
    heed("migrate")
    database, kept = folder / "search.db", folder / "search.kept"
    database.rename(kept)
    database.mkdir()
    port = str(free_port())
    serving = subprocess.Popen([sys.executable, "-m", "shared.cli", "web", "search", "--port", port])
    try:
        assert answer(f"http://127.0.0.1:{port}/search/ready", 503, serving)
        database.rmdir()
        kept.rename(database)
        assert answer(f"http://127.0.0.1:{port}/search/ready", 200, serving)
    finally:
        serving.terminate()
        assert serving.wait(60) == 0


def answer(url: str, status: int, serving: "subprocess.Popen[bytes]") -> bool:
    """Whether it comes while the process lives."""
    until = time.monotonic() + 120
    while time.monotonic() < until and serving.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(url, timeout=20).status_code == status:
                return True
        time.sleep(0.2)
    return False


def test_the_rights_on_the_bus_are_listed_from_the_contracts():
    found = json.loads(heed("rights", "--format", "json").stdout)
    writers = {(one["user"], one["name"]) for one in found if one["operation"] == "WRITE"}
    assert writers == {(topic.split(".")[1], topic) for topic in all_topics()}
    assert [one["name"] for one in found if one["resource"] == "group" and one["user"] == "intake"] == [
        "intake"
    ]
    lines = heed("rights").stdout.splitlines()
    assert len(lines) == len(found)
    assert any("User:casework --operation Read --topic heed.intake.contact" in line for line in lines)


def test_rights_are_granted_on_kafka_only(tmp_path: Path):
    found = heed("rights", "--grant", str(tmp_path))
    assert found.exit_code == 2 and "kafka" in found.stderr
