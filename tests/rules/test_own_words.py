"""An authority's own words and days: outcomes, terms, closures, from a day on."""

from datetime import date, timedelta

import pytest

from services.casework.actions.outcome import scheme_of
from shared import working_days
from shared.actor import Actor, Scope
from shared.clock import new_id
from shared.replicas import authority
from shared.vocabulary import Outcome, Role
from tests.casework.builders import open_a_case
from tests.page_client import PageClient
from tests.platform import Platform
from tests.rules.test_every_rule import change, from_day, preview

OUTCOMES = "/casework/configuration/outcome_scheme/rule"


@pytest.fixture
def administrator(platform: Platform) -> PageClient:
    """One of Dorset who has just proved themselves afresh."""
    return PageClient(platform).as_(Role.ADMINISTRATOR, stepped_up=True)


def test_an_outcome_keeps_the_words_of_its_day(administrator: PageClient, platform: Platform):
    monday, next_week = platform.clock(), platform.clock() + timedelta(days=7)
    change(
        administrator, f"{OUTCOMES}/UNSUBSTANTIATED", label="Neither proved nor disproved",
        **from_day(next_week.date()),
    )  # fmt: skip
    platform.clock.forward(timedelta(days=8))
    with platform["casework"].database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        said = [
            scheme_of(tx, moment).label(Outcome.UNSUBSTANTIATED) for moment in (monday, next_week, tx.now)
        ]
        others = scheme_of(tx).label(Outcome.FALSE)
    with platform["casework"].database.reading(Scope("wiltshire", Actor("system:test"), "t")) as tx:
        elsewhere = scheme_of(tx).label(Outcome.UNSUBSTANTIATED)
    ours = "Neither proved nor disproved"
    assert said == ["Unsubstantiated", ours, ours]
    assert (others, elsewhere) == ("False", "Unsubstantiated")


def test_two_outcomes_do_not_share_a_name(administrator: PageClient):
    assert "FALSE" not in administrator.get(f"{OUTCOMES}/FALSE").text
    page = preview(administrator, f"{OUTCOMES}/FALSE", status=422, label="unfounded")
    assert page.errors == ["Another outcome is called that already."]


def test_a_term_holds_from_its_day_on_the_pages_of_every_service(
    administrator: PageClient, platform: Platform
):
    path = "/intake/configuration/terms/rule/MEETING_INITIAL"
    later = platform.clock() + timedelta(days=7)
    change(administrator, path, words="Allegations panel", **from_day(later.date()))
    platform.settle()
    officer = PageClient(platform).as_(Role.OFFICER)
    with platform["casework"].database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        assert authority(tx, "dorset").terms.get("MEETING_INITIAL") != "Allegations panel"
    platform.clock.forward(timedelta(days=8))
    case_id = open_a_case(platform["casework"].database, contact_id=new_id(), received_at=platform.clock())
    assert (
        "Allegations panel" in officer.as_(Role.OFFICER).get(f"/casework/cases/{case_id}/meetings/new").text
    )


def test_a_code_of_the_figures_is_given_a_term(administrator: PageClient):
    new = "/intake/configuration/terms/new"
    assert preview(administrator, new, 422, code="no code", words="x").errors == [
        "Use capital letters, figures and _."
    ]
    page = change(administrator, new, code="UNSUBSTANTIATED", words="Not proved either way")
    assert ["Not proved either way", "UNSUBSTANTIATED"] in page.rows("As it stands today")


def test_closures_are_read_as_people_write_them_and_no_clock_counts_them(
    administrator: PageClient, platform: Platform
):
    path = "/intake/configuration/closures/rule/all"
    page = preview(administrator, path, 422, closures="tomorrow")
    assert page.errors == [
        "Write each day on its own line, like 29 December 2026, or the first and the last of several."
    ]
    page = change(administrator, path, closures="3 March 2026\n5 March 2026 to 6 March 2026")
    assert page.rows("As it stands today") == [["3 March 2026, 5 March 2026, 6 March 2026"]]
    platform.settle()
    with platform["casework"].database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        calendar = working_days.of(tx)
    assert not any(calendar.is_working_day(date(2026, 3, day)) for day in (3, 5, 6))
    assert calendar.is_working_day(date(2026, 3, 4))
