"""The JSON side of search."""

import pytest

from shared.contracts.search import MatchFound
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.search.adults import contact
from tests.search.desk import Desk

ASKED = {"names": [{"given": "Rosalind", "surname": "Quillfeather"}], "born": "1984-05-13"}


def test_a_search_answers_with_own_records_and_pointers(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    desk.hear(contact("w-1"), authority="wiltshire")
    body = {"person": ASKED, "reach": "region", "purpose": "NEW_CONCERN", "reason": "A concern came in."}
    answer = browser.as_(Role.OFFICER).send("POST", "/search/api/searches", body, status=201).json
    (own,) = answer["own"]
    (pointer,) = answer["pointers"]
    assert own["contact_id"] == "c-1" and own["band"] == "strong"
    assert abs(sum(line["bits"] for line in own["waterfall"]) - own["bits"]) < 0.1
    assert set(pointer) == {"holder", "contact_route", "reference", "band", "recency", "agrees"}
    again = browser.get(f"/search/api/searches/{answer['search_id']}").json
    assert again["pointers"] == answer["pointers"]


def test_a_search_that_may_not_cross_is_a_problem_with_its_fields(browser: PageClient):
    body = {"person": ASKED, "reach": "region"}
    answer = browser.as_(Role.OFFICER).send("POST", "/search/api/searches", body, status=422).json
    assert set(answer["errors"]) == {"purpose", "reason"}


def test_what_nobody_knows_is_refused(browser: PageClient):
    body = {"person": {**ASKED, "mothers_name": "x"}}
    browser.as_(Role.OFFICER).send("POST", "/search/api/searches", body, status=422)
    browser.send("POST", "/search/api/searches", {"person": {"born": "next year"}}, status=422)


def test_the_matches_of_a_contact_are_listed_and_judged(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    (listed,) = browser.as_(Role.OFFICER).get("/search/api/contacts/c-2/matches").json["matches"]
    assert listed["match_id"] == found.match_id and listed["other_contact_id"] == "c-1"
    body = {"verdict": "same", "reason": "The same number."}
    answer = browser.send("POST", f"/search/api/matches/{found.match_id}/judgement", body, status=201).json
    assert answer["state"] == "confirmed"


def test_a_coordinator_reads_matches_but_does_not_search(browser: PageClient):
    browser.as_(Role.COORDINATOR).send("POST", "/search/api/searches", {"person": ASKED}, status=403)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2031", "The date must be today or in the past."),
        ("1984-02-31", "Enter a real date, like 27 3 2026."),
        ("1984-5-1", "Write YYYY, YYYY-MM or YYYY-MM-DD."),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused_with_the_sentence_of_the_form(
    browser: PageClient, written: str, sentence: str
):
    body = {"person": {**ASKED, "born": written}}
    answer = browser.as_(Role.OFFICER).send("POST", "/search/api/searches", body, status=422).json
    assert str(answer["errors"]).count(sentence) == 1
