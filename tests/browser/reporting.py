"""Reporting a concern in a browser: what is answered on each page, and how one gets from the first to the
last."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.visitor import Visitor

NEXT = "Save and continue"
SURNAME = "Brackenthwaite"
SCREENER = {
    "danger": ("danger", "no"),
    "about": ("about", "adult"),
    "worry": ("worry", "HARM"),
    "area": ("area", "yes"),
}


@dataclass(frozen=True)
class Answers:
    """What is answered on a page: boxes by name, choices by name and value. What is not named stays blank."""

    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)


ANSWERS: Mapping[str, Answers] = {
    "you/agency": Answers(chosen={"agency": "EDU_SCHOOL"}),
    "you/name": Answers({"given": "Hester", "surname": "Quillfeather"}),
    "you/work": Answers({"organisation": "Invented Primary School", "job_title": "Head teacher"}),
    "you/reach": Answers({"email": "head@invented-school.example"}),
    "adults/name": Answers({"given": "Marguerite", "surname": SURNAME}),
    "adults/born": Answers({"born-day": "14", "born-month": "3", "born-year": "1986"}),
    "work/place": Answers(
        {"setting": "Invented Primary School", "town": "Anytown"}, {"sector": "EDUCATION_ACADEMY"}
    ),
    "work/role": Answers(chosen={"role": "TEACHING_ASSISTANT"}),
    "children/name": Answers({"given": "Robin"}),
    "events/words": Answers(
        {"narrative": "She pulled a boy by his arm.\nHe cried."}, {"category": "PHYSICAL"}
    ),
    "events/when": Answers(chosen={"concern_time": "CURRENT"}),
    "events/where": Answers(chosen={"at_work": "yes"}),
}
# The sections without which a report cannot go.
NEEDED = ("you/agency", "adults/new/name", "work/new/place", "events/new/words")


def fill(page: Page, answers: Answers) -> None:
    """Answer what the page asks."""
    for name, value in answers.typed.items():
        page.locator(f'[name="{name}"]').fill(value)
    for name, value in answers.chosen.items():
        choose(page, name, value)


def choose(page: Page, name: str, value: str) -> None:
    """Take one of the choices, whatever it is drawn as."""
    drawn = page.locator(f'select[name="{name}"]')
    if drawn.count():
        drawn.select_option(value)
    else:
        page.locator(f'[name="{name}"][value="{value}"]').check()


def answers_for(page: Page) -> Answers | None:
    """What is said on the page that is open; None when it is no question of a task."""
    place = re.search(r"/form/(\w+)/(?:[\w-]+/)?([\w-]+)(?:\?|$)", page.url)
    if place is None or not page.get_by_role("button", name=NEXT, exact=True).count():
        return None
    return ANSWERS.get(f"{place.group(1)}/{place.group(2)}", Answers())


def begin(visitor: Visitor, authority: str = "dorset") -> None:
    """From the first page of the region through the questions before."""
    visitor.go("/")
    visitor.go(f"/refer/{authority}")
    visitor.press("Start now")
    for name, value in SCREENER.values():
        choose(visitor.page, name, value)
        visitor.press(NEXT)


def section(visitor: Visitor, first: str, authority: str = "dorset") -> None:
    """One task from its first page to its last."""
    visitor.go(f"/refer/{authority}/form/{first}")
    for _ in range(14):
        answers = answers_for(visitor.page)
        if answers is None:
            return
        fill(visitor.page, answers)
        visitor.press(NEXT)
    raise AssertionError(f"The task {first} does not end; it is at {visitor.page.url}.")


def send(visitor: Visitor, authority: str = "dorset") -> str:
    """Check, declare, send. Returns the reference."""
    visitor.go(f"/refer/{authority}/check")
    visitor.page.get_by_role("button", name="Continue").click()
    visitor.look()
    visitor.page.locator('[name="accurate"]').check()
    page = visitor.press("Send report")
    return reference_on(page)


def reference_on(page: Page) -> str:
    """The reference that the last page says."""
    words: str = page.locator(".govuk-panel__body").inner_text()
    return words.strip().rsplit(" ", 1)[-1]


def report(visitor: Visitor, authority: str = "dorset") -> str:
    """The whole way. Returns the reference."""
    begin(visitor, authority)
    for first in NEEDED:
        section(visitor, first, authority)
    return send(visitor, authority)
