"""Files that somebody adds to a report."""

import io

from shared.vocabulary import Role
from tests.intake.conftest import House, Visitor
from tests.intake.test_form import HOME, begin, fill_in, received_by, send


def test_files_are_kept_or_refused_with_a_reason(browser: Visitor, house: House):
    fill_in(browser)
    address = f"{HOME}/files"
    browser.post(address, {"files": (io.BytesIO(b"%PDF-1.7 something"), "notes.pdf")})
    assert "notes.pdf" in browser.here.text
    page = browser.post(address, {"files": (io.BytesIO(b"MZ\x00\x00program"), "virus.exe")}, 422)
    assert page.errors
    assert page.errors[0].startswith("Heed cannot take this kind of file.")
    page = browser.post(address, {"files": (io.BytesIO(b"%PDF-1.7" + b"x" * 23_000_000), "big.pdf")}, 422)
    assert page.errors[0].startswith("The file is larger than 20 MB.")
    assert "notes.pdf" in page.text
    send(browser)
    (received,) = received_by(house)
    (told,) = received.files
    assert (told.name, told.ref.owner, told.ref.size, told.ref.type) == (
        "notes.pdf",
        "intake",
        18,
        "application/pdf",
    )
    browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.contact_id}")
    file = browser.get(browser.here.links["notes.pdf"])
    assert file.body == b"%PDF-1.7 something"
    assert "attachment" in file.headers["Content-Disposition"]
    browser.get(f"/intake/contacts/{received.contact_id}/files/another", 404)


def test_a_file_is_taken_out_again(browser: Visitor):
    begin(browser)
    browser.post(f"{HOME}/files", {"files": (io.BytesIO(b"%PDF-1.7 something"), "notes.pdf")})
    browser.submit(button="Remove notes.pdf")
    assert "notes.pdf" not in browser.here.text
    browser.post(f"{HOME}/files", {}, 422)
    assert browser.here.errors == ["Choose a file to add."]


def test_a_file_that_was_chosen_and_not_added_goes_along_with_continue(browser: Visitor):
    begin(browser)
    address, chosen = f"{HOME}/files", (io.BytesIO(b"%PDF-1.7 something"), "notes.pdf")
    assert browser.post(address, {"step": "continue", "files": chosen}).heading == "Your report"
    assert "notes.pdf" in browser.get(address).text
    wrong = (io.BytesIO(b"MZ\x00\x00program"), "virus.exe")
    assert browser.post(address, {"step": "continue", "files": wrong}, 422).errors
    browser.get(address)
    assert browser.submit(button="Continue").heading == "Your report"
