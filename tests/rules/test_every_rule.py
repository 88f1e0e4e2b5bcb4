"""The rules of every service: asked, previewed, published with day and reason, never changed backwards."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.actor import Actor, Scope
from shared.clock import LONDON
from shared.errors import NotAllowed
from shared.replicas import change_configuration, configuration
from shared.vocabulary import Role
from shared.web.rulebook import RuleSet
from tests.page import Page
from tests.page_client import PageClient
from tests.platform import Platform, SetClock

KINDS = {
    "intake": {
        "code-lists",
        "criteria",
        "answer-clocks",
        "cutoff",
        "closures",
        "terms",
        "reference-prefix",
        "retention",
    },
    "casework": {"case_clocks", "case_retention", "outcome_scheme"},
    "notifications": {"notification_rules", "disclosure_clock"},
    "search": {"search_purposes", "match_thresholds", "pattern_signs"},
    "reporting": {"figures"},
}
LIMIT = "/reporting/configuration/figures/rule/all"


@pytest.fixture
def administrator(platform: Platform) -> PageClient:
    """One of Dorset who has just proved themselves afresh."""
    return PageClient(platform).as_(Role.ADMINISTRATOR, stepped_up=True)


def from_day(day: date) -> dict[str, str]:
    """The three boxes of the first day."""
    return {"starts-day": str(day.day), "starts-month": str(day.month), "starts-year": str(day.year)}


def today(clock: SetClock) -> date:
    """London's."""
    return clock().astimezone(LONDON).date()


def preview(client: PageClient, path: str, status: int = 200, **answers: Any) -> Page:
    """Ask what would change."""
    client.get(path)
    given = {"reason": "Agreed by the partnership", **answers}
    return client.submit(given, "See what would change", status)


def change(client: PageClient, path: str, **answers: Any) -> Page:
    """Look, then make it."""
    preview(client, path, **answers)
    return client.submit(button="Make this change")


def said(platform: Platform, kind: str) -> list[Any]:
    """The changes of a rule set, oldest first."""
    return [one for one in platform.events("configuration.changed") if one.kind == kind]


@pytest.mark.parametrize("service", list(KINDS))
def test_each_service_lists_the_rules_it_owns(administrator: PageClient, service: str):
    page = administrator.get(f"/{service}/configuration")
    linked = {href.rsplit("/", 1)[1] for href in page.links.values() if f"/{service}/configuration/" in href}
    assert linked == KINDS[service]
    assert f"/{service}/configuration" in {
        href for other in KINDS for href in administrator.get(f"/{other}/configuration").links.values()
    }


@pytest.mark.parametrize(("service", "kind"), [(one, kind) for one in KINDS for kind in sorted(KINDS[one])])
def test_each_rule_opens_with_its_answers_and_asks_for_a_difference(
    administrator: PageClient, service: str, kind: str
):
    page = administrator.get(f"/{service}/configuration/{kind}")
    assert "these are the rules that Heed ships" in page.text
    rules = [href for href in page.links.values() if f"/{kind}/rule/" in href]
    assert rules
    for href in rules[:12]:
        again = preview(administrator, href, status=422)
        assert again.errors == ["Nothing would change. Change an answer, or go back."], href


@pytest.mark.parametrize("service", list(KINDS))
def test_the_band_marks_where_somebody_is_and_each_page_leads_back(administrator: PageClient, service: str):
    home = f"/{service}/configuration"
    listed = next(href for href in administrator.get(home).links.values() if href.startswith(f"{home}/"))
    one = next(href for href in administrator.get(listed).links.values() if "/rule/" in href)
    for path in (home, listed, one):
        band = re.findall(
            r'service-navigation__link" href="([^"]+)" aria-current', administrator.get(path).html
        )
        assert band == ["/intake/configuration"], path
    assert listed in administrator.get(one).links.values()


def test_the_preview_leads_back_to_the_list(administrator: PageClient):
    page = preview(administrator, LIMIT, limit="8")
    assert "/reporting/configuration/figures" in page.links.values()


def test_a_change_holds_from_its_day_and_not_before(
    administrator: PageClient, platform: Platform, clock: SetClock
):
    later = today(clock) + timedelta(days=10)
    page = change(administrator, LIMIT, limit="9", **from_day(later))
    assert page.rows("As it stands today")[0][3] == "5"
    assert page.rows("Versions")[0][3] == "Agreed by the partnership"
    assert "To come" in page.rows("Versions")[0][0]
    clock.set(datetime(later.year, later.month, later.day, 0, 1, tzinfo=LONDON))
    assert administrator.get("/reporting/configuration/figures").rows("As it stands today")[0][3] == "9"


def test_a_change_is_published_whole_with_author_day_and_reason(
    administrator: PageClient, platform: Platform, clock: SetClock
):
    change(administrator, LIMIT, limit="0")
    platform.settle()
    [event] = said(platform, "figures")
    assert json.loads(event.value)["limit"] == 0
    assert (event.changed_by, event.reason) == ("dorset-administrator", "Agreed by the partnership")
    assert event.effective_from == clock()
    with platform["intake"].database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        assert configuration(tx, "figures") == json.loads(event.value)
    with platform["intake"].database.reading(Scope("wiltshire", Actor("system:test"), "t")) as tx:
        assert configuration(tx, "figures") is None


