"""On the page of a setting others' concerns there are pointers, which their holders are told of."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from shared.contracts.casework import OutcomeCorrected
from shared.contracts.intake import ContactErased, ContactMerged, ContactRestricted, ContactUnrestricted
from shared.contracts.people import Identifier, Pointer, Setting, Work
from shared.contracts.platform import AccessRecorded
from shared.contracts.search import PointerShown, PointerWithdrawn
from shared.vocabulary import Outcome, Role
from tests.page import Page
from tests.page_client import PageClient
from tests.search.adults import MONDAY, bare, case, contact
from tests.search.desk import Desk
from tests.search.test_establishment import outcome, view
from tests.search.test_register import LARCH, OSYTH, load
from tests.search.test_settings import ST_OSYTH, named

URN = ("URN", "900001")
ANN = named(ST_OSYTH, URN)
BEN = replace(named(ST_OSYTH, URN, given="Ben"), id="ben-1", phones=("07700 900777",))
NOBODY = "No other authority that shares its records holds a concern"
NOT_ASKED = "Others are asked once a concern here has come to your authority"


def seen_of_ben(desk: Desk, browser: PageClient) -> Page:
    """Dorset's page of the school after a concern there about Ann; Wiltshire was told of Ben before."""
    desk.hear(contact("w-1", BEN, at=MONDAY - timedelta(days=500)), authority="wiltshire")
    desk.hear(contact("c-1", ANN))
    return view(desk, browser)


def test_the_page_points_at_the_authority_that_may_hold_a_concern_at_the_same_school(
    desk: Desk, browser: PageClient
):
    page = seen_of_ben(desk, browser)
    assert "Wiltshire may hold a concern about this setting" in page.text and "1 to 5 years" in page.text
    (told,) = desk.published(PointerShown, "wiltshire")
    assert (told.contact_id, told.person_id, told.asker) == ("w-1", "", "dorset")
    ask = f"/notifications/disclosures/new?holder=wiltshire&reference={told.reference}"
    assert page.links["Ask for disclosure"] == ask
    (looked,) = [one for one in desk.published(AccessRecorded, "dorset") if one.subject_kind == "setting"]
    assert looked.result_ids == ("c-1", told.reference)


def test_no_field_of_the_concern_there_crosses(desk: Desk, browser: PageClient):
    page = seen_of_ben(desk, browser)
    facts = str(desk.journal("dorset"))
    for theirs in ("w-1", "ben-1", "Ben", "900777", "C-W-1"):
        assert theirs not in page.html and theirs not in facts, theirs
    assert len(fields(Pointer)) == 6


def test_the_holder_is_told_once_and_reads_what_was_shown(desk: Desk, browser: PageClient):
    seen_of_ben(desk, browser)
    view(desk, browser)
    assert len(desk.published(PointerShown)) == 1
    (row,) = (
        browser.as_(Role.OFFICER, "wiltshire")
        .get("/search/shown")
        .rows("Records that others were pointed at")
    )
    assert row[:4] == [
        "C-W-1", "About the setting", "Dorset",
        "A concern at the same setting, or at another of the body that runs it",
    ]  # fmt: skip


def test_a_later_concern_there_is_pointed_at_in_place_of_the_earlier(desk: Desk, browser: PageClient):
    seen_of_ben(desk, browser)
    desk.hear(contact("w-2", named(ST_OSYTH, URN, given="Cem")), authority="wiltshire")
    assert "under 1 year" in view(desk, browser).text
    assert [one.contact_id for one in desk.published(PointerShown)] == ["w-1", "w-2"]


