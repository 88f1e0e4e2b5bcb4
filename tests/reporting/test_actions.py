"""A fact is told anew and counted by the difference."""

from datetime import date

import pytest

from services.reporting import actions
from services.reporting.domain import periods
from services.reporting.domain.facts import Case, Contact, Meeting
from services.reporting.domain.tallies import ALL, Measure
from services.reporting.store import facts, region, sums
from shared.actor import Actor, Scope
from shared.errors import Invalid
from tests.reporting.newsroom import Newsroom

SCOPE = Scope("dorset", Actor("system:reporting"), "test")
YEAR = periods.year_of(date(2026, 2, 1))


def test_telling_a_fact_again_moves_it_from_figure_to_figure(news: Newsroom):
    with news.database.transaction(SCOPE) as tx:
        actions.tell(tx, Contact, "c", received_on=date(2026, 2, 1), sector="POLICE")
    with news.database.transaction(SCOPE) as tx:
        actions.tell(tx, Contact, "c", sector="FIRE")
    with news.database.reading(SCOPE) as tx:
        found = sums.of_period(tx, YEAR, [(Measure.CONTACTS, "sector"), (Measure.CONTACTS, ALL)])
    assert found[Measure.CONTACTS, "sector"] == {"POLICE": 0, "FIRE": 1}
    assert found[Measure.CONTACTS, ALL] == {ALL: 1}


def test_telling_the_same_again_changes_nothing(news: Newsroom):
    with news.database.transaction(SCOPE) as tx:
        first = actions.tell(tx, Contact, "c", received_on=date(2026, 2, 1))
        assert actions.tell(tx, Contact, "c", received_on=date(2026, 2, 1)) == first
    with news.database.transaction(SCOPE) as tx:
        assert actions.tell(tx, Contact, "c", received_on=date(2026, 2, 1)) == first
    with news.database.reading(SCOPE) as tx:
        assert sums.of_period(tx, YEAR, [(Measure.CONTACTS, ALL)])[Measure.CONTACTS, ALL] == {ALL: 1}


def test_what_a_refused_fact_told_is_undone_and_what_was_told_before_it_stays(news: Newsroom):
    with news.database.transaction(SCOPE) as tx:
        actions.tell(tx, Contact, "c", received_on=date(2026, 2, 1), sector="POLICE")
        with pytest.raises(Invalid), tx.savepoint():
            actions.tell(tx, Contact, "c", sector="FIRE")
            raise Invalid("No.")
        actions.tell(tx, Contact, "d", received_on=date(2026, 2, 1), sector="POLICE")
    with news.database.reading(SCOPE) as tx:
        found = sums.of_period(tx, YEAR, [(Measure.CONTACTS, "sector")])
    assert found[Measure.CONTACTS, "sector"] == {"POLICE": 2}


def test_facts_of_several_authorities_in_one_transaction_stay_apart(news: Newsroom):
    with news.database.transaction(SCOPE) as tx:
        for code in ("dorset", "wiltshire", "dorset"):
            with tx.within(Scope(code, SCOPE.actor, "test")):
                actions.tell(tx, Contact, f"c-{code}", received_on=date(2026, 2, 1))
    for code in ("dorset", "wiltshire"):
        with news.database.reading(Scope(code, SCOPE.actor, "test")) as tx:
            assert sums.of_period(tx, YEAR, [(Measure.CONTACTS, ALL)])[Measure.CONTACTS, ALL] == {ALL: 1}


def test_only_the_first_initial_meeting_is_the_first_meeting(news: Newsroom):
    with news.database.transaction(SCOPE) as tx:
        actions.open_case(tx, "k", {"contact_id": "c", "opened_on": date(2026, 2, 1)}, {})
        for number, day in enumerate((5, 9)):
            meeting = Meeting(id=f"m-{number}", kind=actions.FIRST, held_on=date(2026, 2, day))
            actions.hold_meeting(tx, "k", meeting, date(2026, 2, 6))
    with news.database.reading(SCOPE) as tx:
        (case,) = facts.some(tx, Case, ["k"])
    assert (case.first_meeting_on, case.first_meeting_due) == (date(2026, 2, 5), date(2026, 2, 6))


def test_an_authority_s_definition_of_a_referral_is_noted_and_one_that_does_not_read_is_refused(
    news: Newsroom,
):
    with news.database.transaction(SCOPE) as tx:
        actions.define_referral(tx, {"referral": "CASE_OPENED"})
        assert region.definitions(tx) == {"dorset": "CASE_OPENED"}
        with pytest.raises(Invalid):
            actions.define_referral(tx, {"referral": "WHENEVER"})
