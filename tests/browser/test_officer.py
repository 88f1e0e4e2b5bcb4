"""An officer's work in a real browser, from the concern to the figures; other roles' first pages; themes."""

import re
import time
from collections.abc import Callable

import pytest

from tests.architecture.source import ROOT
from tests.browser import reporting
from tests.browser.reporting import Answers
from tests.browser.visitor import SCREENS, Visitor

OFFICER = "Meera Holloway"
PICTURE = ROOT / "docs" / "pictures" / "home.png"
PATIENCE = 40


def sign_in(visitor: Visitor, name: str = OFFICER, authority: str = "Dorset Council") -> None:
    """As one of the demo's accounts."""
    visitor.go("/intake/sign-in")
    visitor.press(f"Sign in as {name}, {authority}")


def wait_for(visitor: Visitor, path: str, words: str) -> None:
    """Reload until the consequence is there: it comes over the bus."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        visitor.page.goto(visitor.url + path)
        if words in visitor.page.inner_text("main"):
            visitor.look()
            return
        time.sleep(0.5)
    raise AssertionError(f"{path} does not say {words!r} within {PATIENCE} s.")


def decide(visitor: Visitor) -> None:
    """The threshold is met."""
    if visitor.page.get_by_role("button", name="Take it on", exact=True).count():
        visitor.press("Take it on")
    visitor.page.get_by_role("button", name="Decide", exact=True).click()
    visitor.look()
    reporting.fill(
        visitor.page,
        Answers(
            {"reasons": "A child may have been harmed at work."}, {"criteria": "HARM", "decision": "MET"}
        ),
    )
    visitor.press("Continue")
    visitor.press("Record the decision")


def state_facts(visitor: Visitor, case: str) -> None:
    """What the duty to tell the Disclosure and Barring Service depends on."""
    visitor.go(f"{case}/people")
    visitor.page.get_by_role("link", name=re.compile("regulated activity")).first.click()
    visitor.look()
    reporting.fill(
        visitor.page,
        Answers(
            {"removed_on-day": "2", "removed_on-month": "3", "removed_on-year": "2026"},
            {"regulated_activity": "yes", "removed": "yes", "harm_test": "yes"},
        ),
    )
    visitor.page.locator("main form button[type=submit]").first.click()
    visitor.look()


def record_outcome(visitor: Visitor, case: str) -> None:
    """Substantiated, as the evidence says."""
    visitor.go(f"{case}/outcome")
    visitor.page.get_by_role("link", name=re.compile("^Record")).first.click()
    visitor.look()
    chosen = {
        "proved": "yes",
        "disproved": "no",
        "deceit": "unknown",
        "basis": "yes",
        "outcome": "SUBSTANTIATED",
    }
    reporting.fill(visitor.page, Answers({"reasons": "Two colleagues saw it and agree."}, chosen))
    visitor.press("Record the outcome")


def _keep_picture(visitor: Visitor) -> None:
    """The README's picture is made here: delete it, run this test, commit what comes."""
    visitor.picture(SCREENS / "home.png")
    if not PICTURE.exists():
        visitor.picture(PICTURE)


def test_an_officer_takes_a_concern_from_the_inbox_to_a_notice_and_the_figures(
    visitor: Callable[..., Visitor],
):
    reporting.report(visitor(java_script_enabled=False), "wiltshire")
    reference = reporting.report(visitor(java_script_enabled=False))
    one = visitor(viewport={"width": 1280, "height": 960})
    sign_in(one)
    wait_for(one, "/intake/contacts", reference)
    one.follow(reference)
    contact = one.page.url.removeprefix(one.url)
    wait_for(one, contact, "In other authorities")
    assert "Wiltshire Council may hold a record" in one.page.inner_text("main")
    _keep_picture(one)
    decide(one)
    wait_for(one, f"/casework/by-contact/{contact.rsplit('/', 1)[-1]}", "Clocks")
    case = one.page.url.removeprefix(one.url).removesuffix("/overview")
    for tab in ("people", "meetings", "chronology", "duties", "close"):
        one.go(f"{case}/{tab}")
    state_facts(one, case)
    record_outcome(one, case)
    wait_for(one, f"/notifications/by-case/{case.rsplit('/', 1)[-1]}", "Disclosure and Barring Service")
    one.page.get_by_role("link", name=re.compile("N03")).first.click()
    one.look()
    one.go("/reporting/dashboard")


ROLES = {
    "Holly Brook": "coordinator",
    "Martin Vale": "manager",
    "Nadia Frost": "auditor",
    "Owen Penn": "analyst",
    "Petra Lane": "administrator",
    "Quentin Shore": "operator",
}


@pytest.mark.parametrize("name", ROLES)
def test_every_role_lands_on_a_page_of_its_own_and_can_open_what_its_navigation_offers(
    name: str, visitor: Callable[..., Visitor]
):
    one = visitor()
    sign_in(one, name)
    offered = one.page.locator("nav[aria-label] a").evaluate_all("links => links.map(link => link.href)")
    assert offered, f"The navigation of the {ROLES[name]} is empty."
    for address in offered:
        one.go(address)


THEMES = {
    "dorset": ("Dorset Council", "Meera Holloway"),
    "wiltshire": ("Wiltshire Council", "Grace Pemberton"),
    "hampshire": ("Hampshire County Council", "Ruth Okonkwo"),
}


def test_each_authority_has_its_own_colours_and_every_page_stays_legible(visitor: Callable[..., Visitor]):
    colours = set()
    for code, (council, officer) in THEMES.items():
        one = visitor()
        one.go(f"/refer/{code}")
        colours.add(
            one.page.evaluate(
                "getComputedStyle(document.documentElement).getPropertyValue('--govuk-brand-colour')"
            )
        )
        sign_in(one, officer, council)
        for path in ("/intake/contacts", "/casework/", "/notifications/", "/search/", "/reporting/dashboard"):
            one.go(path)
    assert len(colours) == len(THEMES), colours


def test_an_officers_pages_fit_a_small_window(visitor: Callable[..., Visitor]):
    one = visitor(viewport={"width": 320, "height": 640})
    one.narrow = True
    sign_in(one)
    for path in (
        "/intake/contacts",
        "/casework/",
        "/casework/cases",
        "/notifications/",
        "/search/",
        "/reporting/dashboard",
    ):
        one.go(path)
