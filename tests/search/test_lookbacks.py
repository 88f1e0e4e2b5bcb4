"""Three years of one setting, gone through record by record and signed."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.search.actions import lookbacks as acts
from services.search.store import lookbacks, placings, settings
from services.search.store.lookback_tables import marked
from services.search.store.setting_tables import employment, happening, placing
from shared.contracts.casework import OutcomeCorrected
from shared.contracts.intake import ContactCorrected, ContactErased, ContactRestricted
from shared.contracts.people import Child
from shared.contracts.platform import AccessRecorded
from shared.contracts.search import LookbackMarked, LookbackOpened, LookbackSigned
from shared.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from shared.vocabulary import Outcome, Role
from tests.page_client import PageClient
from tests.search.adults import MONDAY, case, contact
from tests.search.desk import Desk
from tests.search.test_establishment import ANN, whole_story


def opened(desk: Desk, reason: str = "Three contacts in one month.") -> str:
    """A look-back at the only setting, an hour later."""
    desk.clock.forward(timedelta(hours=1))
    with desk.transaction() as tx:
        (one,), _ = settings.listed(tx, settings.Wanted(), 0, 50)
        return acts.open_lookback(tx, one.setting_id, reason)


def records(desk: Desk, lookback_id: str, user: str = "officer-1", *, todo: bool = True) -> list[str]:
    """What is on the list of somebody."""
    with desk.transaction(user=user) as tx:
        one = acts.lookback_of(tx, lookback_id)
        found = lookbacks.worklist(tx, one, acts.window_of(tx, one), todo=todo, asked=(0, 50))
        return [item.happening_id for item, _ in found]


def mark_all(desk: Desk, lookback_id: str, *but: str) -> None:
    """Everything was acted on, save these."""
    for happening_id in records(desk, lookback_id):
        with desk.transaction() as tx:
            acts.mark(
                tx, lookback_id, happening_id, actioned=happening_id not in but, reason="I read the file."
            )


def sign(desk: Desk, lookback_id: str) -> LookbackSigned:
    """A manager signs."""
    with desk.transaction("dorset", Role.MANAGER, user="manager-1") as tx:
        acts.sign(tx, lookback_id, "Lessons are learnt.")
    (told,) = desk.published(LookbackSigned)
    return told


def test_every_record_of_three_years_is_on_the_list_whatever_was_decided(desk: Desk):
    whole_story(desk)
    desk.hear(contact("c-0", ANN, at=MONDAY - timedelta(days=4 * 366)))
    lookback_id = opened(desk)
    assert set(records(desk, lookback_id)) == {"c-1", "c-2", "k-2", "n-k-2", "k-2/al-1"}
    (told,) = desk.published(LookbackOpened)
    assert told.until - told.since == acts.SPAN and told.opened_by == "officer-1"


def test_a_look_back_needs_a_reason_and_is_the_only_one_open_at_its_setting(desk: Desk):
    whole_story(desk)
    with pytest.raises(Invalid):
        opened(desk, "  ")
    opened(desk)
    with pytest.raises(Conflict):
        opened(desk)


def test_each_record_is_marked_with_a_reason_and_the_marking_is_in_the_journal(desk: Desk):
    whole_story(desk)
    lookback_id = opened(desk)
    with desk.transaction() as tx, pytest.raises(Invalid):
        acts.mark(tx, lookback_id, "c-1", actioned=True, reason=" ")
    with desk.transaction() as tx, pytest.raises(NotFound):
        acts.mark(tx, lookback_id, "c-9", actioned=True, reason="It is not there.")
    with desk.transaction() as tx:
        acts.mark(tx, lookback_id, "c-1", actioned=False, reason="Nobody rang the school.")
    (told,) = desk.published(LookbackMarked)
    assert (told.happening_id, told.actioned, told.marked_by) == ("c-1", False, "officer-1")
    assert "c-1" not in records(desk, lookback_id) and "c-1" in records(desk, lookback_id, todo=False)


def test_nobody_signs_before_every_record_is_marked_and_only_a_manager_signs(desk: Desk):
    whole_story(desk)
    lookback_id = opened(desk)
    with pytest.raises(Refused, match="5 are still to be marked"):
        sign(desk, lookback_id)
    mark_all(desk, lookback_id)
    with desk.transaction() as tx, pytest.raises(NotAllowed):
        acts.sign(tx, lookback_id, "Done.")
    told = sign(desk, lookback_id)
    assert (told.actioned, told.not_actioned, told.outstanding, told.signed_by) == (5, 0, (), "manager-1")
    with desk.transaction() as tx, pytest.raises(Refused):
        acts.mark(tx, lookback_id, "c-1", actioned=False, reason="After all.")


def test_a_record_that_is_corrected_after_it_was_marked_is_looked_at_again(desk: Desk):
    whole_story(desk)
    lookback_id = opened(desk)
    mark_all(desk, lookback_id)
    desk.hear(
        OutcomeCorrected(
            case_id="k-2", allegation_id="al-1", adult_id=ANN.id, category="PHYSICAL", scheme="england-2023",
            outcome=Outcome.SUBSTANTIATED, previous=Outcome.UNFOUNDED, corrected_on=MONDAY,
        )
    )  # fmt: skip
    assert records(desk, lookback_id) == ["k-2/al-1"]


def test_the_fact_names_who_placed_children_there_and_what_is_outstanding(desk: Desk):
    placed = Child(id="ch-1", name="Robin Vale", placed_by="wiltshire")
    desk.hear(contact("c-1", ANN, children=(placed, Child(id="ch-2", placed_by="Kestrel Council"))))
    desk.hear(contact("c-2", ANN), case("k-2", "c-2", ANN))
    lookback_id = opened(desk)
    mark_all(desk, lookback_id, "c-2")
    told = sign(desk, lookback_id)
    assert {one.name: one.contact_ids for one in told.placing} == {
        "Kestrel Council": ("c-1",),
        "Wiltshire": ("c-1",),
    }
    assert told.outstanding == ("c-2",) and told.not_actioned == 1
    assert "Robin" not in str(told)


def test_a_record_closed_to_somebody_is_not_on_their_list(desk: Desk):
    whole_story(desk)
    lookback_id = opened(desk)
    desk.hear(ContactRestricted(contact_id="c-1", never=("officer-1",)))
    assert "c-1" not in records(desk, lookback_id)
    assert "c-1" in records(desk, lookback_id, "officer-2")
    with desk.transaction() as tx, pytest.raises(NotFound):
        acts.mark(tx, lookback_id, "c-1", actioned=True, reason="I may not see it.")


def test_the_page_says_how_many_records_are_closed_to_the_reader_and_nothing_else_of_them(
    desk: Desk, browser: PageClient
):
    whole_story(desk)
    lookback_id = opened(desk)
    desk.hear(ContactRestricted(contact_id="c-1", only=("somebody-else",)))
    page = browser.as_(Role.OFFICER).get(f"/search/look-backs/{lookback_id}")
    assert "1 record of this window is closed to you" in page.text and "C-c-1" not in page.text


def test_another_authority_finds_no_such_look_back(desk: Desk, browser: PageClient):
    whole_story(desk)
    lookback_id = opened(desk)
    assert (
        browser.as_(Role.MANAGER, "wiltshire").get(f"/search/look-backs/{lookback_id}", status=404).status
        == 404
    )


def test_an_officer_works_through_the_pages_and_a_manager_signs(desk: Desk, browser: PageClient):
    whole_story(desk)
    desk.clock.forward(timedelta(hours=1))
    page = browser.as_(Role.OFFICER).get("/search/settings")
    page = browser.get(page.links["St Osyth's Primary School"])
    page = browser.click("Look back over three years")
    assert browser.submit({}, "Open the look-back", status=422).errors == ["Enter why you look back."]
    page = browser.submit({"reason": "A pattern was found."}, "Open the look-back")
    worklist = page.path
    assert page.heading.startswith("Look-back LB-") and len(page.rows("Records of the look-back")) == 5
    page = browser.get(page.links["Contact: Complaint, C-C-1"])
    for _ in range(5):
        page = browser.submit({"found": "actioned", "reason": "The file shows it."}, "Save and go on")
    assert page.path == worklist and "A manager can sign now." in page.text
    browser.as_(Role.MANAGER).get(worklist)
    assert browser.submit({}, "Sign the look-back", status=422).errors == ["Enter what you conclude."]
    assert "Signed" in browser.submit({"closing": "All was done."}, "Sign the look-back").text
    assert "Signed" in browser.get("/search/look-backs").text
    lines = list(csv.reader(io.StringIO(browser.get(f"{worklist}/export.csv").body.decode())))
    assert len(lines) == 6 and lines[1][6] == "Acted on"
    assert {one.act for one in desk.published(AccessRecorded) if one.subject_id == worklist[-36:]} == {
        "viewed",
        "exported",
    }


def test_who_placed_a_child_is_as_it_was_put_right_last(desk: Desk):
    placed = Child(id="ch-1", placed_by="Kestrel Council")
    right = ContactCorrected(
        contact_id="c-1", adults=(ANN,), corrected_by="u-1", corrected_at=MONDAY, children=(placed,)
    )
    desk.hear(contact("c-1", ANN, children=(replace(placed, placed_by="Poole"),)), right)
    assert placers(desk) == ["Kestrel Council"]
    desk.hear(replace(right, children=()))
    assert placers(desk) == ["Kestrel Council"]
    desk.hear(replace(right, children=(replace(placed, placed_by=""),)))
    assert placers(desk) == []


def placers(desk: Desk) -> list[str]:
    """Who is said now to have placed the children of the first contact."""
    with desk.transaction() as tx:
        return list(placings.of_contacts(tx, ["c-1"]))


def test_an_erased_contact_is_in_no_view_list_or_mark_and_only_the_looked_at_setting_stays(desk: Desk):
    placed = Child(id="ch-1", placed_by="Kestrel Council")
    desk.hear(contact("c-1", ANN, children=(placed,)), case("k-1", "c-1", ANN))
    lookback_id = opened(desk)
    mark_all(desk, lookback_id)
    desk.hear(ContactErased(contact_id="c-1", erased_at=MONDAY))
    with desk.transaction() as tx:
        (one,), _ = settings.listed(tx, settings.Wanted(named=False), 0, 50)
        assert (one.concerns, one.named_at) == (0, None)
        for table in (happening, placing, marked, employment):
            assert not tx.db.execute(select(table).where(table.c.authority == tx.authority)).all(), table.name
