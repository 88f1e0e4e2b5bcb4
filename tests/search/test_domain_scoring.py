"""The score: sums, symmetry, evidence that counts as it should, and who else would explain it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.search.domain import judgement, probing, weights
from services.search.domain.portrait import Portrait, portray
from services.search.domain.scoring import Rarity, Score, Scorer
from shared.contracts.people import Address, Identifier, Name, Person, Setting, Work
from shared.vocabulary import Band, Recency
from tests.search.adults import MONDAY, adult, bare

SCORER = Scorer(weights.shipped(), Rarity({}, 2_000))


def score(mine: Person, theirs: Person) -> Score:
    """How a pair is weighed in an index that has not counted anything yet."""
    return SCORER.score(portray(mine), portray(theirs))


GIVEN = st.sampled_from(
    ["Rosalind", "Rosie", "Mohammed", "Muhammad", "Jan", "Ian", "R", "Wei Ming", "Abdul Rahman", ""]
)
SURNAME = st.sampled_from(
    ["Quillfeather", "Quilfether", "Khan", "O'Brien", "Cook-Urquhart", "Cook", "Nguyen", ""]
)
BORN = st.sampled_from(["1984-05-13", "1984-13-05", "1984-05-31", "1984", "1954-05-13", "1985-05-13", ""])
PLACE = st.sampled_from(["DT1 2QX", "DT1 2QY", "SP1 7TT", ""])
PHONE = st.sampled_from([(), ("07700 900123",), ("01632 960001",)])
NUMBER = st.sampled_from(
    [(), (Identifier(scheme="TRN", value="9912345"),), (Identifier(scheme="TRN", value="1100223"),)]
)


@st.composite
def people(draw: st.DrawFn) -> Person:
    """Adults near enough to each other that every level is met."""
    code = draw(PLACE)
    return Person(
        id="x",
        names=(Name(given=draw(GIVEN), surname=draw(SURNAME)),),
        born=draw(BORN),
        addresses=(Address(line1="14 Larkspur Close", postcode=code),) if code else (),
        phones=draw(PHONE),
        identifiers=draw(NUMBER),
        work=draw(st.sampled_from([(), adult().work])),
    )


@settings(max_examples=200, deadline=None)
@given(people(), people())
def test_the_lines_sum_to_the_score(mine: Person, theirs: Person):
    found = score(mine, theirs)
    assert sum(line.bits for line in found.lines) == pytest.approx(found.bits)


@settings(max_examples=200, deadline=None)
@given(people(), people())
def test_it_does_not_matter_who_asks(mine: Person, theirs: Person):
    assert score(mine, theirs).bits == pytest.approx(score(theirs, mine).bits, abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(people(), people())
def test_every_line_has_words_and_every_agreement_a_plain_name(mine: Person, theirs: Person):
    found = score(mine, theirs)
    assert all(weights.shipped().said(line.field, line.level) for line in found.lines)
    assert set(SCORER.agrees(found)) <= {"name", "part of the name", *weights.shipped().agrees.values()}


@settings(max_examples=100, deadline=None)
@given(people(), people())
def test_a_number_that_agrees_never_makes_a_pair_less_likely(mine: Person, theirs: Person):
    number = (Identifier(scheme="SWE", value="SW77881"),)
    before = score(replace(mine, identifiers=()), replace(theirs, identifiers=()))
    after = score(replace(mine, identifiers=number), replace(theirs, identifiers=number))
    assert after.bits >= before.bits


@settings(max_examples=100, deadline=None)
@given(people(), people())
def test_a_birth_date_that_agrees_never_makes_a_pair_less_likely(mine: Person, theirs: Person):
    before = score(replace(mine, born=""), replace(theirs, born=""))
    after = score(replace(mine, born="1984-05-13"), replace(theirs, born="1984-05-13"))
    assert after.bits >= before.bits - 1e-9


def test_evidence_is_worth_something_where_nobody_is_explained_away_yet():
    mine = bare("Mohammed", "Cook-Urquhart", addresses=adult().addresses)
    theirs = bare("R", "Cook", addresses=adult().addresses)
    conflict = [
        replace(one, identifiers=(Identifier(scheme="TRN", value=value),))
        for one, value in ((mine, "1100223"), (theirs, "9912345"))
    ]
    dated = [replace(one, born="1984-05-13") for one in conflict]
    assert score(*dated).bits >= score(*conflict).bits


SISTER = adult(
    names=(Name(given="Henrietta", surname="Quillfeather"),),
    born="1987-11-02",
    emails=(),
    identifiers=(),
    work=(),
)
TWIN = replace(SISTER, born="1984-05-13")
MOTHER = adult(born="1957-02-20", emails=(), identifiers=(), work=())
PARTNER = adult(
    names=(Name(given="Gideon", surname="Quillfeather"),),
    born="1982-08-09",
    emails=(),
    identifiers=(),
    work=(),
)
COLLEAGUE = bare("Rosalind", "Oakapple", "1990-09-19", work=adult().work)
NAMESAKE = bare("Rosalind Maud", "Quillfeather", "1984-11-22")


@pytest.mark.parametrize(
    ("near", "who"),
    [("sibling", SISTER), ("twin", TWIN), ("parent", MOTHER), ("partner", PARTNER), ("namesake", NAMESAKE)],
)
def test_somebody_near_is_told_from_the_adult_and_named_as_such(near: str, who: Person):
    found = score(replace(who, phones=()), replace(adult(), phones=()))
    band = SCORER.band(found)
    assert band not in {Band.STRONG, Band.LIKELY}
    assert found.near == near or found.bits < -6


def test_a_new_first_name_at_the_same_school_and_with_the_same_birth_date_is_likely_the_same_adult():
    renamed = replace(TWIN, phones=(), addresses=(), work=adult().work)
    assert SCORER.band(score(renamed, adult())) in {Band.STRONG, Band.LIKELY}
    assert score(renamed, adult()).near == "twin"


def test_a_colleague_is_not_the_adult():
    assert SCORER.band(score(COLLEAGUE, adult())) not in {Band.STRONG, Band.LIKELY}


@pytest.mark.parametrize(
    "again",
    [
        adult(),
        adult(names=(Name(given="Rosalind", surname="Tanglewood"),)),
        adult(names=(Name(full="QUILLFEATHER, Roz"),), identifiers=(), emails=()),
        adult(names=(Name(given="Quillfeather", surname="Rosalind"),), emails=(), identifiers=()),
        adult(names=(Name(given="Maud", surname="Quilfeather"),)),
        adult(born="1984", addresses=(), identifiers=(), phones=()),
        bare("Rosalind", "Quillfeather", "1984-05-13"),
        bare("Rosalind", "Quillfeather", "1984-05-31", work=adult().work),
    ],
)
def test_the_same_adult_is_likely_in_spite_of_what_changed(again: Person):
    assert SCORER.band(score(again, adult())) in {Band.STRONG, Band.LIKELY}


def test_a_rare_name_is_worth_more_than_a_common_one():
    common = Scorer(weights.shipped(), Rarity({"n:quillfeather": 900, "n:rosalind": 500}, 20_000))
    rare = Scorer(weights.shipped(), Rarity({"n:quillfeather": 1, "n:rosalind": 1}, 20_000))
    pair = portray(bare("Rosalind", "Quillfeather")), portray(bare("Rosalind", "Quillfeather"))
    assert rare.score(*pair).bits > common.score(*pair).bits + 4


def test_a_move_within_a_town_speaks_less_against_one_adult_than_a_move_to_another():
    homes = (Address(line1="14 Larkspur Close", town=town, postcode=code) for town, code in _HOMES)
    before, near, far = (adult(addresses=(one,), phones=(), emails=()) for one in homes)
    lines = [{line[:2] for line in score(before, other).lines} for other in (near, far)]
    assert ("town", "same") in lines[0] and ("town", "different") in lines[1]
    assert score(before, near).bits > score(before, far).bits + 1


_HOMES = (("Dorchester", "DT1 2QX"), ("Dorchester", "BH9 4AA"), ("Reading", "RG1 7TT"))


def test_a_title_that_changed_with_the_first_name_says_less_than_one_that_changed_alone():
    was, now, alone = (
        bare(given, "Quillfeather", "1984-05-13", phones=("07700 900123",))
        for given in ("Mr Edmund", "Ms Rosalind", "Ms Edmund")
    )
    assert ("title", "with_name") in {line[:2] for line in score(was, now).lines}
    assert ("title", "different") in {line[:2] for line in score(was, alone).lines}


def test_what_changes_at_once_costs_less_than_its_parts():
    was, now = (
        replace(adult(), names=(Name(title=title, given=given, middle=middle, surname="Quillfeather"),))
        for title, given, middle in (("Mr", "Edmund", "Piers"), ("Ms", "Rosalind", "Maud"))
    )
    lines = {line.field: line for line in score(was, now).lines}
    parts = sum(lines[field].bits for field in ("given", "middle", "title"))
    assert lines["change"].level == "renamed"
    assert 0 < lines["change"].bits < -parts


def test_where_nothing_differs_nothing_is_given_back():
    assert "change" not in {line.field for line in score(adult(), adult()).lines}


def test_colleagues_of_one_first_name_born_on_the_first_of_january_are_not_taken_for_one_adult():
    here, there = (bare("Hodan", surname, "1986-01-01", work=adult().work) for surname in ("Elmi", "Warsame"))
    assert SCORER.band(score(here, there)) not in {Band.STRONG, Band.LIKELY}


def test_in_a_larger_region_the_same_agreement_is_less_sure():
    pair = portray(bare("Rosalind", "Quillfeather")), portray(bare("Rosalind", "Quillfeather"))
    assert Scorer(weights.shipped(), Rarity({}, 1_000_000)).score(*pair).bits < SCORER.score(*pair).bits


def test_an_empty_portrait_agrees_with_nobody():
    assert SCORER.band(SCORER.score(Portrait(), portray(adult()))) is None


def test_weights_that_do_not_read_are_refused_with_the_part_named():
    with pytest.raises(ValueError, match="words"):
        weights.read("[levels]\n")


def test_switchboards_and_other_jobs_say_little():
    one = bare("Ann", "Other", work=(Work(setting=Setting(name="A School", town="X"), job_title="Teacher"),))
    other = bare("Ann", "Other", work=(Work(setting=Setting(name="B School", town="Y"), job_title="Driver"),))
    assert score(one, bare("Ann", "Other")).bits - score(one, other).bits < 3


@pytest.mark.parametrize(
    ("years", "words"),
    [(0.5, Recency.UNDER_1_YEAR), (3, Recency.FROM_1_TO_5_YEARS), (8, Recency.OVER_5_YEARS)],
)
def test_recency_is_coarse(years: float, words: Recency):
    from datetime import timedelta

    assert judgement.recency(MONDAY - timedelta(days=365 * years), MONDAY) is words


@pytest.mark.parametrize(
    ("state", "band", "found", "same", "news"),
    [
        (judgement.State.OPEN, Band.LIKELY, Band.LIKELY, True, False),
        (judgement.State.OPEN, Band.LIKELY, Band.STRONG, True, True),
        (judgement.State.OPEN, Band.STRONG, Band.LIKELY, False, False),
        (judgement.State.REJECTED, Band.STRONG, Band.STRONG, True, False),
        (judgement.State.REJECTED, Band.STRONG, Band.STRONG, False, True),
        (judgement.State.WITHDRAWN, Band.LIKELY, Band.LIKELY, True, True),
    ],
)
def test_a_pair_found_again_is_news_only_when_it_is(
    state: judgement.State, band: Band, found: Band, same: bool, news: bool
):
    assert judgement.is_news(state, band, found, same_data=same) is news


def test_three_searches_that_vary_one_field_are_probing_and_two_are_not():
    base = {"names": "a", "birth": "1"}
    assert probing.variations(base, [{**base, "birth": "2"}, {**base, "birth": "3"}]) == 3
    assert probing.variations(base, [{**base, "birth": "2"}]) == 2
    assert probing.variations(base, [base, base, base]) == 1
    assert probing.variations(base, [{"names": "b", "birth": "2"}, {"names": "c", "birth": "3"}]) == 1


def test_searching_for_oneself_or_ones_surname_shows():
    assert probing.about_oneself([("rosalind", "finch")], ("rosalind", "finch")) == "own_name"
    assert probing.about_oneself([("ada", "finch")], ("rosalind", "finch")) == "same_surname"
    assert probing.about_oneself([("ada", "oak")], ("rosalind", "finch")) == ""
