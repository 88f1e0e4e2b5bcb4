"""Patterns: when concerns are more than chance, told once, reviewed by a person, taken back with their
records.
"""

import random
from datetime import timedelta

import pytest

from services.search.actions import judging, reviewing
from services.search.domain.judgement import Verdict
from services.search.domain.patterns import Finding
from services.search.store import matches, settings
from shared.contracts.casework import OutcomeCorrected, OutcomeRecorded
from shared.contracts.intake import ContactErased, ContactRestricted
from shared.contracts.message import Origin
from shared.contracts.search import PatternReviewed, PatternWithdrawn
from shared.errors import Invalid, NotFound, Refused
from shared.vocabulary import Outcome, Role
from tests.page_client import PageClient
from tests.search.adults import MONDAY, adult, bare, case, contact
from tests.search.concerns import day, found, hear_at, home, homes, signs, worker
from tests.search.desk import APART, Desk


def only_pattern(desk: Desk) -> str:
    """The id of the pattern that was told of."""
    (one,) = {one.pattern_id for one in found(desk)}
    return one


def reviewed(desk: Desk, pattern_id: str, finding: Finding = Finding.EXPLAINED) -> None:
    """An officer looked."""
    with desk.transaction() as tx:
        reviewing.review(tx, pattern_id, finding, "A new head counts everything.")


def scandal(desk: Desk) -> dict[str, int]:
    """232 concerns at three homes of one body over three years, among 60 homes with the usual few; at which
    of the 232 each home and the body was told of.
    """
    homes(desk, 60, provider=(3, "Hesper Care"))
    dice = random.Random(232)
    at_three = [(dice.uniform(400, 400 + 1095), one % 3) for one in range(232)]
    # One in three homes has a concern in a year.
    usual = [(dice.uniform(0, 400 + 1095), dice.randrange(3, 60)) for _ in range(78)]
    for number, (when, at) in enumerate(sorted(at_three + usual)):
        hear_at(desk, number, home(at), day(when))
    told: dict[str, int] = {}
    for one in [*found(desk, "setting"), *found(desk, "provider")]:
        so_far = sum(day(when) <= one.found_at for when, _ in at_three)
        told.setdefault(one.setting_id or one.kind, so_far)
    return told


def test_232_concerns_about_three_homes_are_told_of_long_before_they_are_232(desk: Desk):
    told = scandal(desk)
    with desk.transaction() as tx:
        listed, _ = settings.listed(tx, settings.Wanted(), 0, 100)
    three = {one.setting_id for one in listed if one.said.name in {home(at).name for at in range(3)}}
    assert three <= told.keys() and all(told[one] <= 20 for one in three), told
    assert told["provider"] <= 8
    # Of 57 homes with the usual few hardly one is told of as unusual; some have three in three years.
    others = [one for one in found(desk, "setting") if one.setting_id not in three]
    compared = {one.setting_id for one in others if signs(one) != ["setting_small"]}
    assert len(compared) <= 2 and len({one.setting_id for one in others}) <= 12


def test_two_concerns_about_one_adult_are_a_pattern_with_its_window_and_records(desk: Desk):
    desk.hear(contact("c-1"))
    assert not found(desk)
    desk.hear(contact("c-2", at=day(30)))
    (one,) = found(desk)
    (ground,) = one.grounds
    assert (one.kind, one.contact_ids, one.needs) == ("person", ("c-1", "c-2"), 2)
    assert (ground.sign, ground.count, ground.expected) == ("person_concerns", 2, 0.0)
    assert ground.since is not None and (ground.until - ground.since).days == 1826


def test_concerns_further_apart_than_the_window_are_none_unless_at_two_settings(desk: Desk):
    long_ago = MONDAY - timedelta(days=6 * 365)
    elsewhere = worker(1, home(7)).work
    desk.hear(contact("c-1", at=long_ago), contact("c-2"))
    assert not found(desk)
    desk.hear(contact("w-1", adult(work=elsewhere), at=long_ago), contact("w-2"), authority=APART)
    assert [signs(one) for one in found(desk)] == [["person_settings"]]


