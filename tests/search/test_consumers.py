"""What search does about the facts it hears."""

from datetime import timedelta

import pytest

from services.search.store import mentions
from shared.contracts.casework import CaseRestricted, CaseUnrestricted
from shared.contracts.intake import ContactClosed, ContactErased, ContactRestricted, ContactUnrestricted
from shared.contracts.message import Origin
from shared.contracts.people import Address, Identifier, Name
from shared.contracts.search import ContactChecked, MatchFound, MatchWithdrawn, PatternFound, SettingListed
from shared.vocabulary import Band, Decision, Recency
from tests.search.adults import MONDAY, adult, bare, case, contact
from tests.search.desk import Desk

MARRIED = adult(
    names=(Name(given="Rosalind", surname="Tanglewood"),),
    addresses=(Address(line1="3 Ferry Steps", town="Salisbury", postcode="SP1 7TT"),),
    phones=("+44 7700 900123",),
)


def test_an_adult_named_before_in_the_same_authority_is_an_own_record_with_evidence(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2", bare("Rosie", "Quillfether", "1984-05-13")))
    (found,) = desk.published(MatchFound)
    assert found.contact_id == "c-2" and found.pointer is None and found.own is not None
    assert found.own.contact_id == "c-1" and found.own.band in {Band.STRONG, Band.LIKELY}
    assert any("surname" in line.words for line in found.own.evidence)


def test_what_follows_from_each_contact_of_a_batch_is_told_as_its_own_before_it_is_checked(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), contact("c-3", bare("Zebedee", "Oakapple")))
    told = [(one.correlation_id, type(event)) for one, event in desk.journal("dorset")]
    assert [kind for of, kind in told if of == "c-1"] == [SettingListed, ContactChecked]
    assert [kind for of, kind in told if of == "c-2"] == [MatchFound, ContactChecked]
    # That three were named at one setting follows from all of them.
    assert [kind for of, kind in told if of == "c-3"] == [ContactChecked, PatternFound]


def test_a_batch_that_ends_with_an_erasure_tells_nothing_of_the_contact_that_is_gone(desk: Desk):
    desk.hear(contact("c-1"))
    desk.hear(ContactErased(contact_id="c-2", erased_at=MONDAY), contact("c-2"), contact("c-3"))
    assert [one.contact_id for one in desk.published(ContactChecked)] == ["c-1", "c-3"]
    assert [one.contact_id for one in desk.published(MatchFound)] == ["c-3"]


def test_an_adult_named_before_in_another_authority_is_a_pointer_and_its_holder_is_told(desk: Desk):
    desk.hear(contact("w-1", MARRIED), authority="wiltshire")
    desk.hear(contact("d-1"))
    (asked,) = desk.published(MatchFound, "dorset")
    (held,) = desk.published(MatchFound, "wiltshire")
    assert asked.contact_id == "d-1" and asked.own is None and asked.pointer is not None
    assert asked.pointer.holder == "wiltshire" and asked.pointer.contact_route == "duty@wiltshire.example"
    assert held.contact_id == "w-1" and held.pointer is not None and held.pointer.holder == "dorset"
    assert asked.pointer.reference == held.match_id and held.pointer.reference == asked.match_id
    assert asked.pointer.recency is Recency.UNDER_1_YEAR
    assert {"birth date", "telephone number", "registration number"} <= set(asked.pointer.agrees)


def test_who_asked_is_not_told_to_the_holder(desk: Desk):
    desk.hear(contact("w-1", MARRIED), authority="wiltshire")
    desk.hear(contact("d-1"))
    told = [one for one, event in desk.journal("wiltshire") if isinstance(event, MatchFound)]
    assert [one.actor for one in told] == ["system:search"]


def test_an_authority_that_does_not_pool_neither_shows_nor_asks(desk: Desk):
    desk.hear(contact("h-1"), authority="hampshire")
    desk.hear(contact("d-1"))
    desk.hear(contact("h-2"), authority="hampshire")
    assert not desk.published(MatchFound, "dorset")
    assert [one.pointer for one in desk.published(MatchFound, "hampshire")] == [None]


