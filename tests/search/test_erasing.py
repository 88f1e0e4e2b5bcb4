"""An erased contact leaves nothing behind; what is left stands as if it had never been."""

from services.search.actions import judging
from services.search.domain.judgement import Verdict
from services.search.store import matches, profiles
from shared.contracts.search import ProfileSplit, SettingListed
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.search.adults import contact
from tests.search.desk import Desk
from tests.search.erasures import GONE, prove_it_is_gone, rows_naming


def test_nothing_is_left_of_an_erased_contact_but_that_it_was_erased(desk: Desk):
    prove_it_is_gone(desk, lambda: None)


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
