"""Periods, rounding and what counts in which figure: worked numbers first, then properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain import labels, periods
from services.reporting.domain.bands import BANDS, band_of
from services.reporting.domain.facts import (
    Allegation,
    Case,
    Contact,
    Notice,
    Repeat,
    Standing,
    concluded_on,
    repeat_of,
)
from services.reporting.domain.groupings import GROUPINGS, grouping
from services.reporting.domain.periods import Grain, Period
from services.reporting.domain.rounding import Rounding, change, percent
from services.reporting.domain.rules import asked, rules_of
from services.reporting.domain.tallies import (
    ALL,
    CONTACT_DIMENSIONS,
    Definition,
    Measure,
    Tally,
    difference,
    tallies_of,
)
from shared.errors import Invalid

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("count", "base", "cut_off", "half_up"),
    [
        (140, 163, "85", "86"),
        (158, 163, "96", "97"),
        (57, 163, "34", "35"),
        (163, 492, "33", "33"),
        (1, 8, "12", "13"),
        (0, 5, "0", "0"),
        (5, 5, "100", "100"),
    ],
)
def test_printed_percentages_are_those_of_the_stated_mode(count: int, base: int, cut_off: str, half_up: str):
    assert percent(count, base, Rounding.TRUNCATE, 0) == cut_off
    assert percent(count, base, Rounding.HALF_UP, 0) == half_up


def test_one_decimal_is_kept_even_when_it_is_nought():
    assert percent(140, 163, Rounding.HALF_UP) == "85.9"
    assert percent(140, 163, Rounding.TRUNCATE) == "85.8"
    assert percent(1, 2, Rounding.HALF_UP) == "50.0"


def test_there_is_no_percentage_of_nothing():
    assert percent(0, 0, Rounding.HALF_UP) == ""
    assert change(3, 0, Rounding.HALF_UP) == ""


def test_change_is_in_per_cent_of_what_was_before_and_carries_its_sign():
    assert change(492, 259, Rounding.HALF_UP) == "+90.0"
    assert change(259, 492, Rounding.TRUNCATE, 0) == "-47"
    assert change(10, 10, Rounding.HALF_UP) == "0.0"
    assert change(999, 1000, Rounding.TRUNCATE, 0) == "0"


def test_the_financial_year_begins_on_the_first_of_april():
    assert periods.year_of(date(2026, 3, 31)).code == "fy2025"
    assert periods.year_of(date(2026, 4, 1)).label == "Financial year 2026 to 2027"
    assert periods.quarter_of(date(2026, 2, 1)).label == "Quarter 4 (January 2026 to March 2026)"
    assert periods.quarter_of(date(2026, 4, 30)).code == "fy2026q1"


def test_a_moment_belongs_to_the_london_day():
    assert periods.day_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert periods.day_of(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == date(2026, 1, 31)


@given(DAYS, st.integers(1, 24))
def test_every_period_is_read_back_from_its_code(day: date, count: int):
    made = [
        periods.year_of(day),
        periods.quarter_of(day),
        periods.months(day, count),
        periods.weeks(day, count),
    ]
    for period in made:
        again = periods.parse(period.code)
        assert (again.first, again.last, again.grain) == (period.first, period.last, period.grain)


@given(DAYS, st.integers(1, 24))
def test_the_period_before_ends_the_day_before_and_has_as_many_parts(day: date, count: int):
    for period in (
        periods.year_of(day),
        periods.quarter_of(day),
        periods.months(day, count),
        periods.weeks(day, count),
    ):
        before = period.before()
        assert before.last + timedelta(days=1) == period.first
        assert len(before.starts()) == len(period.starts())
        assert before.kind == period.kind


@given(DAYS)
def test_a_year_is_its_quarters_and_a_quarter_its_months(day: date):
    year = periods.year_of(day)
    quarters = [periods.quarter_of(periods.add_months(year.first, 3 * number)) for number in range(4)]
    assert [start for quarter in quarters for start in quarter.starts()] == list(year.starts())


@pytest.mark.parametrize(
    "code", ["", "fy20", "fy2025q5", "2025-13", "2026-w54..2026-w55", "2026-04..2025-04", "1900-01..2026-01"]
)
def test_a_code_that_is_no_period_is_refused_with_examples(code: str):
    with pytest.raises(Invalid, match="fy2025q3"):
        periods.parse(code)


def test_weeks_begin_on_monday_and_bridge_the_new_year():
    period = periods.weeks(date(2026, 12, 30), 2)
    assert period.starts() == (date(2026, 12, 28), date(2027, 1, 4))
    assert period.code == "2026-w53..2027-w01"


def test_a_page_offers_no_period_twice():
    codes = [code for code, _ in periods.offered(date(2026, 4, 2))]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, 0), (28, 0), (29, 1), (56, 1), (57, 2), (84, 2), (85, 3), (182, 3), (183, 4), (900, 4)],
)
def test_the_bands_leave_no_gap_between_twelve_weeks_and_six_months(days: int, band: int):
    assert band_of(days) == BANDS[band]


def _contact(**differing: object) -> Contact:
    known = {"received_on": date(2026, 2, 10), "sector": "POLICE", "criteria": "HARM RISK"}
    return Contact(id="c-1", **{**known, **differing})  # type: ignore[arg-type]


def test_a_contact_counts_once_in_every_dimension_and_in_each_of_its_criteria():
    counted = tallies_of(_contact())
    for dimension in CONTACT_DIMENSIONS:
        assert sum(n for one, n in counted.items() if one.dimension == dimension) == 1
    assert {one.code for one in counted if one.dimension == "criterion"} == {"HARM", "RISK"}
    assert counted[Tally(Measure.CONTACTS, ALL, ALL, Grain.WEEK, date(2026, 2, 9))] == 1


def test_a_contact_of_which_only_the_case_is_known_counts_nowhere_yet():
    assert not tallies_of(Contact(id="c-1", case_opened_on=date(2026, 2, 10)))


def test_a_referral_counts_in_the_month_of_its_event_and_its_conversion_in_that_of_the_contact():
    counted = tallies_of(_contact(first_meeting_on=date(2026, 3, 2)))
    definition = Definition.FIRST_MEETING
    assert counted[Tally(definition.referrals, ALL, ALL, Grain.MONTH, date(2026, 3, 1))] == 1
    assert counted[Tally(definition.converted, ALL, ALL, Grain.MONTH, date(2026, 2, 1))] == 1


MONTHS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 6, 30)))


CONTACTS = st.builds(
    Contact,
    id=st.just("c-1"),
    received_on=MONTHS,
    sector=st.sampled_from("AB"),
    decision=st.sampled_from(["", "MET"]),
    met_on=MONTHS,
    case_opened_on=MONTHS,
    first_meeting_on=MONTHS,
    employer_on_time=st.none() | st.booleans(),
)


@given(st.lists(CONTACTS, min_size=1, max_size=8))
def test_however_a_fact_came_about_its_figures_are_those_of_its_last_state(states: list[Contact]):
    kept: dict[Tally, int] = {}
    for old, new in zip([None, *states], states, strict=False):
        for tally, count in difference(old, new).items():
            kept[tally] = kept.get(tally, 0) + count
    assert {tally: count for tally, count in kept.items() if count} == dict(tallies_of(states[-1]))


def test_a_meeting_counts_in_the_month_it_was_due():
    case = Case(
        id="k",
        opened_on=date(2026, 3, 27),
        first_meeting_due=date(2026, 4, 3),
        first_meeting_on=date(2026, 4, 7),
    )
    (timing,) = [one for one in tallies_of(case) if one.dimension == "timing"]
    assert (timing.code, timing.starts) == ("LATE", date(2026, 4, 1))


def test_time_to_an_outcome_runs_from_the_contact_not_from_the_case():
    case = Case(
        id="k", received_on=date(2026, 1, 1), opened_on=date(2026, 1, 20), concluded_on=date(2026, 2, 10)
    )
    assert [one.code for one in tallies_of(case) if one.dimension == "band"] == ["UP_TO_8_WEEKS"]


def test_an_open_allegation_and_a_withdrawn_duty_count_nowhere():
    assert not tallies_of(Allegation(id="a", case_id="k"))
    assert not tallies_of(Notice(id="n", raised_on=date(2026, 1, 1), standing=Standing.WITHDRAWN))


def test_where_an_adult_was_named_before_is_one_code():
    assert repeat_of(set()) is Repeat.NONE
    assert repeat_of({"OWN"}) is Repeat.OWN
    assert repeat_of({"OWN", "ELSEWHERE"}) is Repeat.BOTH


def test_an_authority_s_own_rules_go_before_the_shipped_ones():
    assert rules_of("dorset").referral is Definition.FIRST_MEETING
    assert rules_of("wiltshire").referral is Definition.THRESHOLD_MET
    own = rules_of("dorset", {"rounding": "truncate", "places": 0})
    assert (own.rounding, own.places, own.limit, own.referral) == (
        Rounding.TRUNCATE,
        0,
        5,
        Definition.FIRST_MEETING,
    )


def test_rules_that_do_not_read_are_refused():
    with pytest.raises(Invalid, match="administrator"):
        rules_of("dorset", {"rounding": "sometimes"})


def test_nobody_gets_below_the_least_limit():
    assert asked(rules_of("bcp"), "", "", "0", least=5).limit == 5
    assert asked(rules_of("bcp"), "truncate", "0", "0", least=0).limit == 0
    with pytest.raises(Invalid):
        asked(rules_of("bcp"), "", "2", "", least=0)


def test_every_grouping_is_found_by_its_code():
    assert all(grouping(code).code == code for code in GROUPINGS)
    with pytest.raises(Invalid):
        grouping("name")


def test_a_code_without_a_label_is_tidied_and_an_authority_s_own_term_goes_first():
    assert labels.label("sector", "SHORT_BREAKS") == "Short breaks"
    assert labels.label("kind", "MEETING_INITIAL", {"MEETING_INITIAL": "IEM"}) == "IEM"


def test_a_period_knows_whether_more_is_to_come():
    assert Period.has_ended(periods.year_of(date(2025, 5, 1)), date(2026, 4, 1))
    assert not periods.year_of(date(2026, 5, 1)).has_ended(date(2026, 6, 1))


def test_a_case_is_concluded_with_its_last_outcome_once_no_allegation_is_open():
    first = Allegation(id="a", case_id="k", outcome="UNFOUNDED", outcome_on=date(2026, 3, 2))
    second = replace(first, id="b", outcome_on=date(2026, 3, 9))
    still_open = Allegation(id="c", case_id="k")
    assert concluded_on([first, second]) == date(2026, 3, 9)
    assert concluded_on([first, second, still_open]) is None
    assert concluded_on([]) is None