def test_an_authority_that_leaves_the_pool_is_not_pointed_at_any_more(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.clock.forward(timedelta(minutes=1))
    desk.open_authority("wiltshire", pooled=False)
    desk.hear(contact("d-1"))
    assert not desk.published(MatchFound)


def test_adults_of_one_contact_are_not_matches_of_each_other(desk: Desk):
    desk.hear(contact("c-1", adult("one"), adult("two")))
    assert not desk.published(MatchFound)


def test_the_same_fact_of_the_same_contact_again_tells_nothing_twice(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    desk.hear(case("k-1", "c-2", adult()))
    assert len(desk.published(MatchFound)) == 1


def test_what_the_case_knows_better_replaces_what_the_contact_said(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2", bare("R", "Quill")))
    assert not desk.published(MatchFound)
    desk.hear(case("k-1", "c-2", adult()))
    assert [one.contact_id for one in desk.published(MatchFound)] == ["c-2"]


def test_a_case_heard_before_its_contact_is_not_undone_by_it(desk: Desk):
    desk.hear(case("k-1", "c-1", adult()))
    desk.hear(contact("c-1", bare("R", "Quill")))
    with desk.transaction() as tx:
        assert mentions.find(tx, ["c-1"])["c-1", "adult-1"].person == adult()


def test_a_pair_keeps_its_ids_whichever_side_is_heard_of_again(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("d-1"))
    ids = {one.match_id for one in desk.published(MatchFound)}
    desk.hear(case("k-1", "w-1", adult(phones=())), authority="wiltshire")
    desk.hear(case("k-2", "d-1", adult(emails=())))
    assert {one.match_id for one in desk.published(MatchFound)} == ids
    assert not desk.published(MatchWithdrawn)


def test_a_match_that_a_correction_ends_is_withdrawn_on_both_sides(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("d-1"))
    assert len(desk.published(MatchFound)) == 2
    desk.hear(case("k-1", "d-1", bare("Zebedee", "Oakapple", "1951-01-30")))
    assert [one.contact_id for one in desk.published(MatchWithdrawn, "dorset")] == ["d-1"]
    assert [one.contact_id for one in desk.published(MatchWithdrawn, "wiltshire")] == ["w-1"]


def test_a_record_closed_to_anybody_is_pointed_at_by_nobody(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(ContactRestricted(contact_id="w-1", never=("officer-7",)), authority="wiltshire")
    desk.hear(contact("d-1"))
    assert not desk.published(MatchFound)


def test_a_record_that_is_closed_later_is_withdrawn_elsewhere_and_found_again_when_opened(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("d-1"))
    desk.hear(ContactRestricted(contact_id="d-1", only=("officer-1",)))
    assert [one.contact_id for one in desk.published(MatchWithdrawn, "wiltshire")] == ["w-1"]
    assert not desk.published(MatchWithdrawn, "dorset")
    desk.hear(ContactUnrestricted(contact_id="d-1"))
    assert len(desk.published(MatchFound, "wiltshire")) == 2


def test_a_closed_case_closes_the_contact_it_grew_from(desk: Desk):
    desk.hear(contact("w-1"), case("k-1", "w-1", adult()), authority="wiltshire")
    desk.hear(CaseRestricted(case_id="k-1", never=("officer-7",)), authority="wiltshire")
    desk.hear(contact("d-1"))
    assert not desk.published(MatchFound)
    desk.hear(CaseUnrestricted(case_id="k-1"), authority="wiltshire")
    assert [one.contact_id for one in desk.published(MatchFound, "dorset")] == ["d-1"]


def test_recency_follows_the_last_activity(desk: Desk):
    old = MONDAY - timedelta(days=6 * 365)
    desk.hear(contact("w-1", at=old), authority="wiltshire")
    desk.hear(
        ContactClosed(
            contact_id="w-1", decision=Decision.NOT_MET_COMPLAINT, closed_at=old + timedelta(days=700)
        ),
        authority="wiltshire",
    )
    desk.hear(contact("d-1"))
    (asked,) = desk.published(MatchFound, "dorset")
    assert asked.pointer is not None and asked.pointer.recency is Recency.FROM_1_TO_5_YEARS


@pytest.mark.parametrize(("origin", "told"), [(Origin.DEMO, 1), (Origin.IMPORT, 0)])
def test_an_imported_history_tells_no_other_authority_and_an_invented_one_does(
    desk: Desk, origin: Origin, told: int
):
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("d-1"), origin=origin)
    assert len(desk.published(MatchFound, "wiltshire")) == told


def test_a_rebuild_fills_the_index_and_publishes_nothing(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), origin=Origin.REBUILD)
    assert not desk.journal()
    desk.hear(contact("c-3"))
    assert {one.own.contact_id for one in desk.published(MatchFound) if one.own} == {"c-1", "c-2"}


def test_a_setting_is_listed_once_however_it_is_written(desk: Desk):
    from shared.contracts.people import Setting, Work

    again = Setting(name="St. Osyths Invented Primary", town="Dorchester", postcode="DT1 9ZZ")
    moved = Setting(
        name="Osyth Academy", postcode="DT1 8AA", identifiers=(Identifier(scheme="URN", value="900001"),)
    )
    desk.hear(contact("c-1"))
    desk.hear(contact("c-2", bare("Ann", "Other", work=(Work(setting=again),))))
    desk.hear(contact("c-3", bare("Ben", "Other", work=(Work(setting=moved),))))
    assert [one.display_name for one in desk.published(SettingListed)] == [
        "St Osyth's Invented Primary School"
    ]


def test_nothing_waits_for_anything_in_an_ordinary_day(desk: Desk):
    desk.hear(contact("c-1"), case("k-1", "c-1", adult()))
    assert not desk.waiting()


def test_each_contact_is_said_to_be_checked_whether_or_not_anything_was_found(desk: Desk):
    for number in range(2):
        desk.hear(contact(f"c-{number}"))
    told = [type(event) for _, event in desk.journal("dorset") if not isinstance(event, SettingListed)]
    assert told == [ContactChecked, MatchFound, ContactChecked, PatternFound], "Who was found is told first."
