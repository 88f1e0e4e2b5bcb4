"""More ask one web process than it can serve: each gets an answer, and what was accepted is there, once. How
long they wait depends on the machine and is measured by `heed bench overload`."""

import json
from pathlib import Path

from tests.bench.overload import require_kept
from tests.faults.crowd import Answer, Concerns, Crowd, intake_alone
from tests.faults.storm import wait_until


def overrun(folder: Path, pace: int, count: int, a_second: float) -> list[Answer]:
    with intake_alone(folder, pace) as (region, _, url):
        found = Crowd(url, Concerns(url).take(count), a_second).ask()
        require_kept(region, found)
    return found


def test_whoever_comes_to_a_full_house_is_told_when_to_come_back_and_nothing_accepted_is_lost(
    tmp_path: Path,
):
    found = overrun(tmp_path, 0, 1_500, 500)
    assert {one.status for one in found} == {201, 503}
    assert all(one.retry_after for one in found if one.refused)


def test_a_program_that_asks_too_often_is_told_when_to_come_back_and_nothing_accepted_is_lost(tmp_path: Path):
    found = overrun(tmp_path, 60, 200, 20)
    assert 60 <= sum(one.status == 201 for one in found) <= 75
    assert {one.status for one in found if one.refused} >= {429}


def test_what_the_parent_of_the_web_says_is_structured_like_everything_else(tmp_path: Path):
    with intake_alone(tmp_path) as (_, crew, _):
        crew.kill(crew.posts[0])
        log = tmp_path / "web-intake.log"
        assert wait_until(lambda: "SIGKILL" in log.read_text(), 10.0)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert any("SIGKILL" in line.get("message", "") for line in lines)
