"""An independent judge of PDFs: veraPDF, which the lab fetches the first time somebody asks it."""

import fcntl
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

LAB = Path(os.environ.get("HEED_LAB", Path(__file__).parents[2] / "shared" / "lab"))


def passed(profile: str, papers: Sequence[Path]) -> None:
    """Asserts that every paper keeps to a profile: `ua1` (for screen readers) or `2a` (for the archive)."""
    judge = LAB / "verapdf"
    if not judge.exists():
        pytest.skip("no veraPDF on this machine (HEED_LAB)")
    with judge.open() as door:
        # Two processes of the suite that fetch it at once write over each other.
        fcntl.flock(door, fcntl.LOCK_EX)
        ran = subprocess.run([judge, "-f", profile, *papers], capture_output=True, text=True, check=False)
    assert ran.stdout.count("PASS") == len(papers), ran.stdout + ran.stderr
    assert ran.returncode == 0, ran.stdout
