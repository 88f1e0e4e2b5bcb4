"""Processes are killed and paused at any point while concerns flow; at the end the ledger balances."""

import pytest
from sqlalchemy import delete

from services.intake.actions.configuration import open_authority
from services.intake.domain.region import AuthorityRecord
from shared.errors import Refused
from shared.store.tables import inbox
from tests.faults import ledger
from tests.faults.callers import Notebook
from tests.faults.chaos import Plan, Result, perform, require_balance, told
from tests.faults.lab import command
from tests.platform import Platform


def unbalanced(result: Result) -> list[ledger.Line]:
    """What is wrong, for the test's own words."""
    return [one for one in result.lines if not one.balances]


def test_killed_processes_lose_double_and_reorder_nothing():
    result = perform(Plan(events=60, faults=8, seconds=10))
    assert unbalanced(result) == [], told(result, "text")
    assert result.settled
    assert result.notebook.accepted
    assert len(result.faults) == 8


@pytest.mark.servers
def test_a_killed_broker_and_database_lose_nothing_either():
    if not command().exists():
        pytest.skip("no lab to start servers of the run's own (HEED_LAB)")
    result = perform(Plan(events=60, faults=8, seconds=15, bus="kafka"))
    assert unbalanced(result) == [], told(result, "text")
    assert result.settled
    assert result.notebook.accepted
    assert {"broker", "database"} <= {one.kind for one in result.faults}


def test_a_lost_effect_unbalances_the_ledger(platform: Platform):
    with platform["intake"].database.transaction(platform["intake"].system("dorset")) as tx:
        open_authority(tx, AuthorityRecord(display_name="Dorset Council"))
    platform.settle()
    assert [one for one in ledger.draw(platform.region, Notebook(), []) if not one.balances] == []
    with platform["casework"].database.plumbing() as db:
        db.execute(delete(inbox))
    wrong = [one.what for one in ledger.draw(platform.region, Notebook(), []) if not one.balances]
    assert wrong == ["facts for casework that took effect, once"]


def test_a_run_fails_with_the_line_that_does_not_balance():
    result = Result(Plan(events=0, faults=0), lines=[ledger.Line("letters that arrived twice", 0, 1)])
    with pytest.raises(Refused, match="letters that arrived twice, 0 expected, 1 found"):
        require_balance(result)


def test_a_run_without_a_concern_proves_nothing():
    with pytest.raises(Refused, match="came about in time"):
        require_balance(Result(Plan(events=0, faults=0)))
