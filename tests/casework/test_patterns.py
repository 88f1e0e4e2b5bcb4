"""A pattern that search found is told in the chronology of each case that is new to it."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.store import chronology, patterns
from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.findings import PatternGround
from shared.contracts.intake import ContactErased, ContactRestricted
from shared.contracts.search import PatternFound, PatternReviewed, PatternWithdrawn
from shared.store.database import Database
from shared.vocabulary import Role
from tests.casework.builders import CONTACT, MONDAY, open_a_case, prepare, system
from tests.casework.conftest import Desk
from tests.casework.test_consumers import hear
from tests.casework.test_erasing import holding
from tests.page_client import PageClient

TOLD, TAKEN_BACK = "Part of a pattern", "No longer part of a pattern"
REVIEWED = "A pattern was reviewed"


@pytest.fixture
def casework(database: Callable[[str], Database]) -> Database:
    """Casework's database alone, with its authority."""
    made = database("casework")
    prepare(made)
    return made


def found(**differs: Any) -> PatternFound:
    """Concerns about one adult: the contact of the case, and one that has none."""
    ground = PatternGround(sign="person_concerns", until=MONDAY, count=2, adults=1)
    given: dict[str, Any] = {
        "kind": "person", "setting_id": "", "contact_ids": (CONTACT, "c-9"), "added": (CONTACT, "c-9"),
        "needs": 2, "grounds": (ground,),
    }  # fmt: skip
    return PatternFound(pattern_id="pt-1", reference="PT-00000001", found_at=MONDAY, **{**given, **differs})


def reviewed(finding: str) -> PatternReviewed:
    """Somebody looked at it."""
    return PatternReviewed(pattern_id="pt-1", finding=finding, reviewed_by="officer-1", reviewed_at=MONDAY)


def told(casework: Database, case_id: str, title: str = TOLD) -> list[str]:
    """What the chronology says of patterns, the words."""
    with casework.reading(system()) as tx:
        return [line.words for line in chronology.of_case(tx, case_id) if line.title == title]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("person", "concerns about the same adult"),
        ("setting", "concerns at the same setting"),
        ("provider", "concerns at the settings of one body"),
    ],
)
def test_the_chronology_says_what_the_pattern_is_about(casework: Database, kind: str, words: str):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, found(kind=kind))
    assert told(casework, case_id) == [f"PT-00000001: {words}."]


def test_a_pattern_that_was_found_before_is_told_when_the_case_opens_and_stands_on_its_page(
    casework: Database,
):
    with casework.transaction(system()) as tx:
        hear(tx, found())
    case_id = open_a_case(casework)
    assert told(casework, case_id) == ["PT-00000001: concerns about the same adult."]
    with casework.transaction(system()) as tx:
        hear(tx, found())
    assert len(told(casework, case_id)) == 1
    assert known(casework) == ["PT-00000001"]


def test_the_page_of_a_case_leads_to_the_pattern_and_says_nothing_of_it_to_whoever_may_not_see_enough(
    desk: Desk, case: str, browser: PageClient
):
    with desk.database.transaction(system()) as tx:
        hear(tx, found())
    page = browser.get(case)
    assert "PT-00000001: concerns about the same adult." in page.text
    assert page.links["Open the pattern PT-00000001"] == "/search/patterns/pt-1"
    with desk.database.transaction(system()) as tx:
        replicas.restrict(tx, "c-9", only=("officer-9",))
    assert "Open the pattern" not in str(browser.get(case).links)


def test_a_pattern_that_was_withdrawn_before_is_not_told_when_the_case_opens(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, found(), PatternWithdrawn(pattern_id="pt-1"))
    assert told(casework, open_a_case(casework)) == [] and known(casework) == []


def test_a_pattern_that_rests_on_a_contact_closed_since_is_not_told_when_the_case_opens(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, found(), ContactRestricted(contact_id="c-9", never=("officer-1",)))
    assert told(casework, open_a_case(casework)) == [] and known(casework) == []


def test_a_pattern_that_rests_on_a_case_closed_since_is_not_told_in_the_other(casework: Database):
    other = open_a_case(casework, contact_id="c-9")
    with casework.transaction(system()) as tx:
        replicas.restrict(tx, other, never=("officer-1",))
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, found())
    assert told(casework, case_id) == [] and known(casework) == []


