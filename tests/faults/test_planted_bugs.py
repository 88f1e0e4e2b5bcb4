"""The checks have teeth: each planted bug is found, after as many seeds as the page on faults says."""

import re
from pathlib import Path

import pytest

from tests.faults.planted_bugs import BUGS
from tests.faults.simulation import caught_after

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
# `test_simulation` shows that the sound kernel passes these same seeds.
MOST = 30


@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_is_caught_within_the_seeds_that_the_sound_kernel_passes(name: str):
    found = caught_after(BUGS[name].kernel, MOST)
    assert found is not None, f"{BUGS[name].says}: not one of {MOST} seeds shows it."
    assert found[0] == _documented()[BUGS[name].says]


def test_the_page_on_faults_lists_each_planted_bug_once():
    assert sorted(_documented()) == sorted(bug.says for bug in BUGS.values())


def _documented() -> dict[str, int]:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.finditer(r"^\| ([^|]+) \| simulation \| (\d+) \|", page, re.MULTILINE)
    return {row[1]: int(row[2]) for row in rows}
