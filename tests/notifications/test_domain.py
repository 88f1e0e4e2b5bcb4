"""Rules: what fires, what does not, and what cannot be said yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.dates import dates_of, why
from services.notifications.domain.duty import duties, notice_id_of, still_fires, verdicts
from services.notifications.domain.facts import AdultFacts, CaseFacts
from services.notifications.domain.rule import Rule, Trigger, rules_from
from services.notifications.domain.verdict import PREDICATES, judge
from shared.errors import Invalid
from shared.working_days import Calendar
from tests.notifications.scenes import ADULT, AWARE, OPENED, OTHER_ADULT, snapshot

RULES = {rule.id: rule for rule in rules_from()}
TODAY = date(2026, 3, 2)
ANY = st.sampled_from([True, False, None])
SECTORS = sorted(
    {code for rule in RULES.values() for code in rule.limits.sectors} | {"EDUCATION_ACADEMY", "UNKNOWN"}
)
CATEGORIES = sorted(RULES["N10"].limits.abuse | RULES["N10"].limits.unsure | {"BOUNDARIES", "MEDICATION"})


def fires(rule: str, facts: CaseFacts) -> bool | None:
    return judge(RULES[rule], facts, facts.adults[0]).fires


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    """Any snapshot of one adult."""
    return snapshot(
        removed=draw(ANY), harm_test=draw(ANY), regulated_activity=draw(ANY), serious_harm=draw(ANY),
        police_involved=draw(ANY), sectors=tuple(draw(st.lists(st.sampled_from(SECTORS), max_size=3))),
        categories=tuple(draw(st.lists(st.sampled_from(CATEGORIES), max_size=3))),
        stage=draw(st.sampled_from(["open", "enquiring", "closed"])),
        closed_at=draw(st.sampled_from([None, OPENED])),
        provider_aware_at=draw(st.sampled_from([None, AWARE])),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("removed", "harm", "expected"),
    [
        (True, True, True), (True, False, False), (True, None, None),
        (False, True, False), (False, False, False), (False, None, False),
        (None, True, None), (None, False, False), (None, None, None),
    ],
)  # fmt: skip
def test_the_barring_referral_needs_both_limbs_and_never_guesses_one(
    removed: bool | None, harm: bool | None, expected: bool | None
):
    assert fires("N03", snapshot(removed=removed, harm_test=harm)) is expected


@given(cases())
def test_nothing_but_the_two_limbs_moves_the_barring_referral_neither_leaving_nor_closing(facts: CaseFacts):
    adult = facts.adults[0]
    alone = snapshot(removed=adult.removed, harm_test=adult.harm_test)
    assert fires("N03", facts) is fires("N03", alone)


@given(cases())
def test_early_years_fires_exactly_for_serious_harm_or_abuse_at_a_covered_provider(facts: CaseFacts):
    covered = bool({"EARLY_YEARS_GROUP", "CHILDMINDING", "WRAPAROUND"} & set(facts.adults[0].sectors))
    abuse = any(one.category in RULES["N10"].limits.abuse for one in facts.outcomes)
    assert (fires("N10", facts) is True) == (covered and (facts.serious_harm is True or abuse))


@given(cases())
def test_homes_and_health_fire_exactly_for_abuse_serious_harm_or_police(facts: CaseFacts):
    abuse = any(one.category in RULES["N11"].limits.abuse for one in facts.outcomes)
    event = abuse or facts.serious_harm is True or facts.police_involved is True
    for rule in ("N11", "N14"):
        covered = bool(RULES[rule].limits.sectors & set(facts.adults[0].sectors))
        assert (fires(rule, facts) is True) == (covered and event)


@given(cases())
def test_telling_ofsted_as_good_practice_asks_only_where_the_adult_works(facts: CaseFacts):
    assert (fires("N15", facts) is True) == bool(RULES["N15"].limits.sectors & set(facts.adults[0].sectors))


@given(cases())
def test_a_rule_says_no_only_when_a_limb_is_known_to_fail(facts: CaseFacts):
    for rule in RULES.values():
        verdict = judge(rule, facts, facts.adults[0])
        limbs = [finding.holds for finding in verdict.findings]
        assert (verdict.fires is False) == (False in limbs)
        assert (verdict.fires is True) == (set(limbs) == {True})
        assert all(finding.words for finding in verdict.findings)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("N10", snapshot(sectors=("CHILDMINDING",), categories=("BOUNDARIES",), serious_harm=False), False),
        ("N10", snapshot(sectors=("CHILDMINDING",), categories=("BOUNDARIES",)), None),
        ("N10", snapshot(sectors=("CHILDMINDING",), categories=("OTHER",), serious_harm=False), None),
        ("N10", snapshot(sectors=("EDUCATION_ACADEMY",), categories=("PHYSICAL",)), False),
        ("N10", snapshot(sectors=(), categories=("PHYSICAL",)), None),
        ("N10", snapshot(sectors=("UNKNOWN",), roles=("CHILDMINDER",), categories=("PHYSICAL",)), True),
        (
            "N11",
            snapshot(sectors=("CHILDRENS_HOME_LA",), categories=("BOUNDARIES",), police_involved=True),
            True,
        ),
        (
            "N11",
            snapshot(sectors=("CHILDRENS_HOME_LA",), categories=("BOUNDARIES",), serious_harm=False),
            None,
        ),
        ("N14", snapshot(sectors=("HEALTH_ACUTE",), categories=("SEXUAL_CONTACT",)), True),
        ("N14", snapshot(sectors=("CHILDRENS_HOME_LA",), categories=("SEXUAL_CONTACT",)), False),
        ("N15", snapshot(sectors=("FOSTERING_IFA",), categories=()), True),
        ("N15", snapshot(sectors=("SPORT_LEISURE",), categories=("PHYSICAL",)), False),
    ],
)
def test_the_truth_of_each_rule_at_its_edges(rule: str, facts: CaseFacts, expected: bool | None):
    assert fires(rule, facts) is expected


@given(cases())
def test_duties_are_a_pure_function_with_one_stable_id_per_case_adult_and_rule(facts: CaseFacts):
    found = duties(facts, RULES.values(), TODAY)
    assert found == duties(facts, RULES.values(), TODAY)
    assert [one.notice_id for one in found] == [
        notice_id_of(facts.case_id, ADULT, one.rule.id) for one in found
    ]
    assert len({one.notice_id for one in found}) == len(found)
    assert {one.rule.id for one in found} <= {"N03", "N10", "N11", "N14", "N15"}


def test_each_adult_has_duties_of_their_own():
    one = snapshot(removed=True, harm_test=True)
    other = AdultFacts(adult_id=OTHER_ADULT, sectors=("SECURE",))
    both = CaseFacts(**{**vars(one), "adults": (*one.adults, other)})
    found = {(duty.rule.id, duty.adult_id) for duty in duties(both, RULES.values(), TODAY)}
    assert found == {("N03", ADULT), ("N15", OTHER_ADULT)}


def test_the_case_page_can_ask_every_rule_in_force_what_it_says_and_why():
    said = {rule.id: verdict for rule, _, verdict in verdicts(snapshot(removed=True), RULES.values(), TODAY)}
    assert set(said) == {"N03", "N10", "N11", "N14", "N15"}
    assert said["N03"].fires is None
    assert "not recorded" in said["N03"].findings[1].words


def test_what_is_not_confirmed_in_force_ships_off_with_its_source():
    off = [rule for rule in RULES.values() if not rule.on]
    assert [rule.id for rule in off] == ["N03a"]
    assert "confirmed" in off[0].source
    agency = snapshot(removed=True, harm_test=True, sectors=("AGENCY_SUPPLY",))
    assert "N03a" not in {one.rule.id for one in duties(agency, RULES.values(), TODAY)}


def test_an_authority_switches_a_rule_on_by_saying_only_what_differs():
    rules = rules_from({"rule": {"N03a": {"on": True}}})
    agency = snapshot(removed=True, harm_test=True, sectors=("AGENCY_SUPPLY",))
    assert {one.rule.id for one in duties(agency, rules, TODAY)} == {"N03", "N03a"}


def test_a_rule_holds_from_its_first_day_until_the_day_it_ends():
    (rule,) = [
        one for one in rules_from({"rule": {"N15": {"effective_to": "2026-03-02"}}}) if one.id == "N15"
    ]
    assert rule.in_force(date(2026, 3, 1))
    assert not rule.in_force(date(2026, 3, 2))
    assert not rule.in_force(date(2023, 12, 21))


def test_a_duty_that_was_raised_survives_the_end_of_its_rule_but_not_its_being_switched_off():
    facts = snapshot(sectors=("SECURE",))
    ended, off = (
        next(one for one in rules_from({"rule": {"N15": change}}) if one.id == "N15")
        for change in ({"effective_to": "2026-03-01"}, {"on": False})
    )
    assert still_fires(ended, facts, ADULT)
    assert not still_fires(off, facts, ADULT)
    assert not still_fires(ended, facts, OTHER_ADULT)


def test_a_rule_that_does_not_hold_together_is_refused_by_its_name():
    with pytest.raises(Invalid, match="N10"):
        rules_from({"rule": {"N10": {"basis": "WHIM"}}})
    with pytest.raises(Invalid, match="N99"):
        rules_from({"rule": {"N99": {"title": "New"}}})


def test_every_shipped_rule_names_a_known_predicate_and_content_it_requires():
    for rule in RULES.values():
        assert rule.when in PREDICATES
        assert rule.required <= set(rule.content)
        assert rule.law and rule.source and rule.plain and rule.deadline.words
        assert (rule.trigger is Trigger.CLOSE) == (rule.id == "N28")


def test_fourteen_days_count_from_when_the_provider_knew_and_skip_nothing():
    aware = datetime(2026, 4, 2, 22, 30, tzinfo=UTC)
    dates = dates_of(RULES["N10"], aware, OPENED, Calendar())
    assert dates.due_on == date(2026, 4, 16)
    assert dates.act_on == dates.late_after == dates.due_on


def test_an_hour_before_midnight_in_summer_is_the_next_day_in_london():
    aware = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert dates_of(RULES["N10"], aware, OPENED, Calendar()).due_on == date(2026, 7, 15)


@given(st.integers(-2000, 2000).map(lambda days: OPENED + timedelta(days=days)))
def test_the_officers_own_receipt_never_moves_the_providers_days(raised_at: datetime):
    assert dates_of(RULES["N10"], AWARE, raised_at, Calendar()).due_on == date(2026, 3, 12)


def test_without_the_providers_day_no_last_day_is_made_up():
    dates = dates_of(RULES["N10"], None, OPENED, Calendar())
    assert dates.due_on is None
    assert dates.late_after == date(2026, 3, 3)
    assert any("not recorded" in line for line in why(RULES["N10"], None, OPENED, Calendar()))


@pytest.mark.parametrize("rule", ["N11", "N14"])
def test_without_delay_has_no_number_is_due_at_once_and_late_a_working_day_after_the_provider_knew(rule: str):
    dates = dates_of(RULES[rule], AWARE, OPENED, Calendar())
    assert (dates.due_on, dates.act_on, dates.late_after) == (None, date(2026, 3, 2), date(2026, 2, 27))


def test_a_reminder_skips_easter_and_says_so():
    known = datetime(2026, 4, 2, 10, 0, tzinfo=UTC)
    assert dates_of(RULES["N11"], known, known, Calendar()).late_after == date(2026, 4, 7)
    said = " ".join(why(RULES["N11"], known, known, Calendar()))
    assert "7 April 2026" in said
    assert "Good Friday" in said
    assert "not the law" in said


def test_a_barring_referral_has_no_number_in_law_and_a_reminder_after_four_weeks():
    dates = dates_of(RULES["N03"], AWARE, OPENED, Calendar())
    assert dates.due_on is None
    assert dates.act_on == dates.late_after == date(2026, 3, 30)


@given(cases(), st.integers(0, 400))
def test_every_date_is_on_or_after_its_start_and_is_explained(facts: CaseFacts, days: int):
    raised = OPENED + timedelta(days=days)
    for rule in RULES.values():
        dates = dates_of(rule, facts.provider_aware_at, raised, Calendar())
        start = facts.provider_aware_at or raised
        assert dates.late_after >= start.date()
        assert dates.due_on is None or dates.due_on == dates.late_after
        assert len(why(rule, facts.provider_aware_at, raised, Calendar())) >= 2


def test_the_recipient_follows_the_adults_sector():
    rule: Rule = RULES["N15"]
    assert rule.recipient_for(("CHILDMINDING",)) == "ofsted_early_years"
    assert rule.recipient_for(("CHILDRENS_HOME_LA",)) == "ofsted_social_care"
