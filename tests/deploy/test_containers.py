"""The compose file for real: built, started, played through its gateway, stopped and started again."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import services
from shared.cli.acts import case_of, contacts, decide, find_contact, more_than, report, until
from shared.cli.story import ADULT_FORM
from shared.cli.visitor import Visitor
from tests.architecture.source import ROOT, tracked
from tests.browser.running import free_port
from tests.servers import docker_answers

# A browser lets go of its pages when an interface of the network comes or goes, as containers make them.
pytestmark = pytest.mark.containers

PROCESSES = [f"{name}-{role}" for name in services.NAMES for role in ("web", "worker")]


class Stack:
    """The containers of one copy of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        lab = Path(os.environ.get("HEED_LAB", ROOT.parent / "shared" / "lab")) / "containers"
        self._lab = lab if lab.exists() else None

    def compose(self, *words: str, limit: int = 240) -> str:
        """Run compose there; a failure shows the end of what it said."""
        begin = [str(self._lab), "compose"] if self._lab else ["docker", "compose"]
        return self._run([*begin, *words], limit)

    def well(self, *names: str) -> None:
        """Wait until these are healthy."""
        if self._lab:
            self._run([str(self._lab), "wait", "--timeout", "300", *names], 330)
        else:
            self._run(["docker", "compose", "up", "-d", "--wait", *names], 330)

    def _run(self, command: list[str], limit: int) -> str:
        environment = os.environ | {"GATEWAY_PORT": str(self.port)}
        done = subprocess.run(
            command,
            check=False,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
        )
        assert done.returncode == 0, f"{command[-3:]}: {(done.stdout + done.stderr)[-4000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything up, in a copy so that secrets and volumes are the test's own."""
    if not docker_answers():
        pytest.skip("no Docker API answers")
    folder = tmp_path_factory.mktemp("heed")
    for path in tracked():
        if path.parts[0] in {"shared", "services", "deploy"} or len(path.parts) == 1:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    subprocess.run([folder / "deploy" / "make-secrets"], check=True, cwd=folder, timeout=30)
    found = Stack(folder)
    try:
        # One after the other: built together all would make the same layers at the same time.
        for name in ("migrate", *(f"{name}-web" for name in services.NAMES)):
            found.compose("build", name, limit=400)
        found.compose("up", "-d", limit=400)
        found.well("gateway", *PROCESSES)
        yield found
    finally:
        found.compose("down", "-v", "-t", "3")


def test_the_main_job_is_played_through_the_gateway(stack: Stack):
    done = subprocess.run(
        [sys.executable, "-m", "shared.cli", "demo", "--url", stack.url, "--format", "json"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hops"][-1]["what"] == "The figures have followed"


def test_the_gateway_shows_no_figures_and_keeps_a_thread(stack: Stack):
    assert requests.get(f"{stack.url}/casework/metrics", timeout=10).status_code == 404
    answer = requests.get(
        f"{stack.url}/search/health", headers={"X-Request-ID": "a-thread-of-mine"}, timeout=10
    )
    assert answer.json()["service"] == "search" and answer.headers["X-Request-ID"] == "a-thread-of-mine"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_doctor_runs_in_the_image_that_holds_all_services(stack: Stack):
    said = stack.compose("run", "--rm", "--no-deps", "-T", "migrate", "doctor").splitlines()
    assert [line for line in said if line.startswith("ok    disk:")]
    assert len([line for line in said if line.startswith("ok") and " database: answers" in line]) == 5


def kept(stack: Stack) -> dict[str, set[str]]:
    """Every fact and every link of the audit's chains, of every service."""
    rows = "SELECT event_id FROM journal UNION ALL SELECT authority || number || digest FROM audit_entry"
    return {
        name: set(
            stack.compose(
                "exec", "-T", "postgres", "psql", "-U", "postgres", "-d", f"heed_{name}", "-tAc", rows
            ).split()
        )
        for name in services.NAMES
    }


def test_a_concern_outlives_a_worker_that_is_killed_and_a_stack_that_is_stopped(stack: Stack):
    officer = Visitor(stack.url)
    before = contacts(officer)
    stack.compose("kill", "casework-worker")
    contact = find_contact(officer, report(Visitor(stack.url), "dorset", ADULT_FORM))
    decide(officer, contact)
    facts = kept(stack)
    stack.compose("stop", "-t", "10")
    stack.compose("start")
    stack.well("postgres", "kafka", "opensearch", "gateway", *PROCESSES)
    again = Visitor(stack.url)
    until(lambda: more_than(contacts(again), before), "The figures did not follow.")
    assert case_of(again, contact)["id"]
    found = kept(stack)
    assert all(facts[name] and facts[name] <= found[name] for name in services.NAMES)
    chains = stack.compose("run", "--rm", "--no-deps", "-T", "migrate", "audit", "verify")
    assert chains


# One test of each engine that takes its server from a fixture.
ENGINES = (
    "tests/ports/test_kafka.py::test_tls_towards_a_broker_in_the_clear_is_told_in_words",
    "tests/ports/test_index.py::test_a_server_that_answers_says_which_it_is",
    "tests/shared/store/test_dialect.py",
)


@pytest.mark.parametrize("tests", ENGINES)
def test_servers_that_no_address_is_given_of_come_in_containers(tests: str):
    if not docker_answers():
        pytest.skip("no Docker API answers")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HEED_TEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", tests],
        check=False,
        cwd=ROOT,
        env=inherited | {"HEED_REQUIRE": "servers"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    assert "lane servers" in done.stdout
