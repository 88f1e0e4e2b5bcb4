"""What intake puts right is looked for anew: details corrected, reports joined and parted."""

from services.search.actions import searching
from services.search.actions.vetting import Wish
from services.search.store import searches
from shared.contracts.casework import CaseRestricted
from shared.contracts.intake import ContactCorrected, ContactErased, ContactMerged, ContactUnmerged
from shared.contracts.people import Person
from shared.contracts.search import MatchFound, MatchWithdrawn, PatternFound, PatternWithdrawn
from tests.search.adults import MONDAY, adult, bare, case, contact
from tests.search.desk import Desk
from tests.search.erasures import rows_naming

MERGED = ContactMerged(contact_id="c-2", into="c-1", merged_by="u-1", merged_at=MONDAY)
PARTED = ContactUnmerged(contact_id="c-2", was_in="c-1", unmerged_by="u-1", unmerged_at=MONDAY)


def corrected(contact_id: str, *adults: Person) -> ContactCorrected:
    """An officer put these adults right."""
    return ContactCorrected(contact_id=contact_id, adults=adults, corrected_by="u-1", corrected_at=MONDAY)


def found(desk: Desk, asked: Person) -> list[str]:
    """The own contacts that a search finds."""
    with desk.transaction() as tx:
        one = searches.one(tx, searching.run_search(tx, Wish(asked)).search_id)
    assert one is not None
    return [hit.contact_id for hit in one.result.own]


def test_who_is_put_right_is_found_by_what_is_known_now_and_no_longer_by_what_was_wrong(desk: Desk):
    wrong = bare("Zebedee", "Wrongly", "1961-02-03")
    desk.hear(contact("c-1"), contact("c-2", wrong), corrected("c-2", adult()))
    assert [one.contact_id for one in desk.published(MatchFound)] == ["c-2"]
    assert found(desk, wrong) == [] and sorted(found(desk, adult())) == ["c-1", "c-2"]
    desk.hear(corrected("c-2", wrong))
    assert [one.contact_id for one in desk.published(MatchWithdrawn)] == ["c-2"]


def test_what_a_case_says_stands_above_a_correction_that_comes_late(desk: Desk):
    desk.hear(
        contact("c-1"), case("k-1", "c-1", adult()), corrected("c-1", bare("Zebedee", "Wrongly", "1961"))
    )
    assert found(desk, adult()) == ["c-1"]


def test_what_was_put_right_in_the_case_too_stands_above_what_the_case_began_with(desk: Desk):
    right = bare("Zebedee", "Rightly", "1961-02-03")
    told = ContactCorrected(
        contact_id="c-1", adults=(right,), corrected_by="u-1", corrected_at=MONDAY, case_id="k-1"
    )
    desk.hear(contact("c-1"), told)
    assert found(desk, right) == []
    desk.hear(case("k-1", "c-1", adult()))
    assert found(desk, right) == ["c-1"] and found(desk, adult()) == [] and not desk.waiting()


def test_two_reports_of_one_concern_are_no_match_and_no_pattern_until_they_are_parted(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    desk.hear(MERGED)
    assert len(desk.published(MatchWithdrawn)) == len(desk.published(PatternWithdrawn)) == 1
    desk.hear(contact("c-3"))
    assert [one.grounds[0].count for one in desk.published(PatternFound)][-1] == 2
    desk.hear(PARTED)
    assert [one.grounds[0].count for one in desk.published(PatternFound)][-1] == 3
    assert len(desk.published(MatchFound)) > len(desk.published(MatchWithdrawn)) + 1


def test_another_report_of_a_concern_is_found_by_nobody_whom_the_concern_is_closed_to(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2", bare("Zebedee", "Wrongly", "1961-02-03")), MERGED)
    asked = bare("Zebedee", "Wrongly", "1961-02-03")
    assert found(desk, asked) == ["c-2"]
    desk.hear(case("k-1", "c-1"), CaseRestricted(case_id="k-1", only=("somebody",)))
    assert found(desk, asked) == []


def test_of_a_merged_contact_nothing_is_left_once_it_is_erased(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), MERGED, ContactErased(contact_id="c-2", erased_at=MONDAY))
    assert rows_naming(desk, "c-2") == ["erased"]
