"""Patterns that search found, at triage: on the page of each contact and as a mark on lists."""

from typing import Any

import pytest

from services.intake.actions import contacts as acts
from services.intake.domain.contact import Contact
from services.intake.store import concerns, erasures, patterns
from shared import replicas
from shared.contracts.findings import PatternGround
from shared.contracts.search import PatternFound, PatternReviewed, PatternWithdrawn
from shared.store.database import Database
from shared.vocabulary import Role
from tests.intake.builders import a_report
from tests.intake.conftest import Open, Visitor
from tests.intake.test_consumers import NOW, hear


@pytest.fixture
def two(opened: Open) -> tuple[Contact, Contact]:
    """Two contacts of Dorset."""
    with opened() as tx:
        return acts.receive_contact(tx, a_report()), acts.receive_contact(tx, a_report())


def found(*contacts: Contact, **differs: Any) -> PatternFound:
    """Concerns about one adult."""
    ids = tuple(one.id for one in contacts)
    ground = PatternGround(sign="person_concerns", until=NOW, count=2, adults=1)
    given: dict[str, Any] = {
        "contact_ids": ids,
        "added": ids,
        "kind": "person",
        "needs": 2,
        "grounds": (ground,),
    }
    return PatternFound(
        pattern_id="pt-1", reference="PT-00000001", setting_id="", found_at=NOW, **{**given, **differs}
    )


def test_each_contact_of_a_pattern_tells_of_it_and_lists_mark_it(
    intake: Database, opened: Open, two: tuple[Contact, Contact]
):
    hear(intake, found(*two), found(*two))
    with opened() as tx:
        for one in two:
            (shown,) = patterns.of_contact(tx, one.id)
            assert (shown.reference, shown.signs, shown.state) == (
                "PT-00000001",
                ("person_concerns",),
                "open",
            )
            assert concerns.badges(tx, [one.id])[one.id].words == "1 pattern"


def test_a_reviewed_pattern_says_what_came_of_it_and_is_no_mark_on_lists_any_more(
    intake: Database, opened: Open, two: tuple[Contact, Contact]
):
    reviewed = PatternReviewed(pattern_id="pt-1", finding="acted", reviewed_by="officer-1", reviewed_at=NOW)
    hear(intake, found(*two), reviewed)
    with opened() as tx:
        assert patterns.of_contact(tx, two[0].id)[0].finding == "acted"
        assert not concerns.badges(tx, [two[0].id])


def test_a_withdrawn_pattern_is_told_of_no_more(intake: Database, opened: Open, two: tuple[Contact, Contact]):
    hear(intake, found(*two), PatternWithdrawn(pattern_id="pt-1"))
    with opened() as tx:
        assert not patterns.of_contact(tx, two[0].id)


def test_a_pattern_that_grew_or_shrank_is_told_of_by_the_contacts_it_rests_on_now(
    intake: Database, opened: Open, two: tuple[Contact, Contact]
):
    with opened() as tx:
        third = acts.receive_contact(tx, a_report())
    hear(intake, found(*two), found(two[0], third))
    with opened() as tx:
        assert patterns.of_contact(tx, third.id) and not patterns.of_contact(tx, two[1].id)


def test_whoever_may_see_too_few_of_its_contacts_learns_of_no_pattern(
    intake: Database, opened: Open, two: tuple[Contact, Contact]
):
    hear(intake, found(*two))
    with opened() as tx:
        replicas.restrict(tx, two[0].id, only=("somebody-else",))
        assert not patterns.of_contact(tx, two[1].id) and not concerns.badges(tx, [two[1].id])
    with opened(user="somebody-else") as tx:
        assert patterns.of_contact(tx, two[1].id)


def test_an_erased_contact_is_part_of_no_pattern(
    intake: Database, opened: Open, two: tuple[Contact, Contact]
):
    hear(intake, found(*two, needs=1))
    with opened() as tx:
        erasures.wipe(tx, two[0].id)
        assert not patterns.of_contact(tx, two[0].id) and patterns.of_contact(tx, two[1].id)


def test_another_authority_knows_nothing_of_it(intake: Database, opened: Open, two: tuple[Contact, Contact]):
    hear(intake, found(*two))
    with opened(authority="wiltshire") as tx:
        assert not patterns.of_contact(tx, two[0].id)


def test_an_officer_reads_it_at_triage_and_goes_to_it(
    intake: Database, browser: Visitor, two: tuple[Contact, Contact]
):
    hear(intake, found(*two))
    page = browser.as_(Role.OFFICER).get(f"/intake/contacts/{two[0].id}")
    assert "This contact is part of a pattern" in page.text and "Concerns about the same adult" in page.text
    assert page.links["Pattern PT-00000001"] == "/search/patterns/pt-1"
    assert browser.get("/intake/contacts").rows()[0][2] == "1 pattern"
