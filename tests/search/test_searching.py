"""What a search refuses, what it flags, and what it gives again."""

from datetime import timedelta
from typing import Any

import pytest

from services.search.actions import searching
from services.search.actions.vetting import REGION, Wish
from services.search.store import searches
from shared.contracts.intake import UserChanged
from shared.contracts.people import Identifier, Name, Person
from shared.contracts.platform import AccessRecorded
from shared.contracts.search import MatchFound, PointerShown
from shared.errors import Invalid
from shared.vocabulary import Role
from shared.web import wording
from tests.page_client import PageClient
from tests.search.adults import adult, bare, contact
from tests.search.desk import Desk

WHY = {"reach": REGION, "purpose": "NEW_CONCERN", "reason": "A concern came in."}
NOBODY_ELSE = {"reach": "region", "purpose": "NEW_CONCERN", "reason": "A new concern came in today."}


def search(desk: Desk, asked: Person, name: str = "Test person", **wish: Any) -> searching.Made:
    """Search as an officer of that name."""
    with desk.transaction(name=name) as tx:
        return searching.run_search(tx, Wish(asked, **wish))


def flags(desk: Desk, made: searching.Made) -> tuple[str, ...]:
    """What was flagged of a search."""
    with desk.transaction() as tx:
        found = searches.one(tx, made.search_id)
    assert found is not None
    return found.flags


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        (bare("😀", "🔎🔎"), "surname"),
        (bare("unknown", "unknown"), "surname"),
        (bare("Ada", "Finch", "1850-01-01"), "born"),
        (bare("Ada", "Finch", "2027"), "born"),
        (bare("Ada", "Finch", phones=("ring the school",)), "phone"),
        (bare("Ada", "Finch", emails=("office@school.example",)), "email"),
        (bare("Ada", "Finch", identifiers=(Identifier(scheme="TRN", value="00"),)), "number"),
    ],
)
def test_what_cannot_be_searched_for_is_named_in_a_sentence(desk: Desk, asked: Person, question: str):
    with pytest.raises(Invalid) as problem:
        search(desk, asked)
    assert list(problem.value.fields) == [question]


@pytest.mark.parametrize(
    "name",
    [
        "Ro\u200fsa\u200elind Quill\u202efeather\u202c",
        "Rosalind 😀 Quillfeather",
        "'; DROP TABLE mention; -- Rosalind Quillfeather",
    ],
)
def test_marks_pictures_and_statements_in_a_name_do_no_harm(desk: Desk, name: str):
    desk.hear(contact("c-1"))
    made = search(desk, Person(id="x", names=(Name(full=name),), born="1984-05-13"))
    with desk.transaction() as tx:
        found = searches.one(tx, made.search_id)
    assert found is not None and [hit.contact_id for hit in found.result.own] == ["c-1"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"surname": "x" * 10_000}, "Surname: use 200 characters or fewer."),
        ({"anything": "x" * 10_000}, "Anything you have, in one line: use 300 characters or fewer."),
        ({"surname": "Finch", "born-year": "1850"}, "Date of birth: the year must be 1900 or later."),
        ({"surname": "Finch", "born-year": "2027"}, "Date of birth: the date must be today or in the past."),
        (
            {"surname": "Finch", "born-year": "2025"},
            "Enter a real birth date from 1900 to 2012, or only the year.",
        ),
        ({"surname": "\u200f\u200f"}, "Enter the name in letters. Leave it out when it is not known."),
        ({}, "Enter a name or something else that is known."),
    ],
)
def test_bad_answers_of_the_form_get_one_sentence_each(
    browser: PageClient, typed: dict[str, str], sentence: str
):
    browser.as_(Role.OFFICER).get("/search/people")
    assert browser.submit(typed, "Search", status=422).errors == [sentence]