def test_an_open_pattern_grows_without_another_alert_and_after_review_a_new_concern_tells_anew(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    desk.hear(contact("c-3"))
    first = only_pattern(desk)
    assert [len(one.contact_ids) for one in found(desk)] == [2, 3]
    reviewed(desk, first)
    desk.hear(case("k-3", "c-3", adult()))
    assert only_pattern(desk) == first
    desk.hear(contact("c-4"))
    assert len({one.pattern_id for one in found(desk)}) == 2
    (answer,) = desk.published(PatternReviewed)
    assert (answer.pattern_id, answer.finding) == (first, "explained")


def test_what_is_heard_at_once_is_told_of_once(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), contact("c-3"))
    (one,) = found(desk)
    assert one.contact_ids == one.added == ("c-1", "c-2", "c-3")


def test_records_judged_to_be_of_different_adults_take_the_pattern_back(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    with desk.transaction() as tx:
        (pair,) = matches.of_contact(tx, "c-2")
        judging.judge(tx, pair.match_id, Verdict.DIFFERENT, "Twins.")
    (gone,) = desk.published(PatternWithdrawn)
    assert gone.pattern_id == only_pattern(desk)
    with desk.transaction() as tx:
        judging.judge(tx, pair.match_id, Verdict.SAME, "No twins after all.")
    assert len({one.pattern_id for one in found(desk)}) == 2


def test_a_match_that_is_only_possible_is_no_pattern_until_somebody_confirms_it(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2", bare("Rosalind", "Quillfeather")))
    assert not found(desk)
    with desk.transaction() as tx:
        (pair,) = matches.of_contact(tx, "c-2")
        judging.judge(tx, pair.match_id, Verdict.SAME, "She says so herself.")
    assert signs(found(desk)[0]) == ["person_concerns"]


@pytest.mark.parametrize("outcome", [Outcome.MALICIOUS, Outcome.FALSE])
def test_an_allegation_shown_to_be_untrue_is_not_counted_and_one_that_is_not_proven_is(
    desk: Desk, outcome: Outcome
):
    def ended(how: Outcome) -> OutcomeRecorded:
        return OutcomeRecorded(
            case_id="k-2", allegation_id="al-1", adult_id="adult-1", category="PHYSICAL", outcome=how,
            scheme="england-2023", recorded_on=MONDAY,
        )  # fmt: skip

    desk.hear(contact("c-1"), contact("c-2"), case("k-2", "c-2", adult()), ended(Outcome.UNSUBSTANTIATED))
    assert not desk.published(PatternWithdrawn)
    desk.hear(
        OutcomeCorrected(
            case_id="k-2", allegation_id="al-1", adult_id="adult-1", category="PHYSICAL", outcome=outcome,
            previous=Outcome.UNSUBSTANTIATED, scheme="england-2023", corrected_on=MONDAY,
        )
    )  # fmt: skip
    assert [one.pattern_id for one in desk.published(PatternWithdrawn)] == [only_pattern(desk)]


def test_an_erased_contact_takes_its_pattern_back(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), ContactErased(contact_id="c-1", erased_at=MONDAY))
    assert [one.pattern_id for one in desk.published(PatternWithdrawn)] == [only_pattern(desk)]


def test_another_authority_is_told_of_as_a_pointer_on_both_sides_and_counted_as_one(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("c-1"))
    told = {one.contact_ids: signs(one) for one in found(desk)}
    assert told == {("w-1",): ["person_authorities"], ("c-1",): ["person_authorities"]}
    (mine,) = [text for envelope, text in desk.journal("dorset") if envelope.type == "pattern.found"]
    assert "w-1" not in str(mine) and "wiltshire" not in str(mine)


@pytest.mark.parametrize("how", ["erased there", "somebody else here"])
def test_what_rested_on_another_authority_alone_is_taken_back_when_that_is_so_no_more(desk: Desk, how: str):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("c-1"))
    if how == "erased there":
        desk.hear(ContactErased(contact_id="w-1", erased_at=MONDAY), authority="wiltshire")
    else:
        desk.hear(case("k-1", "c-1", bare("Zebedee", "Oakapple", "1951-01-30")))
    told = {one.pattern_id for one in found(desk)}
    assert len(told) == 2 and {one.pattern_id for one in desk.published(PatternWithdrawn)} == told


def test_an_imported_history_is_counted_and_alerts_nobody(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), origin=Origin.IMPORT)
    assert not found(desk)
    desk.hear(contact("c-3"))
    assert [one.contact_ids for one in found(desk)] == [("c-1", "c-2", "c-3")]


