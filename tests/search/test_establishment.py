"""One setting over any window: everything that the authority was told of it, and of other authorities
nothing."""

import csv
import io
from datetime import timedelta

from services.search.store import settings
from shared.contracts.casework import CaseClosed, OutcomeCorrected, OutcomeRecorded
from shared.contracts.intake import ContactRestricted, ThresholdDecided
from shared.contracts.notifications import NoticeDue, NoticeSent
from shared.contracts.platform import AccessRecorded
from shared.vocabulary import Basis, Decision, Outcome, Role
from tests.page import Page
from tests.page_client import PageClient
from tests.search.adults import MONDAY, case, contact
from tests.search.desk import Desk
from tests.search.test_register import LARCH, OSYTH, load
from tests.search.test_settings import ST_OSYTH, named

ANN = named(ST_OSYTH, ("URN", "900001"))


def decided(contact_id: str, decision: Decision) -> ThresholdDecided:
    """A decision at the threshold."""
    return ThresholdDecided(
        contact_id=contact_id, decision=decision, criteria=(), tier="", reasons="", decided_by="u-1",
        decided_at=MONDAY,
    )  # fmt: skip


def notice(contact_id: str, case_id: str, adult_id: str) -> NoticeDue:
    """A duty to tell Ofsted about the adult."""
    return NoticeDue(
        notice_id=f"n-{case_id}", case_id=case_id, contact_id=contact_id, rule="N15", basis=Basis.PRACTICE,
        duty_of="lado", recipient="ofsted_social_care", adult_id=adult_id, due_on=None, raised_at=MONDAY,
    )  # fmt: skip


def outcome(case_id: str, found: Outcome) -> OutcomeRecorded:
    """How the allegation against Ann ended."""
    return OutcomeRecorded(
        case_id=case_id, allegation_id="al-1", adult_id=ANN.id, category="PHYSICAL", outcome=found,
        scheme="england-2023", recorded_on=MONDAY,
    )  # fmt: skip


def whole_story(desk: Desk) -> None:
    """A complaint that went no further, and a case with its notice and outcome."""
    desk.hear(contact("c-1", ANN, contact_type="COMPLAINT"), decided("c-1", Decision.NOT_MET_COMPLAINT))
    desk.hear(contact("c-2", ANN), decided("c-2", Decision.MET), case("k-2", "c-2", ANN))
    desk.hear(notice("c-2", "k-2", ANN.id))
    desk.hear(
        NoticeSent(notice_id="n-k-2", case_id="k-2", method="post", sent_at=MONDAY, recipient="x", rule="N15")
    )
    desk.hear(outcome("k-2", Outcome.UNFOUNDED))


def view(desk: Desk, browser: PageClient, query: str = "") -> Page:
    """The page of the school, as an officer."""
    with desk.transaction() as tx:
        (one, *_), _ = settings.listed(tx, settings.Wanted(), 0, 50)
    return browser.as_(Role.OFFICER).get(f"/search/settings/{one.setting_id}{query}")


def saved(browser: PageClient, page: Page) -> str:
    """The file behind the link of the view."""
    content: bytes = browser.get(page.links["Save this list as a CSV file"]).body
    return content.decode()


def test_the_view_holds_everything_whatever_was_decided(desk: Desk, browser: PageClient):
    whole_story(desk)
    page = view(desk, browser)
    for words in ("Contact: Complaint", "Not met: complaint", "Outcome: Physical harm", "Unfounded", "Sent",
                  "Notice to: Ofsted (social care)", "Ann Other"):  # fmt: skip
        assert words in page.text, words
    assert {"/intake/contacts/c-1", "/casework/cases/k-2", "/notifications/notices/n-k-2"} <= set(
        page.links.values()
    )
    (seen,) = [one for one in desk.published(AccessRecorded) if one.subject_kind == "setting"]
    assert seen.result_ids == ("c-1", "c-2")


