"""Records joined into people and parted again, with what speaks against a join."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.search.actions import judging
from services.search.domain import clusters
from services.search.domain.clusters import Link, Node
from services.search.domain.judgement import Verdict
from services.search.store import matches, profiles
from shared.contracts.intake import ContactRestricted
from shared.contracts.search import (
    LinkConfirmed,
    LinkUnsure,
    MatchFound,
    MatchWithdrawn,
    ProfileJoined,
    ProfileSplit,
)
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.search.adults import adult, bare, case, contact
from tests.search.desk import Desk

A, B, C, D = (("c-1", "p"), ("c-2", "p"), ("c-3", "p"), ("c-4", "p"))


def link(one: Node, other: Node, *, joins: bool = True, sure: bool = True, **more: bool) -> Link:
    """A judged pair."""
    return Link(one, other, f"{one[0]}/{other[0]}", joins, sure, **more)


def judge(desk: Desk, one: str, other: str, verdict: Verdict = Verdict.SAME) -> None:
    """An officer decides about the pair of two contacts."""
    with desk.transaction() as tx:
        found = matches.of_contact(tx, one)
        pairs = {frozenset((each.contact_id, each.other_contact_id)): each for each in found}
        judging.judge(tx, pairs[frozenset((one, other))].match_id, verdict, "Seen both files.")


def arranged(desk: Desk) -> list[list[str]]:
    """The contacts of each profile."""
    with desk.transaction() as tx:
        found, _ = profiles.listed(tx, flagged=False, asked=(0, 20))
        return sorted(sorted(node[0] for node in profiles.members(tx, one.profile_id)) for one in found)


def flags(desk: Desk) -> set[str]:
    """Everything that is flagged of any profile."""
    with desk.transaction() as tx:
        return {flag for one in profiles.listed(tx, flagged=True, asked=(0, 20))[0] for flag in one.flags}


def four(desk: Desk) -> None:
    """Four contacts about one adult."""
    desk.hear(*(contact(f"c-{number}") for number in range(1, 5)))


def test_a_pair_judged_the_same_is_one_person(desk: Desk):
    four(desk)
    assert arranged(desk) == []
    judge(desk, "c-1", "c-2")
    assert arranged(desk) == [["c-1", "c-2"]]
    (joined,) = desk.published(ProfileJoined)
    assert [one.contact_id for one in joined.moved] == ["c-1", "c-2"] and joined.by == "officer-1"


def test_two_people_become_one_and_part_again_with_their_history_kept(desk: Desk):
    four(desk)
    judge(desk, "c-1", "c-2")
    judge(desk, "c-3", "c-4")
    assert arranged(desk) == [["c-1", "c-2"], ["c-3", "c-4"]]
    judge(desk, "c-2", "c-3")
    assert arranged(desk) == [["c-1", "c-2", "c-3", "c-4"]]
    judge(desk, "c-2", "c-3", Verdict.DIFFERENT)
    assert arranged(desk) == [["c-1", "c-2"], ["c-3", "c-4"]]
    split = desk.published(ProfileSplit)[-1]
    assert len(split.moved) == len(split.records) == 2
    with desk.transaction() as tx:
        (at,) = set(profiles.of(tx, {("c-4", "adult-1")}).values())
        history = profiles.history(tx, at, {("c-4", "adult-1")})
    assert {one.kind for one in history} == {"joined", "left"} and len(history) >= 4


def test_one_that_is_no_longer_sure_leaves(desk: Desk):
    four(desk)
    judge(desk, "c-1", "c-2")
    judge(desk, "c-1", "c-2", Verdict.UNSURE)
    assert arranged(desk) == [] and desk.published(ProfileSplit)[-1].records == ()
    assert len(desk.published(LinkUnsure)) == 1


def test_a_correction_that_still_agrees_keeps_the_person_and_asks_for_another_look(desk: Desk):
    four(desk)
    judge(desk, "c-1", "c-2")
    desk.hear(case("k-1", "c-2", replace(adult(), phones=())))
    assert arranged(desk) == [["c-1", "c-2"]] and flags(desk) == {"reopened"}
    judge(desk, "c-1", "c-2")
    assert flags(desk) == set() and len(desk.published(LinkConfirmed)) == 2


def test_a_correction_to_another_adult_takes_the_record_out_and_withdraws_the_match(desk: Desk):
    four(desk)
    judge(desk, "c-1", "c-2")
    judge(desk, "c-2", "c-3")
    desk.hear(case("k-1", "c-3", bare("Zebedee", "Oakapple", "1951-01-30")))
    assert arranged(desk) == [["c-1", "c-2"]]
    assert len(desk.published(MatchWithdrawn)) == 3 and not desk.waiting()


def test_records_judged_to_differ_inside_one_person_are_flagged(desk: Desk):
    four(desk)
    judge(desk, "c-1", "c-2")
    judge(desk, "c-2", "c-3")
    judge(desk, "c-1", "c-3", Verdict.DIFFERENT)
    assert arranged(desk) == [["c-1", "c-2", "c-3"]] and flags(desk) == {"judged_different"}


def test_a_weak_link_that_alone_holds_a_person_together_is_flagged():
    links = [link(A, B), link(B, C, sure=False)]
    (said,) = clusters.weaknesses({A, B, C}, links)
    assert said[:3] == ("weak_link", B, C)
    assert clusters.weaknesses({A, B, C}, [*links, link(A, C, joins=False)]) == []


def test_a_chain_whose_ends_were_never_alike_is_flagged():
    links = [link(A, B), link(B, C), link(C, D)]
    (said,) = clusters.weaknesses({A, B, C, D}, links)
    assert said == ("far_apart", A, D, "")
    assert clusters.weaknesses({A, B, C, D}, [*links, link(A, C, joins=False)]) == []


def test_a_single_weak_pair_is_the_whole_person_and_no_chain():
    assert clusters.weaknesses({A, B}, [link(A, B, sure=False)]) == []


@given(st.sets(st.tuples(st.sampled_from([A, B, C, D]), st.sampled_from([A, B, C, D]))))
def test_parts_cover_every_record_once_and_no_join_leaves_its_part(pairs: set[tuple[Node, Node]]):
    links = [link(one, other) for one, other in pairs]
    parts = clusters.parts({A, B, C, D}, links)
    assert sorted(node for part in parts for node in part) == [A, B, C, D]
    assert all(any({one, other} <= part for part in parts) for one, other in pairs)


def test_the_page_of_a_person_shows_what_each_record_says_and_its_doubts(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2", adult(born="1984-05-31")), contact("c-3"))
    judge(desk, "c-1", "c-2")
    judge(desk, "c-2", "c-3")
    judge(desk, "c-1", "c-3", Verdict.DIFFERENT)
    page = browser.as_(Role.COORDINATOR).get("/search/profiles?show=flagged")
    assert page.rows()[0][:2] == ["Rosalind Maud Quillfeather", "3"]
    page = browser.click("Rosalind Maud Quillfeather")
    born = next(row for row in page.rows("What the records say") if row[0] == "Birth date")
    assert "13 May 1984 (C-C-1, C-C-3)" in born[1] and "31 May 1984 (C-C-2)" in born[1]
    assert born[2] == "Differs"
    assert "judged to be of different adults: C-C-1 and C-C-3" in page.text
    assert len(page.rows("Records")) == 3 and len(page.rows("Why they are held to be one adult")) == 3
    assert "C-C-3 joined this person" in page.text


def test_a_person_is_reached_from_results_contact_and_match(desk: Desk, browser: PageClient):
    four(desk)
    judge(desk, "c-1", "c-2")
    browser.as_(Role.OFFICER).get("/search/people")
    page = browser.submit({"surname": "Quillfeather", "given": "Rosalind"}, "Search")
    assert page.text.count("Every record of this adult") == 2
    browser.get("/search/contacts/c-2")
    assert browser.click("Every record of Rosalind Maud Quillfeather").heading == "Rosalind Maud Quillfeather"
    (found, *_) = desk.published(MatchFound)
    browser.get(f"/search/matches/{found.match_id}")
    assert browser.click("Every record of this adult").heading == "Rosalind Maud Quillfeather"


def test_records_closed_to_the_reader_are_not_counted_named_or_shown(desk: Desk, browser: PageClient):
    four(desk)
    judge(desk, "c-1", "c-2")
    judge(desk, "c-2", "c-3")
    desk.hear(ContactRestricted(contact_id="c-3", never=("dorset-officer",)))
    page = browser.as_(Role.OFFICER).get("/search/profiles")
    assert page.rows()[0][1] == "2"
    page = browser.click("Rosalind Maud Quillfeather")
    assert "C-C-3" not in page.text and "2 records" in page.text
    assert browser.as_(Role.OFFICER, "wiltshire").get(page.path, status=404).status == 404