def test_three_concerns_about_one_adult_are_no_pattern_of_the_setting(desk: Desk):
    for number in range(3):
        hear_at(desk, number, home(1), day(number), who=1)
    assert {one.kind for one in found(desk)} == {"person"}
    hear_at(desk, 4, home(1), day(4))
    assert signs(found(desk, "setting")[0]) == ["setting_small"]


def test_a_large_school_is_measured_by_its_size_and_a_burst_by_its_own_past(desk: Desk):
    homes(desk, 40, heads=1000)
    for number in range(40):
        hear_at(desk, number, home(number), day(number))
    for number in range(3):
        hear_at(desk, 100 + number, home(1), day(500 + number))
    (one,) = found(desk, "setting")
    assert signs(one) == ["setting_sector_year"]
    (ground,) = one.grounds
    # Nothing came to the other 39 schools in that year, so 3 of 3 in a fortieth of the children.
    assert (ground.count, ground.expected, ground.chance) == (3, 0.0, 0.000016)


def test_an_officer_reviews_with_a_reason_once(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    pattern_id = only_pattern(desk)
    with desk.transaction() as tx:
        with pytest.raises(Invalid):
            reviewing.review(tx, pattern_id, Finding.ACTED, " ")
        reviewing.review(tx, pattern_id, Finding.ACTED, "A strategy meeting is called.")
        with pytest.raises(Refused):
            reviewing.review(tx, pattern_id, Finding.ACTED, "Again.")
    with desk.transaction("wiltshire") as tx, pytest.raises(NotFound):
        reviewing.pattern_of(tx, pattern_id)


def test_whoever_may_not_see_one_of_two_records_learns_of_no_pattern(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2"), ContactRestricted(contact_id="c-1", only=("somebody-else",)))
    pattern_id = only_pattern(desk)
    browser.as_(Role.OFFICER).get(f"/search/patterns/{pattern_id}", status=404)
    assert "There is no pattern in this state" in browser.get("/search/patterns").text


def test_the_page_shows_the_window_the_rate_and_the_records_and_takes_the_review(
    desk: Desk, browser: PageClient
):
    homes(desk, 12)
    for number in range(4):
        hear_at(desk, number, home(1), day(number))
    page = browser.as_(Role.OFFICER).get("/search/patterns")
    assert "Larch House 1" not in page.text and "Rowan House 1" in page.text
    page = browser.click("Rowan House 1, " + page.rows("Patterns")[0][1])
    (row, *_) = page.rows("Why it was found")
    assert row[0] == "More than at other settings of its kind and size within a year" and row[2] == "3"
    assert len(page.rows("Records it rests on")) == 4
    page = browser.submit({"finding": "explained", "reason": ""}, "Save the review", status=422)
    assert page.errors == ["Enter what you did, or what explains it."]
    page = browser.submit(
        {"finding": "explained", "reason": "One child told of four people."}, "Save the review"
    )
    assert "One child told of four people." in page.text
    assert (
        browser.get("/search/patterns?state=reviewed").rows("Patterns")[0][5] == "Explained by something else"
    )


def test_patterns_are_linked_from_the_setting_and_the_person_and_saved_as_a_file(
    desk: Desk, browser: PageClient
):
    for number in range(3):
        hear_at(desk, number, home(1), day(number))
    with desk.transaction() as tx:
        (one, *_), _ = settings.listed(tx, settings.Wanted(), 0, 50)
    links = browser.as_(Role.OFFICER).get(f"/search/settings/{one.setting_id}").links
    assert f"/search/patterns/{only_pattern(desk)}" in links.values()
    browser.get("/search/patterns?kind=setting")
    saved = browser.get(browser.get("/search/patterns?kind=setting").links["Save this list as a CSV file"])
    assert b"Concerns at a small setting" in saved.body


def test_an_administrator_sees_what_another_limit_would_tell_before_it_holds(desk: Desk, browser: PageClient):
    for number in range(3):
        hear_at(desk, number, home(1), day(number))
    rule = "/search/configuration/pattern_signs/rule/setting_small"
    browser.as_(Role.ADMINISTRATOR, stepped_up=True).get(rule)
    page = browser.submit({"least": "4", "reason": "Too many of them"}, "See what would change")
    assert page.rows("An example")[0][1:] == ["1 of 1", "0 of 1"]
    browser.submit(button="Make this change")
    hear_at(desk, 10, home(2), day(10))
    hear_at(desk, 11, home(2), day(11))
    hear_at(desk, 12, home(2), day(12))
    assert len({one.setting_id for one in found(desk, "setting")}) == 1
