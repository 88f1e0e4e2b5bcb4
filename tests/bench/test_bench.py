"""The benchmarks run: with tiny counts, so that what they say here is no measurement."""

import json

import pytest
from click.testing import CliRunner

from shared.cli.bench import bench
from tests.bench.run import BENCHES
from tests.bench.table import Row, told


@pytest.mark.parametrize("name", BENCHES)
def test_each_benchmark_measures_something_on_the_embedded_engine(name: str):
    done = CliRunner().invoke(bench, [name, "--size", "0.0001", "--rounds", "1", "--format", "json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["machine"]["cores"] > 0
    assert any(row["figure"] > 0 for row in said["rows"])
    assert '"event"' not in done.stderr


def test_a_benchmark_that_does_not_exist_is_refused_with_those_that_do():
    done = CliRunner().invoke(bench, ["coffee"])
    assert "audit" in str(done.exception)


def test_a_row_says_whether_the_goal_is_reached_and_by_which_clock():
    slow = Row("rebuild", "facts/s", [3_000.0], [6_000.0], least=5_000)
    assert slow.reached is False
    assert "busy" in told(slow)
    assert "NO" in told(Row("pages", "ms", [80.0], most=50))
    assert "yes" in told(Row("pages", "ms", [30.0], most=50, baseline="the plain page", ratio=1.5))
