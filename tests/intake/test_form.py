"""The public form, as somebody with a browser and without an account uses it."""

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


def test_somebody_can_report_a_concern_from_start_to_reference(browser: Visitor, house: House):
    fill_in(browser)
    send(browser)
    assert browser.here.heading == "We have your report"
    assert "9:30am on Tuesday 3 March 2026" in browser.here.text
    house.settle()
    (received,) = house.events("contact.received")
    assert received.adults[0].names[0].surname == "Finch"
