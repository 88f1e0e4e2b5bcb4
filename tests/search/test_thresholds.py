"""How sure a match must be: what judgements say, what a change would do, and what it does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.actions import judging, replaying, searching
from services.search.actions.vetting import REGION, Wish
from services.search.domain import thresholds
from services.search.domain.judgement import State, Verdict
from services.search.store import figures, matches, searches
from shared.contracts.platform import ConfigurationChanged
from shared.contracts.search import MatchFound
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.search.adults import bare, contact
from tests.search.desk import Desk

# About 63 %: a whole name and nothing else.
NAMED = bare("Rosalind", "Quillfeather")
RULE = "/search/configuration/match_thresholds/rule/all"
STATES = st.sampled_from([State.OPEN, State.CONFIRMED, State.REJECTED, State.UNSURE])


def limit(desk: Desk, authority: str = "dorset", own: int = 20, others: int = 90) -> None:
    """The authority's own thresholds."""
    desk.hear(
        ConfigurationChanged(
            configuration_id=f"{authority}/{figures.KIND}",
            kind=figures.KIND,
            value=json.dumps({"own": own, "others": others}),
            effective_from=desk.clock(),
            changed_by="test",
        ),
        authority=authority,
    )


def judged(desk: Desk, contact_id: str, verdict: Verdict) -> None:
    """Every match of that contact, decided."""
    with desk.transaction() as tx:
        for one in matches.of_contact(tx, contact_id):
            judging.judge(tx, one.match_id, verdict, "Seen both files.")


@pytest.mark.parametrize(("own", "told"), [(20, 1), (70, 0)])
def test_a_match_below_the_authoritys_threshold_is_not_told(desk: Desk, own: int, told: int):
    limit(desk, own=own)
    desk.hear(contact("c-1"), contact("c-2", NAMED))
    assert len(desk.published(MatchFound)) == told


@pytest.mark.parametrize(
    ("asker", "holder", "pointers"), [(90, 90, 0), (50, 90, 0), (90, 50, 0), (50, 50, 1)]
)
def test_the_stricter_of_two_authorities_decides_what_crosses(
    desk: Desk, asker: int, holder: int, pointers: int
):
    limit(desk, others=asker)
    limit(desk, "wiltshire", others=holder)
    desk.hear(contact("w-1"), authority="wiltshire")
    asked = bare("Rosalind", "Quillfeather", "1984")
    with desk.transaction() as tx:
        made = searching.run_search(tx, Wish(asked, REGION, "NEW_CONCERN", "A concern came in."))
        found = searches.one(tx, made.search_id)
    assert found is not None and len(found.result.pointers) == pointers


def test_a_replay_counts_what_another_threshold_would_tell_and_tells_nobody(desk: Desk):
    limit(desk, own=99)
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("c-1"), contact("c-2", NAMED))
    before = len(desk.journal())
    with desk.transaction() as tx:
        assert replaying.would_be_told(tx, 99) == (0, 2)
        assert replaying.would_be_told(tx, 30) == (2, 2)
    assert len(desk.journal()) == before


def test_the_page_of_false_alarms_counts_what_was_decided(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2", NAMED), contact("c-3"))
    judged(desk, "c-2", Verdict.DIFFERENT)
    page = browser.as_(Role.COORDINATOR).get("/search/matches/figures")
    rows = {row[0]: row[1:] for row in page.rows("Within your authority, if told from")}
    assert rows["20 % (now)"][:3] == ["3", "0", "2"] and rows["20 % (now)"][3].startswith("100 %")
    assert rows["99 %"] == ["1", "0", "0", "None decided", "0"]


def test_a_change_shows_on_the_authoritys_history_what_it_would_have_meant(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2", NAMED))
    judged(desk, "c-2", Verdict.SAME)
    browser.as_(Role.ADMINISTRATOR, stepped_up=True).get(RULE)
    page = browser.submit({"own": "80", "reason": "Too many namesakes"}, "See what would change")
    said = {row[0]: row[1:] for row in page.rows("An example")}
    assert said["Matches of the 2 adults named last"] == ["2", "0"]
    assert said["Decided to be the same adult and not told"] == ["0", "1"]
    browser.submit(button="Make this change")
    with desk.transaction() as tx:
        assert figures.limits(tx).own == 80


@pytest.mark.parametrize(
    ("question", "answer"), [("own", "0"), ("own", "100"), ("others", "20"), ("own", "x")]
)
def test_a_threshold_that_would_tell_everything_or_nothing_is_refused(
    desk: Desk, browser: PageClient, question: str, answer: str
):
    browser.as_(Role.ADMINISTRATOR, stepped_up=True).get(RULE)
    given = {question: answer, "reason": "A try of this"}
    page = browser.submit(given, "See what would change", status=422)
    assert len(page.errors) == 1 and "in per cent: enter a number" in page.errors[0]


@given(st.dictionaries(st.tuples(st.integers(0, 99), STATES), st.integers(0, 50)), st.integers(0, 99))
def test_a_higher_threshold_never_tells_more_and_nothing_is_counted_twice(
    counts: dict[tuple[int, State], int], threshold: int
):
    low, high = thresholds.alarms(counts, threshold), thresholds.alarms(counts, threshold + 1)
    assert high.told <= low.told and high.missed >= low.missed
    true = sum(count for (_, state), count in counts.items() if state is State.CONFIRMED)
    assert low.same + low.missed == true


@given(st.integers(1, 200).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_rate_lies_within_its_interval(rate: tuple[int, int]):
    low, high = thresholds.interval(*rate)
    assert 0 <= low <= round(100 * rate[0] / rate[1]) <= high <= 100


def test_shipped_thresholds_are_those_of_the_weights():
    assert thresholds.read(None) == thresholds.Thresholds(20, 90)
    assert thresholds.percent(0.2) == 20 and thresholds.percent(0.899999) == 89