def test_a_corrected_outcome_replaces_the_wrong_one_and_a_closed_case_says_so(
    desk: Desk, browser: PageClient
):
    whole_story(desk)
    wrong = outcome("k-2", Outcome.UNFOUNDED)
    desk.hear(CaseClosed(case_id="k-2", contact_id="c-2", closed_at=MONDAY))
    desk.hear(
        OutcomeCorrected(
            case_id="k-2", allegation_id="al-1", adult_id=ANN.id, category="PHYSICAL", scheme=wrong.scheme,
            outcome=Outcome.SUBSTANTIATED, previous=Outcome.UNFOUNDED, corrected_on=MONDAY,
        )
    )  # fmt: skip
    page = view(desk, browser)
    assert "Substantiated" in page.text and "Unfounded" not in page.text and "Closed" in page.text


def test_the_window_and_the_kind_narrow_the_view(desk: Desk, browser: PageClient):
    whole_story(desk)
    desk.hear(contact("c-0", ANN, at=MONDAY - timedelta(days=1500)))
    assert "C-C-0" not in view(desk, browser).text
    assert "C-C-0" in view(desk, browser, "?months=60").text
    old = view(
        desk, browser, "?since-day=1&since-month=1&since-year=2020&until-day=1&until-month=1&until-year=2024"
    )
    assert "C-C-0" in old.text and "C-C-1" not in old.text
    notices = view(desk, browser, "?kind=notice")
    assert "Notice to:" in notices.text and "C-C-1" not in notices.text


def test_a_closed_contact_is_in_no_list_figure_or_file(desk: Desk, browser: PageClient):
    whole_story(desk)
    desk.hear(ContactRestricted(contact_id="c-1", never=("dorset-officer",)))
    page = view(desk, browser)
    assert "C-C-1" not in page.text and "1 contacts" in page.text.replace("\n", " ")
    assert "C-C-1" not in saved(browser, page)


def test_the_file_holds_the_view_and_its_export_is_in_the_register_of_access(desk: Desk, browser: PageClient):
    whole_story(desk)
    page = view(desk, browser)
    lines = list(csv.reader(io.StringIO(saved(browser, page))))
    assert lines[0][0].endswith("When") and len(lines) == 6
    assert any(
        one.act == "exported" and one.subject_kind == "setting" for one in desk.published(AccessRecorded)
    )


def test_another_authoritys_concerns_at_the_same_school_are_not_in_the_view(desk: Desk, browser: PageClient):
    desk.hear(contact("w-1", ANN), authority="wiltshire")
    whole_story(desk)
    assert "w-1" not in view(desk, browser, "?months=60").html.lower()


def test_what_happened_at_a_predecessor_and_in_the_group_is_found_from_here(desk: Desk, browser: PageClient):
    closed = OSYTH.replace(",210,,,", ",210,,31/08/2025,")
    load(desk, closed, OSYTH.replace("900001", "900002") + "900001", LARCH)
    before = MONDAY - timedelta(days=300)
    desk.hear(contact("c-1", ANN, at=before))
    desk.hear(contact("c-2", named(ST_OSYTH, ("URN", "900002"))))
    desk.hear(
        contact("c-3", named(ST_OSYTH.__class__(name="Larch House", town="Poole"), given="Cem"), at=before)
    )
    page = view(desk, browser)
    assert "C-C-1" in page.text and "C-C-3" not in page.text
    assert "C-C-3" in view(desk, browser, "?whole=group").text
    assert "Larch House" in browser.get(page.links["Hazel Trust"]).text


def test_a_setting_is_looked_up_by_words_of_its_name_and_place(desk: Desk, browser: PageClient):
    load(desk, OSYTH, LARCH)
    for words in ("larch poole", "SC990001", "bh1 9zz", "Larch House"):
        page = browser.as_(Role.OFFICER).get(f"/search/settings?words={words.replace(' ', '+')}")
        assert "Larch House" in page.text and "Osyth" not in page.text, words
    assert "No setting" in browser.get("/search/settings?words=windmill").text
    assert "Osyth" in browser.get("/search/settings?show=all").text
