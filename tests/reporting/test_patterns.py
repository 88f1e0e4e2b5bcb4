"""Patterns as figures: found, by sign, and what came of them."""

from datetime import date
from typing import Any

from services.reporting.domain import facts
from services.reporting.domain.tallies import ALL, Measure
from shared.contracts.findings import PatternGround
from shared.contracts.search import PatternFound, PatternReviewed, PatternWithdrawn
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.reporting.newsroom import WHEN, Newsroom, counts, known


def found(pattern_id: str = "pt-1", *signs: str, **differs: Any) -> PatternFound:
    """Concerns about an adult in February."""
    grounds = [
        PatternGround(sign=one, until=WHEN, count=2, adults=1) for one in signs or ("person_concerns",)
    ]
    given: dict[str, Any] = {
        "reference": "PT-1", "kind": "person", "setting_id": "", "contact_ids": ("c-1", "c-2"), "added": (),
        "needs": 2, "grounds": tuple(grounds), "found_at": WHEN,
    }  # fmt: skip
    return PatternFound(pattern_id=pattern_id, **{**given, **differs})


def reviewed(pattern_id: str, finding: str) -> PatternReviewed:
    """Somebody looked."""
    return PatternReviewed(pattern_id=pattern_id, finding=finding, reviewed_by="o-1", reviewed_at=WHEN)


def test_a_pattern_counts_once_under_each_of_its_signs_however_much_it_grew(news: Newsroom):
    news.hear(
        found("pt-1", "person_concerns"), found("pt-1", "person_concerns", "person_settings"), found("pt-2")
    )
    assert counts(news, Measure.PATTERNS) == {ALL: 2}
    assert counts(news, Measure.PATTERNS, "sign") == {"person_concerns": 2, "person_settings": 1}
    assert counts(news, Measure.PATTERNS, "about") == {"person": 2}
    assert known(news, facts.Pattern, "pt-1").found_on == date(2026, 2, 10)


def test_what_came_of_patterns_is_counted(news: Newsroom):
    news.hear(*(found(f"pt-{number}") for number in range(4)))
    news.hear(reviewed("pt-1", "acted"), reviewed("pt-2", "explained"), PatternWithdrawn(pattern_id="pt-3"))
    assert counts(news, Measure.PATTERNS, "review") == {
        "OPEN": 1, "ACTED": 1, "EXPLAINED": 1, "WITHDRAWN": 1,
    }  # fmt: skip


def test_patterns_are_a_table_with_a_chart_and_a_file(news: Newsroom, browser: PageClient):
    news.hear(*(found(f"pt-{number}") for number in range(8)))
    page = browser.as_(Role.MANAGER).get("/reporting/activity?by=sign")
    (row, *_) = page.rows()
    assert row[:2] == ["Concerns about the same adult", "8"] and "<svg" in page.html
    assert "Patterns found" in page.text
    saved = browser.get(page.links["Save as CSV"])
    assert b"Concerns about the same adult" in saved.body
    assert "To be reviewed" in browser.get("/reporting/activity?by=review").text
