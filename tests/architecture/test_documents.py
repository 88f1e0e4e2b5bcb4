"""The pages that come from the code say what the code says; settings and services are all documented."""

import re
from functools import cache
from pathlib import Path

import pytest

import services
from tests.architecture.source import ROOT, tracked
from tools import docs


@cache
def _pages() -> dict[Path, str]:
    return docs.pages()


@pytest.mark.parametrize(
    "name",
    ["events.md", "events.schema.json", "configuration.md", *(f"api/{name}.json" for name in services.ORDER)],
)
def test_a_generated_page_says_what_the_code_says(name: str):
    path = docs.DOCS / name
    assert path.exists() and path.read_text(encoding="utf-8") == _pages()[path], (
        f"docs/{name} is old: run `make docs`."
    )


def test_every_setting_that_is_named_anywhere_is_one_that_exists():
    known = set(re.findall(r"`(HEED_[A-Z_]+)`", docs.configuration())) | {"HEED_LAB", "HEED_REQUIRE"}
    texts = [
        path
        for path in tracked()
        if path.suffix in (".md", ".yml", ".yaml", ".py") and "tests" not in path.parts
    ]
    named = {
        (match, str(path))
        for path in texts
        for match in re.findall(r"\bHEED_[A-Z_]*[A-Z]\b", (ROOT / path).read_text(encoding="utf-8"))
    }
    strange = {
        one
        for one in named
        if one[0].removesuffix("_FILE") not in known and not one[0].startswith("HEED_TEST")
    }
    assert not {one for one in strange if not any(name.startswith(one[0]) for name in known)}, (
        f"No such setting: {strange}"
    )


def test_links_between_documents_lead_somewhere():
    pages = [path for path in tracked() if path.suffix == ".md"]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", (ROOT / page).read_text(encoding="utf-8"))
    ]
    broken = [f"{page}: {target}" for page, target in links if not (ROOT / page.parent / target).exists()]
    assert not broken, f"Links to nowhere: {broken}"


def test_every_document_is_reached_from_the_readme():
    reached, waiting = set(), [Path("README.md")]
    while waiting:
        page = waiting.pop()
        if page in reached or not (ROOT / page).exists():
            continue
        reached.add(page)
        text = (ROOT / page).read_text(encoding="utf-8") if page.suffix == ".md" else ""
        waiting += [
            Path((ROOT / page.parent / target).resolve()).relative_to(ROOT)
            for target in re.findall(r"\]\(([^)#:\s]+)", text)
        ]
    lost = [
        path
        for path in tracked()
        if path.parts[0] == "docs" and path.suffix == ".md" and not _is_reached(path, reached)
    ]
    assert not lost, f"No page leads to {[str(path) for path in lost]}"


def _is_reached(path: Path, reached: set[Path]) -> bool:
    return path in reached or any(parent in reached for parent in path.parents)
