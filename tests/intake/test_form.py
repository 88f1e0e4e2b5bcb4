"""The public form, as somebody with a browser and without an account uses it."""

from typing import Any

import pytest

from shared.vocabulary import Role
from tests.intake.conftest import House, Visitor

HOME = "/refer/dorset"


def begin(visitor: Visitor) -> None:
    """Past the screener."""
    visitor.get(HOME)
    visitor.submit(button="Start now")
    visitor.submit({"danger": "no"})
    visitor.submit({"about": "adult"})
    visitor.submit({"worry": ["HARM", "not_sure"]})
    visitor.submit({"area": "not_sure"})


def about_you(visitor: Visitor) -> None:
    """The first task."""
    visitor.get(f"{HOME}/tasks")
    visitor.click("About you")
    visitor.submit({"agency": "EDU_SCHOOL"})
    visitor.submit({"given": "Hester", "surname": "Quill"})
    visitor.submit({"organisation": "Oakfield School", "job_title": "Head"})
    visitor.submit({"email": "head@oakfield.example"})
    visitor.submit()


def the_adult(visitor: Visitor) -> None:
    """Who the concern is about, and where they work."""
    visitor.get(f"{HOME}/form/adults/new/name")
    visitor.submit({"given": "Alma", "surname": "Finch", "previous": "Alma Reed\nAlma Stone"})
    visitor.submit({"born-year": "1985"})
    for _ in range(4):
        visitor.submit()
    visitor.get(f"{HOME}/form/work/new/place")
    visitor.submit({"setting": "Oakfield School", "sector": "EDUCATION_ACADEMY", "town": "Poundbury"})
    visitor.submit({"role": "TEACHING_ASSISTANT"})


def what_happened(visitor: Visitor) -> None:
    """One event."""
    visitor.get(f"{HOME}/form/events/new/words")
    visitor.submit({"narrative": "She pushed a boy.\nHe fell.", "category": "PHYSICAL"})
    visitor.submit({"concern_time": "CURRENT"})
    visitor.submit({"at_work": "yes"})


def fill_in(visitor: Visitor) -> None:
    """All that is needed."""
    begin(visitor)
    about_you(visitor)
    the_adult(visitor)
    what_happened(visitor)


def send(visitor: Visitor) -> None:
    """From the task list to the reference."""
    visitor.get(f"{HOME}/tasks")
    visitor.click("Check your answers")
    visitor.click("Continue")
    visitor.submit({"accurate": ["yes"]})


def ticks(visitor: Visitor, name: str) -> list[str]:
    """The values of all boxes of a question."""
    return [box.get("value", "") for box in visitor.here.form().iter("input") if box.get("name") == name]


def received_by(house: House) -> list[Any]:
    """The contacts that came of it, as the bus has them."""
    return list(house.events("contact.received"))


def test_somebody_can_report_a_concern_from_start_to_reference(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    assert browser.here.heading == "We have your report"
    assert "9:30am on Tuesday 3 March 2026" in browser.here.text
    (received,) = received_by(house)
    assert received.adults[0].names[0].surname == "Finch"


@pytest.mark.parametrize(
    ("answers", "heading"),
    [
        ([{"danger": "yes"}], "Call 999 now"),
        ([{"danger": "no"}, {"about": "child"}], "Tell children’s services about the child"),
        ([{"danger": "no"}, {"about": "other"}], "Somebody else can help with this"),
        (
            [{"danger": "no"}, {"about": "both"}, {"worry": ["RISK"]}, {"area": "no"}],
            "Tell the council for that area",
        ),
    ],
)
def test_the_screener_leads_to_whoever_can_help(browser: Visitor, answers: list[Any], heading: str):
    browser.get(HOME)
    browser.submit(button="Start now")
    for answer in answers:
        browser.submit(answer)
    assert browser.here.heading == heading


def test_nobody_who_is_not_sure_is_sent_away(browser: Visitor):
    browser.get(HOME)
    browser.submit(button="Start now")
    for name in ("danger", "about", "worry", "area"):
        browser.submit({name: ["not_sure"] if name == "worry" else "not_sure"})
    assert browser.here.heading == "Your report"


def test_after_calling_999_the_report_goes_on(browser: Visitor):
    browser.get(HOME)
    browser.submit(button="Start now")
    browser.submit({"danger": "yes"})
    browser.click("I have called, go on with the report")
    assert browser.here.heading == "Who is your concern about?"


def test_a_question_left_blank_is_explained_and_answers_are_kept(browser: Visitor):
    begin(browser)
    browser.get(f"{HOME}/form/events/new/words")
    browser.submit({"narrative": "שלום — she pushed him", "category": ""}, status=422)
    assert browser.here.errors == ["Choose the closest. There is an answer for something else."]
    assert "שלום — she pushed him" in browser.here.html
    assert browser.here.title.startswith("Error: ")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"narrative": "x" * 10_001, "category": "PHYSICAL"}, "Use 10,000 characters or fewer."),
        ({"narrative": "bell\x07", "category": "PHYSICAL"}, "This has characters in it that cannot be shown"),
        ({"narrative": "x", "category": "MADE_UP"}, "Choose from the answers listed."),
        ({"category": "PHYSICAL"}, "Write what happened, as far as you know."),
    ],
)
def test_bad_input_is_refused_in_words(browser: Visitor, answers: dict[str, str], error: str):
    begin(browser)
    page = browser.post(f"{HOME}/form/events/new/words", answers, 422)
    assert any(error.casefold() in said.casefold() for said in page.errors)