def test_the_name_in_its_place_is_likely_the_same_school(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1", named(ST_OSYTH, given="Ben")), authority="wiltshire")
    desk.hear(contact("c-1", ANN))
    assert "Wiltshire may hold" in view(desk, browser).text


def test_another_school_of_that_name_and_number_is_not_meant(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1", named(ST_OSYTH, ("URN", "900002"), given="Ben")), authority="wiltshire")
    desk.hear(contact("c-1", ANN))
    assert NOBODY in view(desk, browser).text


def test_a_home_that_the_same_body_runs_elsewhere_is_pointed_at_as_possible(desk: Desk, browser: PageClient):
    load(desk, OSYTH)
    load(desk, LARCH, authority="wiltshire")
    home = Setting(
        name="Larch House", town="Poole", identifiers=(Identifier(scheme="OFSTED", value="SC990001"),)
    )
    desk.hear(contact("w-1", bare("Ben", "Other", work=(Work(setting=home),))), authority="wiltshire")
    desk.hear(contact("c-1", ANN))
    page = view(desk, browser)
    assert "or about another that the same body runs" in page.text and "Larch" not in page.text


def test_a_concern_that_is_closed_to_anybody_there_is_pointed_at_by_nobody(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1", BEN), ContactRestricted(contact_id="w-1", never=("x",)), authority="wiltshire")
    desk.hear(contact("c-1", ANN))
    assert NOBODY in view(desk, browser).text and not desk.published(PointerShown)


def test_a_concern_there_that_ended_as_false_points_nobody(desk: Desk, browser: PageClient):
    desk.hear(
        contact("w-1", ANN), case("k-1", "w-1", ANN), outcome("k-1", Outcome.FALSE), authority="wiltshire"
    )
    desk.hear(contact("c-1", ANN))
    assert "Wiltshire may hold" not in view(desk, browser).text


def withdrawn(desk: Desk) -> list[str]:
    """The references that Wiltshire took back, in order."""
    return [one.reference for one in desk.published(PointerWithdrawn, "wiltshire")]


def test_a_pointer_is_withdrawn_when_the_concern_is_closed_to_somebody_and_shown_anew_once_it_is_open(
    desk: Desk, browser: PageClient
):
    seen_of_ben(desk, browser)
    (told,) = desk.published(PointerShown)
    closed = ContactRestricted(contact_id="w-1", never=("x",))
    desk.hear(closed, closed, authority="wiltshire")
    assert withdrawn(desk) == [told.reference] and NOBODY in view(desk, browser).text
    page = browser.as_(Role.OFFICER, "wiltshire").get("/search/shown")
    assert "withdrawn" in page.rows("Records that others were pointed at")[0][4]
    desk.hear(ContactUnrestricted(contact_id="w-1"), authority="wiltshire")
    assert "Wiltshire may hold" in view(desk, browser).text
    assert [one.reference for one in desk.published(PointerShown)] == [told.reference] * 2


def test_a_pointer_is_withdrawn_when_every_adult_of_the_concern_is_cleared_and_shown_anew_if_that_was_wrong(
    desk: Desk, browser: PageClient
):
    both = replace(BEN, id="cem-1")
    desk.hear(contact("w-1", BEN, both), case("k-1", "w-1", BEN, both), authority="wiltshire")
    desk.hear(contact("c-1", ANN))
    view(desk, browser)
    cleared = outcome("k-1", Outcome.MALICIOUS)
    desk.hear(replace(cleared, adult_id=BEN.id), authority="wiltshire")
    assert not withdrawn(desk)
    desk.hear(replace(cleared, allegation_id="al-2", adult_id=both.id), authority="wiltshire")
    assert len(withdrawn(desk)) == 1 and NOBODY in view(desk, browser).text
    right = OutcomeCorrected(
        case_id="k-1", allegation_id="al-2", adult_id=both.id, category="PHYSICAL", scheme="england-2023",
        outcome=Outcome.SUBSTANTIATED, previous=Outcome.MALICIOUS, corrected_on=MONDAY,
    )  # fmt: skip
    desk.hear(right, authority="wiltshire")
    assert "Wiltshire may hold" in view(desk, browser).text and len(desk.published(PointerShown)) == 2


def test_a_concern_that_another_report_still_tells_of_keeps_its_pointer(desk: Desk, browser: PageClient):
    seen_of_ben(desk, browser)
    desk.hear(
        contact("w-2", replace(BEN, id="ben-2")),
        ContactMerged(contact_id="w-2", into="w-1", merged_by="u", merged_at=MONDAY),
        case("k-1", "w-1", BEN), replace(outcome("k-1", Outcome.FALSE), adult_id=BEN.id),
        authority="wiltshire",
    )  # fmt: skip
    assert not withdrawn(desk) and "Wiltshire may hold" in view(desk, browser).text


def test_of_an_erased_concern_nothing_says_which_one_a_pointer_led_to(desk: Desk, browser: PageClient):
    seen_of_ben(desk, browser)
    desk.hear(ContactErased(contact_id="w-1", erased_at=MONDAY), authority="wiltshire")
    assert desk.published(PointerWithdrawn) and not desk.published(PointerShown)


def test_nobody_is_asked_about_a_setting_without_a_concern_here_that_is_open_to_all(
    desk: Desk, browser: PageClient
):
    desk.hear(contact("w-1", BEN), authority="wiltshire")
    desk.hear(contact("c-1", ANN), ContactRestricted(contact_id="c-1", never=("somebody-else",)))
    assert NOT_ASKED in view(desk, browser).text and not desk.published(PointerShown)


def test_an_authority_apart_is_neither_asked_nor_answered(desk: Desk, browser: PageClient):
    desk.hear(contact("h-1", BEN), authority="hampshire")
    desk.hear(contact("c-1", ANN))
    assert NOBODY in view(desk, browser).text and not desk.published(PointerShown)


def test_a_coordinator_is_not_pointed_beyond_the_own_authority(desk: Desk, browser: PageClient):
    there = seen_of_ben(desk, browser).path
    page = browser.as_(Role.COORDINATOR).get(there)
    assert "In other authorities" not in page.text and "Wiltshire" not in page.text


def test_an_authority_that_knows_nothing_of_the_setting_costs_the_page_one_question(
    desk: Desk, browser: PageClient
):
    seen_of_ben(desk, browser)
    few = _statements(desk, browser)
    for number in range(10):
        desk.open_authority(f"other-{number}", pooled=True)
    assert _statements(desk, browser) - few == 10


def _statements(desk: Desk, browser: PageClient) -> int:
    """How many statements the page of the school takes."""
    seen: list[str] = []

    def note(_db: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", note)
    view(desk, browser)
    event.remove(desk.database.engine, "before_cursor_execute", note)
    return len(seen)
