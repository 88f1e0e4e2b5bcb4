"""A lane that cannot run is said, and where it is required it fails."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SUITE = """
import pytest

@pytest.mark.containers
def test_one():
    pytest.skip("no engine")

def test_two():
    pass
"""


MANY = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_one_of_many(number):
    pass
"""


def _run(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(folder),
        str(folder),
        *options,
    ]
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("HEED_", "PYTEST_"))
    }
    return subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_a_lane_that_cannot_run_is_counted_with_its_reason(tmp_path: Path):
    run = _run(tmp_path)
    assert run.returncode == 0, run.stdout
    assert "lane containers: 1 skipped: no engine" in run.stdout


def test_several_processes_count_together(tmp_path: Path):
    run = _run(tmp_path, "-n", "2", HEED_REQUIRE="containers")
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "lane containers: 1 skipped: no engine" in run.stdout
    assert "lane containers: required, and nothing ran" in run.stdout


def test_a_file_stays_in_one_process_and_so_do_all_that_would_disturb_a_browser(tmp_path: Path):
    places = ("browser/test_a", "browser/test_b", "deploy/test_containers", "shared/test_a", "shared/test_b")
    for place in places:
        file = tmp_path / "tests" / f"{place}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MANY, encoding="utf-8")
    run = _run(tmp_path, "-n", "3", "-v")
    workers: dict[str, set[str]] = {}
    for worker, place in re.findall(r"\[(gw\d)\].* tests/(\S+)\.py::", run.stdout):
        workers.setdefault(place, set()).add(worker)
    assert run.returncode == 0, run.stdout
    assert set(workers) == set(places) and all(len(some) == 1 for some in workers.values())
    assert workers["browser/test_a"] == workers["browser/test_b"] == workers["deploy/test_containers"]
    assert len(set.union(*workers.values())) > 1


def test_a_required_lane_that_cannot_run_fails(tmp_path: Path):
    run = _run(tmp_path, HEED_REQUIRE="containers")
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "The lane containers is required here, but: no engine" in run.stdout


def test_a_lane_that_does_not_exist_is_refused(tmp_path: Path):
    run = _run(tmp_path, HEED_REQUIRE="browsers")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "names no lane of ours: browsers" in run.stderr