def test_names_of_any_script_are_accepted(browser: Visitor, house: House):
    fill_in(browser)
    browser.get(f"{HOME}/form/adults")
    browser.click("Change Alma Finch")
    browser.submit({"given": "Зоя", "surname": "O’Brien-Łukasz", "known_as": "زهرا\u200cبانو\n小明"})
    send(browser)
    (received,) = received_by(house)
    assert [name.full for name in received.adults[0].names if name.kind == "known_as"] == [
        "زهرا\u200cبانو",
        "小明",
    ]


def test_the_adult_s_name_may_be_unknown_but_not_forgotten(browser: Visitor):
    begin(browser)
    browser.get(f"{HOME}/form/adults/new/name")
    browser.submit({"middle": "May"}, status=422)
    assert browser.here.errors == ["Enter the adult’s name, or say that you do not know it."]
    browser.submit({"no_name": ["yes"]})
    assert browser.here.heading == "When were they born?"


def test_several_adults_children_and_events_are_taken_together(browser: Visitor, house: House):
    fill_in(browser)
    browser.get(f"{HOME}/form/adults")
    browser.click("Add another adult")
    browser.submit({"known_as": "Coach Ben"})
    browser.get(f"{HOME}/form/children/new/name")
    browser.submit({"given": "Robin", "surname": "Ash"})
    browser.get(f"{HOME}/form/events/new/words")
    browser.submit({"narrative": "He watched.", "category": "FAILURE_TO_PROTECT"})
    assert browser.here.heading == "Who was involved?"
    browser.submit(status=422)
    browser.submit({name: ticks(browser, name) for name in ("adults", "children")})
    send(browser)
    (received,) = received_by(house)
    assert len(received.adults) == 2
    assert len(received.allegations) == 3
    assert received.allegations[1].child_ids == (received.children[0].id,)


def test_an_item_can_be_removed(browser: Visitor):
    begin(browser)
    the_adult(browser)
    browser.get(f"{HOME}/form/adults")
    browser.click("Remove Alma Finch")
    browser.submit(button="Remove")
    assert browser.here.heading == "What is the adult’s name?"


def test_sending_needs_what_is_needed_and_says_what(browser: Visitor, house: House):
    begin(browser)
    page = browser.get(f"{HOME}/check")
    assert "Tell us what happened." in page.text
    assert browser.get(f"{HOME}/declaration").heading == "Check your answers"
    fill_in(browser)
    browser.get(f"{HOME}/declaration")
    browser.submit({}, status=422)
    assert browser.here.errors == ["Confirm that your answers are true."]
    assert received_by(house) == []


def test_an_answer_is_changed_from_the_check_page(browser: Visitor):
    fill_in(browser)
    browser.get(f"{HOME}/check")
    browser.click("Change Name of your organisation (About you)")
    browser.submit({"organisation": "Elmfield School"})
    assert browser.here.heading == "Check your answers"
    assert "Elmfield School" in browser.here.text


def test_sending_twice_is_sending_once(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    first = browser.here.text
    browser.post(f"{HOME}/declaration", {"accurate": ["yes"]})
    assert browser.here.text == first
    assert len(received_by(house)) == 1
    assert browser.get(f"{HOME}/tasks").heading == "How your report stands"


def test_the_officer_reads_the_very_words_with_their_questions(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    (received,) = received_by(house)
    page = browser.as_(Role.OFFICER).get(f"/intake/contacts/{received.contact_id}")
    assert "What happened, in your own words" in page.text
    assert "She pushed a boy. He fell." in page.text


def test_a_parent_may_stay_unnamed(browser: Visitor, house: House):
    begin(browser)
    browser.get(f"{HOME}/form/you/agency")
    browser.submit({"agency": "PARENT_CARER"})
    browser.submit({"identity": "anonymous"})
    assert browser.here.heading == "Your report"
    the_adult(browser)
    what_happened(browser)
    send(browser)
    (received,) = received_by(house)
    assert (received.referrer.name, received.referrer.agency) == ("", "PARENT_CARER")


def test_pages_that_are_not_there_say_so(browser: Visitor):
    browser.get("/refer/atlantis", 404)
    begin(browser)
    for path in ("stop/moon", "form/moon/name", "form/you/moon", "form/adults/name", "form/adults/x/name"):
        browser.get(f"{HOME}/{path}", 404)


def test_the_draft_of_one_authority_is_unknown_to_another(browser: Visitor):
    begin(browser)
    assert browser.get("/refer/wiltshire/tasks").heading == "Come back to a report"