def test_one_line_of_anything_finds_the_adult(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    browser.as_(Role.OFFICER).get("/search/people")
    page = browser.submit({"anything": "rosalind quillfeather 13.5.1984"}, "Search")
    assert "Strong match" in page.text and "13 May 1984" in page.text
    assert "Teaching assistant, St Osyth's Invented Primary School" in page.text


def test_too_many_searches_of_the_region_within_the_hour_have_to_wait(desk: Desk):
    for number in range(30):
        assert not search(
            desk, bare("Ada", f"Finch{'abcdefghij'[number % 10]}", str(1950 + number)), **WHY
        ).refusal
    made = search(desk, adult(), **WHY)
    assert "Wait a while" in made.refusal and flags(desk, made) == ("had_to_wait",)
    desk.clock.forward(timedelta(hours=1, minutes=1))
    assert not search(desk, adult(), **WHY).refusal


def test_trying_out_birth_dates_is_flagged_and_then_stopped_in_sight_of_the_auditor(
    desk: Desk, browser: PageClient
):
    desk.hear(contact("w-1"), authority="wiltshire")
    made = []
    for day in range(7, 14):
        made.append(search(desk, bare("Rosalind", "Quillfeather", f"1971-11-{day:02}"), **WHY))
        desk.clock.forward(timedelta(seconds=20))
    assert [flags(desk, one) for one in made] == [
        (),
        (),
        *[("varies_one_field",)] * 4,
        ("varies_one_field", "had_to_wait"),
    ]
    assert made[-1].refusal and not desk.published(PointerShown)
    assert desk.published(AccessRecorded)[-1].act == "refused"
    page = browser.as_(Role.AUDITOR).get("/search/searches?show=flagged")
    assert "Not answered, too many within the hour" in page.rows()[0][-1] and len(page.rows()) == 5


@pytest.mark.parametrize(
    ("asked", "flagged"),
    [
        (bare("Ada", "Finch", "1984"), ("own_name",)),
        (bare("Rosalind", "Finch", "1984"), ("same_surname",)),
        (bare("Perpetua", "Oakapple", "1984"), ("colleague",)),
        (bare("Perpetua", "Finch", "1984"), ("same_surname", "colleague")),
        (bare("Zebedee", "Oakapple", "1984"), ()),
    ],
)
def test_searching_for_oneself_a_namesake_or_a_colleague_is_flagged(
    desk: Desk, asked: Person, flagged: tuple[str, ...]
):
    for number, name in enumerate(("Oakapple Perpetua", "Perpetua Finch")):
        desk.hear(
            UserChanged(
                user_id=f"u-{number}", display_name=name, email="p@dorset.example",
                roles=("coordinator",), active=True,
            )
        )  # fmt: skip
    assert flags(desk, search(desk, asked, name="Ada Finch")) == flagged


def test_a_pointer_that_a_match_has_already_is_given_again_and_nobody_is_told_twice(
    desk: Desk, browser: PageClient
):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("d-1"))
    (found,) = desk.published(MatchFound, "dorset")
    assert found.pointer
    quoted = wording.quoted(found.pointer.reference)
    browser.as_(Role.OFFICER).get("/search/people")
    page = browser.submit({"anything": "Rosalind Quillfeather 13/5/1984", **NOBODY_ELSE}, "Search")
    assert quoted in page.text and not desk.published(PointerShown)
    page = browser.click(f"You have this match already, reference {quoted}")
    assert page.heading == "Is this the same adult?"


def test_a_search_is_made_for_a_contact_that_is_here(desk: Desk):
    desk.hear(contact("c-1"))
    assert search(desk, adult(), contact_id="c-1")
    with pytest.raises(Invalid):
        search(desk, adult(), contact_id="c-2")


def test_the_report_counts_searches_without_a_contact_by_person(desk: Desk, browser: PageClient):
    desk.hear(contact("c-1"))
    search(desk, adult(), contact_id="c-1")
    search(desk, adult())
    browser.as_(Role.OFFICER).get("/search/people")
    browser.submit({"surname": "Quillfeather"}, "Search")
    rows = browser.as_(Role.MANAGER).get("/search/searches/report?months=12").rows()
    assert [row[1:] for row in rows] == [["1", "1", "0", "0"], ["2", "1", "0", "0"]]