def test_a_change_is_a_link_of_the_audit_chain(administrator: PageClient, platform: Platform):
    from sqlalchemy import select

    from shared.store.tables import audit_entry

    change(administrator, LIMIT, limit="7")
    with platform["reporting"].database.reading(Scope("dorset", Actor("system:test"), "t")) as tx:
        query = select(audit_entry.c.actor).where(
            audit_entry.c.authority == "dorset", audit_entry.c.subject == "dorset/figures"
        )
        assert tx.db.execute(query).scalars().all() == ["dorset-administrator"]


def test_the_preview_changes_nothing_and_leads_back_with_the_answers(
    administrator: PageClient, platform: Platform
):
    page = preview(administrator, LIMIT, limit="8", rounding="truncate")
    assert ["The largest count that is held back", "5", "8"] in page.rows()
    assert said(platform, "figures") == []
    page = administrator.submit(button="Go back to the answers")
    form = page.form("See what would change")
    held = {one.get("name"): one.get("value") for one in form.iter("input")}
    assert (held["limit"], page.errors) == ("8", [])
    assert said(platform, "figures") == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"limit": "101"}, "Enter a number from 0 to 100."),
        ({"limit": "-1"}, "Enter a number from 0 to 100."),
        ({"limit": "five"}, "Enter a number."),
        ({"limit": ""}, "Enter an answer."),
        ({"limit": "६"}, None),
        ({"limit": "6", "reason": ""}, "Enter why you change this; the audit keeps your words."),
        ({"limit": "6", "reason": "no"}, "Use between 5 and 500 characters."),
        ({"limit": "6", "reason": "x" * 501}, "Use between 5 and 500 characters."),
        ({"limit": "6", "reason": "bell \x07 rings"}, "This has characters in it that cannot be shown."),
        ({"limit": "6", "starts-day": "31", "starts-month": "2"}, "Enter a real date, like 27 3 2026."),
        ({"limit": "6", "starts-day": "1"}, "Enter today or a later day"),
        ({"limit": "6", "starts-year": "26"}, "The year must have 4 numbers, like 2026."),
    ],
)
def test_wrong_input_gets_one_sentence_and_changes_nothing(
    administrator: PageClient, platform: Platform, answers: dict[str, str], sentence: str | None
):
    page = preview(administrator, LIMIT, status=422 if sentence else 200, **answers)
    if sentence:
        assert len(page.errors) == 1
        assert sentence.casefold() in page.errors[0].casefold()
    assert said(platform, "figures") == []


def test_a_version_set_down_for_later_is_not_undone_from_underneath(
    administrator: PageClient, clock: SetClock
):
    later = today(clock) + timedelta(days=10)
    change(administrator, LIMIT, limit="9", **from_day(later))
    page = preview(administrator, LIMIT, status=422, limit="3", **from_day(today(clock)))
    assert page.errors == ["A change is set down for 12 March 2026. Enter that day or a later one."]
    change(administrator, LIMIT, rounding="truncate")
    clock.forward(timedelta(days=11))
    row = administrator.get("/reporting/configuration/figures").rows("As it stands today")[0]
    assert row[1:] == ["Cut off", "One decimal", "9"]


def test_two_administrators_do_not_overwrite_each_other(administrator: PageClient, platform: Platform):
    preview(administrator, LIMIT, limit="8")
    other = PageClient(platform).as_(Role.ADMINISTRATOR, stepped_up=True)
    change(other, LIMIT, limit="3")
    page = administrator.submit(button="Make this change", status=422)
    assert page.errors == ["Somebody changed these rules meanwhile. Load the page again and compare."]
    assert [json.loads(one.value)["limit"] for one in said(platform, "figures")] == [3]


def test_only_an_administrator_of_the_authority_changes_rules(platform: Platform):
    for role in set(Role) - {Role.ADMINISTRATOR}:
        client = PageClient(platform).as_(role, stepped_up=True)
        for service, kinds in KINDS.items():
            client.get(f"/{service}/configuration", 403)
            client.get(f"/{service}/configuration/{min(kinds)}", 403)
        client.get(LIMIT, 403)
    officer = Actor("officer-1", frozenset({Role.OFFICER}))
    with (
        platform["reporting"].database.transaction(Scope("dorset", officer, "t")) as tx,
        pytest.raises(NotAllowed),
    ):
        change_configuration(tx, "figures", {"limit": 0})


def test_a_rule_is_changed_only_after_a_fresh_proof(platform: Platform):
    client = PageClient(platform).as_(Role.ADMINISTRATOR)
    assert client.get("/reporting/configuration/figures").heading == "How figures are made"
    page = client._fetch("GET", LIMIT, {})
    assert page.status == 302
    assert page.headers["Location"].startswith("/intake/session/step-up?next=")


def test_rules_that_do_not_exist_are_not_found(administrator: PageClient):
    for path in ("nothing", "figures/rule/nothing", "figures/new", "nothing/rule/all"):
        administrator.get(f"/reporting/configuration/{path}", 404)


def test_a_set_without_fixed_questions_holds_one_rule():
    from services.reporting.web.configured import FigureAnswers, _put, _rows

    one = RuleSet(
        kind="figures", title="t", about="a", effect="e", schema=FigureAnswers, rows=_rows, put=_put,
        columns=("limit",),
    )  # fmt: skip
    assert one.key({}) == "all"
    assert {asked.kind for asked in one.questions(adding=False)} == {"select", "number"}
