"""The README keeps its word: every command in it is run in a copy of the project, every page and verb in it
exists."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click
import pytest

from shared.cli import Heed
from tests.architecture.source import ROOT, tracked
from tests.browser.running import free_port
from tests.platform import Platform

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line
]
LIMIT = 240
STAMPS = ("runtime", "test", "test-browser", "test-browser-check")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project as somebody else would have it, with what is installed here."""
    folder = tmp_path_factory.mktemp("copy")
    for path in tracked():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path)
    (folder / ".venv").mkdir()
    for part in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
        (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for stamp in STAMPS:
        (folder / ".venv" / stamp).touch()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_readme_is_short_and_begins_with_a_picture():
    assert README.startswith("![") and len(README.splitlines()) < 150


def test_the_readme_has_the_two_commands():
    assert "make run" in COMMANDS and "make test" in COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(command: str, copy: Path):
    with ExitStack() as stack:
        # The doctor looks at a region that runs; one that was stopped while it filled is rightly ill.
        if command.endswith("doctor"):
            stack.enter_context(_served("make run", copy))
        if command.startswith("make run"):
            stack.enter_context(_served(command, copy))
        else:
            process = stack.enter_context(_started(command, copy, free_port()))
            output, _ = process.communicate(timeout=LIMIT)
            assert process.returncode == 0, output[-3000:]


@contextmanager
def _served(command: str, copy: Path) -> Iterator[None]:
    """With its first page there."""
    port = free_port()
    with _started(command, copy, port) as process:
        assert _first_page(port, process), f"No page within a minute: {_stopped(process)[-2000:]}"
        try:
            yield
        finally:
            _stopped(process)


def _started(command: str, copy: Path, port: int) -> subprocess.Popen[str]:
    shown = re.sub(r"PORT=\d+", f"PORT={port}", command).replace("/tmp/heed", str(copy / "elsewhere"))  # noqa: S108
    # What this run of make was told is not told to those of the copy.
    told = ("HEED_", "MAKE", "ARGS", "JOBS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(told)}
    environment |= {"PORT": str(port), "PYTEST_ADDOPTS": "--collect-only -q"}
    return subprocess.Popen(
        ["/bin/sh", "-c", shown],
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _first_page(port: int, process: subprocess.Popen[str]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def _stopped(process: subprocess.Popen[str]) -> str:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    return output


def test_every_page_in_the_documents_exists(platform: Platform):
    documents = [
        path for path in tracked() if path.suffix == ".md" and path.parts[0] in ("README.md", "docs")
    ]
    named = {
        (match, str(path))
        for path in documents
        for match in re.findall(r"`(/[\w<>/-]*)`", (ROOT / path).read_text(encoding="utf-8"))
    }
    lost = sorted(one for one in named if not _is_served(platform, one[0]))
    assert not lost, f"No such page: {lost}"


def _is_served(platform: Platform, path: str) -> bool:
    shown = path.replace("<service>", "casework").replace("<authority>", "dorset")
    owner = shown.split("/")[1] if shown.split("/")[1] in platform.apps else "intake"
    return bool(
        platform.apps[owner].url_map.bind("localhost").test(shown) or _starts_a_path(platform, owner, shown)
    )


def _starts_a_path(platform: Platform, owner: str, path: str) -> bool:
    return not path.endswith("/") and any(
        rule.rule.startswith(f"{path}/") for rule in platform.apps[owner].url_map.iter_rules()
    )


def test_every_verb_in_the_documents_exists():
    heed = Heed("heed")
    known = set(heed.list_commands(click.Context(heed)))
    texts = [
        path
        for path in tracked()
        if path.suffix in {".md", ".html", ".py"}
        and path.parts[0] in ("README.md", "docs", "services", "shared")
    ]
    named = {
        (match, str(path))
        for path in texts
        for match in re.findall(r"`heed ([a-z-]+)", (ROOT / path).read_text(encoding="utf-8"))
    }
    assert not {one for one in named if one[0] not in known}, (
        f"No such verb: {sorted(one for one in named if one[0] not in known)}"
    )
