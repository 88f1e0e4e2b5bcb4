"""Both engines bring the same candidates, so that one scorer gives one answer."""

from itertools import islice
from pathlib import Path

import pytest

from services.search.commands.evaluate import agreement, measured
from services.search.commands.records import Entry, read
from tests.bench.populace import Populace

pytestmark = pytest.mark.servers

CASES = Path(__file__).with_name("cases") / "wide.jsonl"


@pytest.fixture(scope="module")
def slice_of_cases() -> list[Entry]:
    """Hand-made people and what is asked of them, among others of their region."""
    others = [Entry(one.id, "person", None, one) for one in Populace(5).people(400)]
    return [*others, *islice(read(CASES), 200)]


def test_the_candidates_are_the_same(
    slice_of_cases: list[Entry], opensearch_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HEED_INDEX_URL", opensearch_url)
    assert agreement(slice_of_cases) >= 0.99


def test_the_answers_are_the_same(
    slice_of_cases: list[Entry], opensearch_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HEED_INDEX_URL", opensearch_url)
    first, second = (measured(slice_of_cases, 3, engine) for engine in ("embedded", "opensearch"))
    tops = [[(one["id"], one["hits"][:1]) for one in found["queries"]] for found in (first, second)]
    assert tops[0] == tops[1]
