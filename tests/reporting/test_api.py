"""Reporting for programs: the same figures, the same rules about who sees what."""

import pytest

from shared.contracts.platform import AccessRecorded
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.reporting.newsroom import Newsroom, contact, looked, published, some_work


def test_activity_is_the_table_as_data(news: Newsroom, browser: PageClient):
    some_work(news)
    found = browser.as_(Role.OFFICER).get("/reporting/api/activity?period=fy2025&by=sector&suppress=0").json
    assert [(row["code"], row["count"], row["share"]) for row in found["rows"]] == [
        ("EDUCATION_ACADEMY", 9, 75.0), ("POLICE", 3, 25.0),
    ]  # fmt: skip
    assert found["period"]["first"] == "2025-04-01"
    assert found["referral_definition"] == "FIRST_MEETING"
    assert [one.subject_id for one in published(news)] == ["activity/fy2025/sector"]


def test_an_analyst_s_program_gets_no_small_number(news: Newsroom, browser: PageClient):
    some_work(news)
    found = browser.as_(Role.ANALYST).get("/reporting/api/activity?period=fy2025&by=sector&suppress=0").json
    assert [row["count"] for row in found["rows"]] == [None, None]


@pytest.mark.parametrize("query", ["by=name", "period=soon", "rounding=up"])
def test_a_choice_that_makes_no_sense_is_a_problem_document(browser: PageClient, query: str):
    page = browser.as_(Role.OFFICER).send("GET", f"/reporting/api/activity?{query}", status=422)
    assert page.headers["Content-Type"] == "application/problem+json"
    assert query.partition("=")[0] in str(page.json["errors"])


def test_the_dashboard_says_how_far_behind_it_is(news: Newsroom, browser: PageClient):
    news.hear(contact(), late=1.5)
    found = browser.as_(Role.MANAGER).get("/reporting/api/dashboard").json
    assert (found["contacts"], found["undecided"], found["behind_seconds"]) == (1, 1, 1.5)


def test_the_register_is_read_a_page_at_a_time_and_the_reading_entered(news: Newsroom, browser: PageClient):
    news.hear(*(looked(f"c-{number}") for number in range(55)))
    first = browser.as_(Role.AUDITOR).get("/reporting/api/access").json
    second = browser.get("/reporting/api/access?page=2").json
    assert (first["total"], len(first["items"]), len(second["items"])) == (55, 50, 5)
    assert [type(one) for one in published(news)] == [AccessRecorded, AccessRecorded]


def test_the_register_answers_who_saw_this_record(news: Newsroom, browser: PageClient):
    news.hear(contact(), looked(who="u-9", reason="Rang"), looked("c-2"))
    items = browser.as_(Role.AUDITOR).get("/reporting/api/access?whom=DOR-c-1").json["items"]
    assert [(one["actor_id"], one["reason"]) for one in items] == [("u-9", "Rang")]


@pytest.mark.parametrize(
    ("path", "role"),
    [("access", Role.OFFICER), ("activity", Role.OPERATOR), ("dashboard", Role.ADMINISTRATOR)],
)
def test_who_may_not_read_it_is_refused(browser: PageClient, path: str, role: Role):
    browser.as_(role).send("GET", f"/reporting/api/{path}", status=403)


def test_figures_of_another_authority_are_not_in_the_answer(news: Newsroom, browser: PageClient):
    some_work(news)
    found = (
        browser.as_(Role.MANAGER, "wiltshire")
        .get("/reporting/api/activity?period=fy2025&by=sector&suppress=0")
        .json
    )
    assert (found["rows"], found["total"]["count"]) == ([], 0)