def known(casework: Database) -> list[str]:
    """The patterns on the page of the case, for an officer."""
    officer = Scope("dorset", Actor("officer-1", frozenset({Role.OFFICER}), "Test person"), "test")
    with casework.reading(officer) as tx:
        return [one.reference for one in patterns.of_contact(tx, CONTACT)]


def test_a_pattern_that_grows_is_told_only_to_the_cases_that_are_new_to_it(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, found(), found(contact_ids=(CONTACT, "c-9", "c-10"), added=("c-10",)))
    assert len(told(casework, case_id)) == 1


def test_a_pattern_of_contacts_without_a_case_is_told_nowhere(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, found(contact_ids=("c-9", "c-10"), added=("c-9", "c-10")))
    assert told(casework, case_id) == []


def test_a_pattern_that_rests_on_a_closed_contact_is_not_told_to_whoever_may_not_see_it(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, ContactRestricted(contact_id="c-9", never=("officer-1",)), found())
    assert told(casework, case_id) == []


def test_enough_open_contacts_are_told_of_though_another_is_closed(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        replicas.restrict(tx, "c-9", never=("officer-1",))
        hear(tx, found(contact_ids=(CONTACT, "c-9", "c-10"), added=(CONTACT,)))
    assert len(told(casework, case_id)) == 1


def test_a_pattern_that_is_withdrawn_is_taken_back_once_in_each_case_that_was_told_of_it(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, found(), PatternWithdrawn(pattern_id="pt-1"), PatternWithdrawn(pattern_id="pt-1"))
    words = ["PT-00000001: records were corrected, parted, cleared or erased."]
    assert told(casework, case_id, TAKEN_BACK) == words


def test_a_case_that_was_told_of_no_pattern_is_not_told_that_it_was_withdrawn(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        replicas.restrict(tx, "c-9", never=("officer-1",))
        hear(tx, found(), PatternWithdrawn(pattern_id="pt-1"))
    assert told(casework, case_id, TAKEN_BACK) == []


def test_a_pattern_that_goes_on_without_a_case_is_taken_back_there(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, found(), found(contact_ids=("c-9", "c-10"), added=("c-10",)))
    assert len(told(casework, case_id, TAKEN_BACK)) == 1


@pytest.mark.parametrize(
    ("finding", "words"), [("acted", "Acted upon"), ("explained", "Explained by something else")]
)
def test_what_was_found_of_a_pattern_stands_on_the_page_of_the_case_and_in_its_chronology(
    desk: Desk, case: str, browser: PageClient, finding: str, words: str
):
    with desk.database.transaction(system()) as tx:
        hear(tx, found())
    assert "To be reviewed" in browser.get(case).text
    with desk.database.transaction(system()) as tx:
        hear(tx, reviewed(finding))
    page = browser.get(case)
    assert words in page.text and "To be reviewed" not in page.text
    assert f"PT-00000001: {words.lower()}." in browser.get(f"{case}/chronology").text


def test_a_case_that_opens_after_the_review_says_what_was_found(casework: Database):
    with casework.transaction(system()) as tx:
        hear(tx, found(), reviewed("explained"))
    case_id = open_a_case(casework)
    words = "PT-00000001: concerns about the same adult. Explained by something else."
    assert told(casework, case_id) == [words] and told(casework, case_id, REVIEWED) == []


def test_a_case_that_was_not_told_of_a_pattern_is_not_told_what_was_found(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        replicas.restrict(tx, "c-9", never=("officer-1",))
        hear(tx, found(), reviewed("acted"))
    assert told(casework, case_id, REVIEWED) == []


def test_a_pattern_that_is_heard_of_after_its_contact_was_erased_brings_nothing_back(casework: Database):
    case_id = open_a_case(casework)
    with casework.transaction(system()) as tx:
        hear(tx, ContactErased(contact_id="c-9", erased_at=MONDAY))
        hear(tx, found(contact_ids=(CONTACT, "c-9", "c-10"), added=(CONTACT, "c-9")), reviewed("acted"))
    assert holding(casework, "c-9") == {"erased"}
    assert len(told(casework, case_id)) == len(told(casework, case_id, REVIEWED)) == 1
