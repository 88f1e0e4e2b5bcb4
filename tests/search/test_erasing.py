"""An erased contact leaves nothing behind; what is left stands as if it had never been."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

import services
from services.search.actions import judging
from services.search.domain.judgement import Verdict
from services.search.store import matches, profiles
from shared.contracts.casework import CaseErased, CaseRestricted, CaseUnrestricted, OutcomeRecorded
from shared.contracts.message import Origin
from shared.contracts.people import Child
from shared.contracts.search import MatchFound, MatchWithdrawn, ProfileSplit, SettingListed
from shared.settings import from_environment
from shared.store.migrate import migrate
from shared.store.server import prepare
from shared.vocabulary import Outcome, Role
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.search.adults import MONDAY, adult, case, contact
from tests.search.desk import Desk
from tests.search.erasures import GONE, prove_it_is_gone, rows_naming
from tests.servers import Server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def desk(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """Search on either database, on a server behind its walls."""
    if request.param == "sqlite":
        made = Desk(from_environment({"HEED_DATA": str(tmp_path)}), clock)
        yield made
        made.close()
        return
    server = Server(request.getfixturevalue("postgres_url"), uuid4().hex[:12])
    settings = from_environment({"HEED_DATA": str(tmp_path), **server.environment})
    list(prepare(["search"], settings))
    migrate(services.load("search"), settings)
    made = Desk(settings, clock)
    yield made
    made.close()
    server.drop()


def test_nothing_is_left_of_an_erased_contact_but_that_it_was_erased(desk: Desk):
    prove_it_is_gone(desk, lambda: None)


def test_no_fact_is_left_that_was_said_in_the_batch_in_which_it_was_erased(desk: Desk):
    desk.hear(contact("c-1"))
    desk.hear(contact("c-2"), GONE)
    assert desk.published(MatchFound) == []
    assert {one.contact_id for one in desk.published(MatchWithdrawn)} == {"c-2"}


def test_what_a_rebuild_hears_late_of_an_erased_contact_is_left_out(desk: Desk):
    desk.hear(contact("c-1"), GONE, contact("c-2"), origin=Origin.REBUILD)
    children = (Child(id="child-1", placed_by="Poole"),)
    desk.hear(contact("c-1", children=children), contact("c-3"), origin=Origin.REBUILD)
    assert rows_naming(desk, "c-1") == ["erased"]
    assert rows_naming(desk, "c-3") == rows_naming(desk, "c-2")


def test_a_person_loses_the_erased_record(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    with desk.transaction() as tx:
        (pair,) = matches.of_contact(tx, "c-1")
        judging.judge(tx, pair.match_id, Verdict.SAME, "Seen both files.")
    desk.hear(GONE)
    with desk.transaction() as tx:
        assert profiles.listed(tx, flagged=False, asked=(0, 9)) == ([], 0)
    assert len(desk.published(ProfileSplit)) == 1 and rows_naming(desk, "c-1") == ["erased"]


def test_a_setting_no_longer_counts_the_erased_adult(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2"))
    (listed,) = desk.published(SettingListed)
    desk.hear(GONE)
    page = browser.as_(Role.OFFICER).get("/search/settings")
    assert page.rows()[0][3] == "1"
    assert len(browser.get(f"/search/settings/{listed.setting_id}?months=60").rows()) == 1


def test_erasing_what_was_never_here_is_remembered_and_does_no_harm(desk: Desk):
    desk.hear(GONE, contact("c-1"))
    assert rows_naming(desk, "c-1") == ["erased"] and not desk.waiting()


def test_an_erased_case_takes_its_contact_along_and_waits_for_nothing(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), case("k-1", "c-1", adult()))
    desk.hear(CaseErased(case_id="k-1", contact_id="c-1", erased_at=MONDAY))
    assert rows_naming(desk, "c-1") == ["erased"] == rows_naming(desk, "k-1")
    desk.hear(GONE)
    assert not desk.waiting()


def test_facts_of_a_case_whose_contact_is_gone_already_wait_for_nothing(desk: Desk):
    """Topics overtake one another: the contact's end may be heard before the case began."""
    about = {"case_id": "k-1", "allegation_id": "a-1", "adult_id": "adult-1", "category": "PHYSICAL"}
    ended = OutcomeRecorded(**about, outcome=Outcome.FALSE, scheme="england-2023", recorded_on=MONDAY)
    desk.hear(contact("c-1"), GONE, case("k-1", "c-1", adult()), ended)
    desk.hear(CaseRestricted(case_id="k-1", never=("u-1",)), CaseUnrestricted(case_id="k-1"))
    desk.hear(CaseErased(case_id="k-1", contact_id="c-1", erased_at=MONDAY))
    assert rows_naming(desk, "c-1") == ["erased"] and not desk.waiting()


def test_the_journal_says_of_a_pair_no_more_than_that_it_was_withdrawn(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    (told,) = desk.published(MatchFound, "dorset")
    desk.hear(GONE)
    of_pair = {envelope.type for envelope, _ in desk.journal("dorset") if envelope.key == told.match_id}
    assert of_pair == {"match.withdrawn"}
