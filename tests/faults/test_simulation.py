"""The sound kernel keeps its promises under every fault that the simulation knows."""

from tests.faults.simulated_faults import KINDS
from tests.faults.simulation import crash_everywhere, one, run

# About twelve seconds. Ten thousand: `python -m tests.faults.simulation --seeds 10000`.
SEEDS = 350
MUST_HAPPEN = {
    "crash", "lost", "unacknowledged", "in part", "twice", "delayed", "copied later",
    "fenced", "commit refused", "commit unanswered", "away at a poll", "away in a handler",
    "mail away", "mail refused", "mail unsure", "mail unsure, gone",
}  # fmt: skip


def test_no_seed_breaks_a_promise():
    report = run(SEEDS)
    assert not report.broken, "\n".join(report.lines())
    assert set(report.faults) >= MUST_HAPPEN


def test_a_crash_at_each_point_of_a_walk_loses_doubles_and_reorders_nothing():
    report, places = crash_everywhere()
    assert not report.broken, "\n".join(report.lines())
    assert set(places) == KINDS


def test_a_seed_runs_the_same_way_each_time():
    first, second = one(4), one(4)
    assert (first.points, first.faults, first.facts) == (second.points, second.faults, second.facts)
