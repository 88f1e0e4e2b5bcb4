"""A lane that cannot run is said, and where it is required it fails."""

import os
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


def test_a_required_lane_that_cannot_run_fails(tmp_path: Path):
    run = _run(tmp_path, HEED_REQUIRE="containers")
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "The lane containers is required here, but: no engine" in run.stdout


def test_a_lane_that_does_not_exist_is_refused(tmp_path: Path):
    run = _run(tmp_path, HEED_REQUIRE="browsers")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "names no lane of ours: browsers" in run.stderr
