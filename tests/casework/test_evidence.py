"""Files that came with a report, on the case: named by the fact, opened under casework's own rights."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.casework.actions import closure, opening
from services.casework.actions.closure import Barrier
from shared.contracts.files import CLEAN, NamedFile
from shared.errors import NotFound
from shared.store.database import Database
from shared.vocabulary import Decision, Role
from tests.casework.builders import a_contact, a_decision, open_a_case, prepare, system
from tests.casework.conftest import Desk
from tests.casework.test_pages import seen
from tests.page_client import PageClient
from tests.shared.files.samples import PDF


@pytest.fixture
def intake(database: Callable[[str], Database]) -> Database:
    """Where the files are kept."""
    return database("intake")


@pytest.fixture
def evidence(intake: Database) -> NamedFile:
    """A file that came with a report."""
    with intake.transaction(system()) as tx:
        ref = tx.tools.files.put(tx, name="letter.pdf", content=PDF)
    return NamedFile(name="letter.pdf", ref=ref)


@pytest.fixture
def case(desk: Desk, browser: PageClient, evidence: NamedFile) -> str:
    """The address of the case that came of it, an officer looking."""
    browser.as_(Role.OFFICER)
    return f"/casework/cases/{open_a_case(desk.database, files=(evidence,))}"


def opened_files(desk: Desk) -> list[tuple[str, str]]:
    return [(one.act, one.subject_id) for one in seen(desk) if one.subject_kind == "file"]


def test_a_file_of_the_report_is_on_the_case_and_each_download_is_in_the_register(
    desk: Desk, case: str, browser: PageClient, evidence: NamedFile
):
    shown = browser.get(case)
    assert "letter.pdf" in shown.text
    assert "Not checked for malware" in shown.text
    file = browser.click("letter.pdf")
    assert file.body == PDF
    assert file.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    assert file.headers["Content-Security-Policy"].startswith("sandbox")
    assert opened_files(desk) == [("viewed", evidence.ref.id)]


def test_a_file_is_for_those_who_may_read_the_case(
    desk: Desk, case: str, browser: PageClient, evidence: NamedFile
):
    address = f"{case}/files/{evidence.ref.id}"
    browser.as_(Role.AUDITOR).get(address)
    for role in (Role.ANALYST, Role.ADMINISTRATOR):
        browser.as_(role).get(address, 403)
    browser.as_(Role.OFFICER, "wiltshire").get(address, 404)
    with desk.database.transaction(system()) as tx:
        barrier = Barrier(never=("dorset-officer",), reason="They are related.")
        closure.restrict_case(tx, case.rsplit("/", 1)[1], barrier)
    browser.as_(Role.OFFICER).get(address, 404)


def test_a_file_of_another_case_is_not_reached_through_this_one(
    desk: Desk, case: str, browser: PageClient, evidence: NamedFile
):
    other = open_a_case(
        desk.database, contact_id="00000000-0000-7000-8000-0000000000c2", reference="DOR-2026-0002"
    )
    assert not case.endswith(other)
    browser.get(f"/casework/cases/{other}/files/{evidence.ref.id}", 404)


@pytest.mark.parametrize("state", ["suspect", "waiting", "a word of a later build"])
def test_a_file_that_no_check_let_through_is_named_but_not_given_out(
    desk: Desk, browser: PageClient, evidence: NamedFile, state: str
):
    held = replace(evidence, ref=replace(evidence.ref, scan_state=state))
    case = f"/casework/cases/{open_a_case(desk.database, files=(held,))}"
    shown = browser.as_(Role.OFFICER).get(case)
    assert "Held back" in shown.text
    assert "letter.pdf" not in shown.links
    assert "held back" in browser.get(f"{case}/files/{evidence.ref.id}", 409).text
    assert opened_files(desk) == []


def test_a_file_that_was_checked_says_so(desk: Desk, browser: PageClient, evidence: NamedFile):
    checked = replace(evidence, ref=replace(evidence.ref, scan_state=CLEAN))
    case = open_a_case(desk.database, files=(checked,))
    assert "No malware found" in browser.as_(Role.OFFICER).get(f"/casework/cases/{case}").text
    assert browser.click("letter.pdf").body == PDF


def test_a_file_that_its_keeper_destroyed_is_said_to_be_gone(
    intake: Database, case: str, browser: PageClient, evidence: NamedFile
):
    with intake.transaction(system()) as tx:
        tx.tools.files.remove(tx, evidence.ref.id)
        assert tx.tools.files.sweep(tx) == 1
    assert "deleted by those who kept it" in browser.get(f"{case}/files/{evidence.ref.id}", 404).text


def test_casework_opens_no_file_of_a_contact_that_became_no_case(casework: Database, evidence: NamedFile):
    prepare(casework)
    with casework.transaction(system()) as tx:
        opening.remember_contact(tx, a_contact(files=(evidence,)))
        opening.decide(tx, a_decision(decision=Decision.NOT_MET_SIGNPOST))
    with casework.reading(system()) as tx, pytest.raises(NotFound):
        tx.tools.files.open(tx, evidence.ref.id)
