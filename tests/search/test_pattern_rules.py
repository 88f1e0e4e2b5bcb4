"""The statistics of patterns: never louder than the numbers allow."""

from datetime import UTC, datetime, timedelta
from math import comb

from hypothesis import given
from hypothesis import strategies as some

from services.search.domain import patterns
from services.search.domain.patterns import Compared, Concern, Elsewhere, Ground, chance

NOW = datetime(2026, 3, 2, tzinfo=UTC)
COUNTS = some.integers(0, 200)
SHARES = some.floats(0.001, 0.999)
AGES = some.lists(some.integers(0, 4_000), max_size=40)
SECTOR = [one for one in patterns.shipped() if one.code == "setting_sector"]
SMALL = [one for one in patterns.shipped() if one.code == "setting_small"]
PERSON = [one for one in patterns.shipped() if one.kind is patterns.Kind.PERSON]


def concerns(ages: list[int]) -> list[Concern]:
    """One concern so many days ago each, about an adult each."""
    return [
        Concern(f"c-{n}", NOW - timedelta(days=age), frozenset({(f"c-{n}", "a")}))
        for n, age in enumerate(ages)
    ]


@given(some.integers(0, 30), some.integers(0, 30), SHARES)
def test_chance_is_the_tail_of_the_binomial(count: int, others: int, share: float):
    whole = count + others
    exact = sum(comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(count, whole + 1))
    assert abs(chance(count, others, share) - exact) < 1e-9


@given(COUNTS, COUNTS, SHARES)
def test_more_here_is_less_likely_by_chance_and_more_elsewhere_is_likelier(
    count: int, others: int, share: float
):
    assert 0 <= chance(count + 1, others, share) <= chance(count, others, share) + 1e-9 <= 1 + 1e-9
    assert chance(count, others + 1, share) >= chance(count, others, share) - 1e-9


@given(some.integers(1, 5), some.integers(50_000, 200_000), some.floats(0.3, 0.9))
def test_few_here_among_very_many_elsewhere_are_never_unusual(count: int, others: int, share: float):
    assert chance(count, others, share) > 0.99


@given(AGES, COUNTS, some.floats(0.001, 0.5))
def test_a_sign_never_tells_of_fewer_than_the_least_or_of_what_chance_explains(
    ages: list[int], others: int, share: float
):
    compared = Compared(500, {"setting_sector": Elsewhere(others, share)})
    found = patterns.of_place(concerns(ages), {}, compared, SECTOR, NOW)
    for ground in found.grounds:
        assert ground.count >= 3 and ground.chance <= 0.01
        assert ground.count == sum(age <= 36 * 365.25 / 12 for age in ages) == len(found.records)
    assert len(found.standing) == len(ages)


@given(AGES)
def test_a_large_setting_is_never_told_of_by_a_plain_count_and_a_small_one_from_three_on(ages: list[int]):
    recent = sum(age <= 36 * 365.25 / 12 for age in ages)
    assert not patterns.of_place(concerns(ages), {}, Compared(41), SMALL, NOW).grounds
    for heads in (None, 6, 40):
        assert bool(patterns.of_place(concerns(ages), {}, Compared(heads), SMALL, NOW).grounds) == (
            recent >= 3
        )


@given(AGES)
def test_concerns_about_one_adult_alone_are_no_pattern_of_a_place(ages: list[int]):
    one_adult = {node: "she" for one in concerns(ages) for node in one.adults}
    assert not patterns.of_place(concerns(ages), one_adult, Compared(6), SMALL, NOW).grounds


@given(AGES, some.dictionaries(some.integers(0, 39), some.frozensets(some.sampled_from("xyz")), max_size=40))
def test_one_place_that_all_concerns_share_is_never_two(ages: list[int], places: dict[int, frozenset[str]]):
    named = {f"c-{n}": where | {"shared"} for n, where in places.items()}
    found = patterns.of_person(concerns(ages), named, 1, PERSON, NOW)
    assert "person_settings" not in {one.sign for one in found.grounds}


@given(COUNTS, COUNTS)
def test_a_reader_of_fewer_records_reads_no_higher_figure(count: int, seen: int):
    ground = Ground("setting_sector", NOW, None, count, 2, 100, 0.1)
    assert ground.among(seen).count == min(count, seen) and ground.among(seen).chance >= ground.chance - 1e-9


def test_an_authoritys_limits_stand_over_the_shipped_ones_and_leave_the_rest():
    own = patterns.with_change(None, {"code": "setting_small", "least": 5, "on": False})
    read = {one.code: one for one in patterns.read(own)}
    assert (read["setting_small"].least, read["setting_small"].on, read["setting_small"].largest) == (
        5,
        False,
        40,
    )
    assert read["setting_sector"] == SECTOR[0]
