"""Save and come back."""

import re
from datetime import timedelta

from tests.intake.conftest import House, Visitor
from tests.intake.test_form import HOME, about_you, begin, fill_in, send
from tests.platform import SetClock

REFERENCE = re.compile(r"DOR-2026-[2-9A-Z]{6}")


def reference_of(visitor: Visitor) -> str:
    """The reference that every page of the form shows."""
    found = REFERENCE.search(visitor.here.text)
    assert found
    return found.group()


def mailed_code(house: House) -> str:
    """The code in the last letter."""
    house.settle()
    subject = str(house.letterbox.letters[-1]["Subject"])
    return subject.split(maxsplit=1)[0]


def come_back(visitor: Visitor, reference: str, code: str, status: int = 200) -> None:
    """With reference and code, on another device."""
    visitor.get(f"{HOME}/return/code?reference={reference}")
    visitor.submit({"code": code}, status=status)


def test_a_report_is_taken_up_again_with_a_mailed_code(browser: Visitor, house: House):
    begin(browser)
    about_you(browser)
    browser.get(f"{HOME}/tasks")
    reference = reference_of(browser)
    browser.click("Save and come back later")
    assert "1 April 2026" in browser.here.text
    browser.submit(button="Save and send me a code")
    assert browser.here.heading == "Your report is saved"
    browser.submit(button="Finish for now and clear this device")
    assert browser.get(f"{HOME}/tasks").heading == "Come back to a report"
    browser.submit({"reference": reference.lower().replace("-", " ")})
    assert browser.here.heading == "Enter your code"
    browser.submit({"code": mailed_code(house)})
    assert browser.here.heading == "Your report"
    assert "Completed" in browser.here.text


def test_a_code_works_once_and_five_wrong_tries_end_it(browser: Visitor, house: House):
    begin(browser)
    reference = reference_of(browser)
    browser.get(f"{HOME}/save")
    browser.submit({"email": "head@oakfield.example"}, button="Save and send me a code")
    code = mailed_code(house)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        come_back(browser, reference, wrong, 422)
    come_back(browser, reference, code, 422)
    browser.get(f"{HOME}/return")
    browser.submit({"reference": reference})
    code = mailed_code(house)
    come_back(browser, reference, code)
    come_back(browser, reference, code, 422)
    assert browser.here.errors == [
        "The reference or the code is not right, or the code is too old. Ask for a new code."
    ]


def test_a_code_grows_old(browser: Visitor, house: House, clock: SetClock):
    begin(browser)
    reference = reference_of(browser)
    browser.get(f"{HOME}/save")
    browser.submit({"email": "head@oakfield.example"}, button="Save and send me a code")
    code = mailed_code(house)
    clock.forward(timedelta(minutes=31))
    come_back(browser, reference, code, 422)


def test_an_unknown_reference_is_answered_like_a_known_one(browser: Visitor, house: House):
    browser.get(f"{HOME}/return")
    browser.submit({"reference": "DOR-2026-222222"})
    assert browser.here.heading == "Enter your code"
    browser.submit({"code": "123456"}, status=422)
    browser.get(f"{HOME}/return")
    browser.submit({"reference": "hello"}, status=422)
    browser.submit({"reference": ""}, status=422)
    house.settle()
    assert house.letterbox.letters == []


def test_somebody_without_e_mail_writes_a_code_down(browser: Visitor):
    begin(browser)
    reference = reference_of(browser)
    browser.get(f"{HOME}/save")
    browser.submit(button="Show me a code")
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}\b(?!.*Reference)", browser.here.text.split("Code")[1])
    assert found
    browser.post(f"{HOME}/leave")
    come_back(browser, reference, found.group().lower())
    assert browser.here.heading == "Your report"


def test_after_sending_the_way_back_shows_how_it_stands(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    reference = reference_of(browser)
    browser.submit(button="Finish and clear this device")
    browser.get(f"{HOME}/return")
    browser.submit({"reference": reference})
    browser.submit({"code": mailed_code(house)})
    assert browser.here.heading == "How your report stands"
    assert "We have received your report." in browser.here.text
    assert "Finch" not in browser.here.text


def test_a_receipt_is_mailed_with_reference_and_time_and_nobody_s_name(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    house.settle()
    (letter,) = house.letterbox.letters
    words = letter.get_content()
    assert "9:30am on Tuesday 3 March 2026" in words
    assert "Finch" not in words


def test_an_unfinished_report_is_deleted_after_its_day(browser: Visitor, house: House, clock: SetClock):
    begin(browser)
    reference = reference_of(browser)
    browser.get(f"{HOME}/save")
    browser.submit({"email": "head@oakfield.example"}, button="Save and send me a code")
    mailed_code(house)
    clock.forward(timedelta(days=31))
    house.settle()
    browser.get(f"{HOME}/return")
    browser.submit({"reference": reference})
    house.settle()
    assert len(house.letterbox.letters) == 1


def test_a_device_that_was_left_alone_asks_for_a_code(browser: Visitor, clock: SetClock):
    begin(browser)
    clock.forward(timedelta(hours=5))
    page = browser.get(f"{HOME}/tasks")
    assert page.heading == "Come back to a report"
    assert "What you saved is safe" in page.text
