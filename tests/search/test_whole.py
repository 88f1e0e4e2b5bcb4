"""Two whole people side by side: every record of both, what only one says, and one answer for all."""

from dataclasses import replace
from datetime import date

import pytest

from services.search.domain.judgement import State, Verdict
from services.search.store import matches
from services.search.web import whole
from shared.contracts.intake import ContactRestricted
from shared.contracts.people import Address
from shared.contracts.platform import AccessRecorded
from shared.contracts.search import LinkRejected
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.search.adults import HOME, adult, contact, name
from tests.search.desk import Desk
from tests.search.test_profiles import arranged, judge

MOVED = Address(line1="2 Quarry Lane", town="Poole", postcode="BH1 9ZZ", since=date(2024, 5, 1))


def two_people(desk: Desk) -> str:
    """Two profiles of two records each, and the match between the first of both."""
    known_as = adult(names=(name("Rosalind", "Quillfeather"), name("Rosie", "Quillfeather", kind="known_as")))
    moved = adult(addresses=(MOVED,), born="1984-05-14")
    desk.hear(contact("c-1"), contact("c-2", known_as), contact("c-3", moved), contact("c-4", moved))
    judge(desk, "c-1", "c-2")
    judge(desk, "c-3", "c-4")
    return match_of(desk, "c-1", "c-3")


def match_of(desk: Desk, one: str, other: str) -> str:
    """The match between the adults of two contacts."""
    with desk.transaction() as tx:
        return next(
            found.match_id
            for found in matches.of_contact(tx, one)
            if {found.contact_id, found.other_contact_id} == {one, other}
        )


def states(desk: Desk) -> dict[str, str]:
    """Every pair of the first person with the second."""
    with desk.transaction() as tx:
        found = matches.of_contacts(tx, ["c-1", "c-2"])
    across = [one for one in found if {one.contact_id, one.other_contact_id} & {"c-3", "c-4"}]
    return {f"{one.contact_id} {one.other_contact_id}": one.state.value for one in across}


def test_what_each_side_says_stands_with_its_records_its_time_and_what_differs():
    moved = replace(adult(), addresses=(HOME, MOVED), phones=())
    rows = {row.heading: row for row in whole.compare({"C-1": adult(), "C-2": adult()}, {"C-3": moved})}
    assert rows["Birth date"].difference == "Same" and rows["Birth date"].mine[0].sources == ("C-1", "C-2")
    assert rows["Addresses"].difference == "Partly the same"
    old, new = rows["Addresses"].theirs
    assert (old.shared, new.shared, new.when) == (True, False, "from 1 May 2024")
    assert rows["Telephone numbers"].difference == "Only one side known"


def test_a_match_leads_to_the_two_whole_people(desk: Desk, browser: PageClient):
    match_id = two_people(desk)
    browser.as_(Role.OFFICER).get(f"/search/matches/{match_id}")
    page = browser.click("Compare everything known of both people")
    rows = {row[0]: row[1:] for row in page.rows("The two people")}
    assert rows["Birth date"][2] == "Differs" and "Rosie Quillfeather (known as)" in str(rows["Names"])
    assert "from 1 May 2024" in str(rows["Addresses"])
    assert len(page.rows("Their records")) == 4 and len(page.rows("What was found between them")) == 4
    looked = desk.published(AccessRecorded)[-1]
    assert looked.result_ids == ("c-1", "c-2", "c-3", "c-4")


@pytest.mark.parametrize(("verdict", "state"), [("different", State.REJECTED), ("unsure", State.UNSURE)])
def test_one_answer_is_kept_for_every_pair_between_them(
    desk: Desk, browser: PageClient, verdict: str, state: State
):
    match_id = two_people(desk)
    browser.as_(Role.OFFICER).get(f"/search/matches/{match_id}/people")
    browser.submit({"verdict": verdict, "reason": "Two dates of birth."}, "Save the decision")
    assert set(states(desk).values()) == {state.value} and len(states(desk)) == 4
    assert arranged(desk) == [["c-1", "c-2"], ["c-3", "c-4"]]
    assert len(desk.published(LinkRejected)) == (4 if state is State.REJECTED else 0)


def test_the_same_adult_joins_all_their_records(desk: Desk, browser: PageClient):
    match_id = two_people(desk)
    browser.as_(Role.OFFICER).get(f"/search/matches/{match_id}/people")
    browser.submit({"verdict": "same", "reason": "The school confirmed it."}, "Save the decision")
    assert arranged(desk) == [["c-1", "c-2", "c-3", "c-4"]]
    assert "held to be of one adult already" in browser.get(f"/search/matches/{match_id}/people").text


def test_an_answer_needs_a_reason_and_the_records_that_were_shown(desk: Desk, browser: PageClient):
    match_id = two_people(desk)
    browser.as_(Role.OFFICER).get(f"/search/matches/{match_id}/people")
    browser.submit({"verdict": "same", "reason": ""}, "Save the decision", status=422)
    browser.get(f"/search/matches/{match_id}/people")
    judge(desk, "c-3", "c-4", Verdict.DIFFERENT)
    page = browser.submit({"verdict": "same", "reason": "Seen."}, "Save the decision", status=422)
    assert "The records changed while you were looking" in page.text


def test_a_record_that_is_closed_to_the_reader_is_on_neither_side(desk: Desk, browser: PageClient):
    match_id = two_people(desk)
    desk.hear(ContactRestricted(contact_id="c-2", never=("dorset-officer",)))
    page = browser.as_(Role.OFFICER).get(f"/search/matches/{match_id}/people")
    assert "C-C-2" not in page.text and len(page.rows("Their records")) == 3
    desk.hear(ContactRestricted(contact_id="c-3", never=("dorset-officer",)))
    browser.get(f"/search/matches/{match_id}/people", status=404)


def test_another_authoritys_adult_is_never_compared_as_a_whole(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("c-1"))
    with desk.transaction() as tx:
        (pointed,) = matches.of_contact(tx, "c-1")
    browser.as_(Role.OFFICER).get(f"/search/matches/{pointed.match_id}/people", status=404)


def test_a_person_names_the_records_that_may_be_theirs_too(desk: Desk, browser: PageClient):
    two_people(desk)
    browser.as_(Role.OFFICER).get("/search/profiles")
    page = browser.click(next(words for words in browser.page.links if "Quillfeather" in words))  # type: ignore[union-attr]
    assert len(page.rows("Records that may be of this adult too")) == 4
