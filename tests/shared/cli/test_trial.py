"""Invented data for a region whose workers run elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shared import replicas
from shared.cli import Sentences, load_services, trial
from shared.errors import Unavailable
from shared.mail.carriers import open_carrier
from shared.region import Region, Stepper, open_region
from shared.rehearsal import BACKLOG, Rehearsal
from shared.settings import from_environment

AUTHORITIES = ["bcp", "dorset", "hampshire", "wiltshire"]


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    """Tables and topics made, nobody in it yet."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    settings = from_environment()
    made = open_region(settings, load_services(), open_carrier(settings))
    yield made
    made.close()


def heed(*arguments: str) -> Result:
    return CliRunner().invoke(Sentences("heed", commands=list(trial.COMMANDS)), list(arguments))


def test_the_authorities_and_their_accounts_are_opened_for_the_workers_to_carry_on(region: Region):
    found = heed("demo-data", "--empty")
    assert found.exit_code == 0, found.output
    assert found.stdout == "The authorities and their accounts are there.\n"
    stepper = Stepper(region)
    stepper.settle()
    stepper.close()
    for runtime in region.runtimes.values():
        assert sorted(runtime.authorities()) == AUTHORITIES
    with region["casework"].database.reading(region["casework"].system("dorset")) as tx:
        assert len(replicas.colleagues(tx)) == 8


def test_asked_again_it_adds_nothing(region: Region):
    heed("demo-data", "--empty")
    rehearsal = Rehearsal(region, None)
    before = rehearsal.backlog()
    assert before > 0
    assert heed("demo-data", "--empty").exit_code == 0
    assert rehearsal.backlog() == before


def test_a_region_with_an_issuer_takes_no_invented_data(region: Region, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_OIDC_ISSUER", "https://sign-in.example")
    monkeypatch.setenv("HEED_OIDC_CLIENT_ID", "heed")
    monkeypatch.setenv("HEED_OIDC_CLIENT_SECRET", "a secret of the test")
    found = heed("demo-data", "--empty")
    assert found.exit_code == 1
    assert found.stderr.startswith("heed: Invented data belong into a region of demo accounts only")
    assert region["intake"].authorities() == []


class Standing(Rehearsal):
    """A play whose facts do not travel."""

    def __init__(self) -> None:
        self.now = BACKLOG + 1

    def backlog(self) -> int:
        """As the test says."""
        return self.now


def test_facts_that_do_not_travel_end_it_with_what_to_do():
    times = iter([0.0, 0.0, 60.0, 130.0])
    waiting = trial.patience_with(Standing(), 120.0, lambda: next(times))
    waiting()
    waiting()
    with pytest.raises(Unavailable, match="start `heed worker`"):
        waiting()


def test_as_long_as_facts_travel_it_waits():
    times = iter([0.0, 0.0, 130.0, 260.0])
    standing = Standing()
    waiting = trial.patience_with(standing, 120.0, lambda: next(times))
    for _ in range(3):
        waiting()
        standing.now += 1
