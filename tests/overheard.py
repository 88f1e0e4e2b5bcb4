"""The canary of the whole suite: what any test types into a personal box may stand in no address that a page
offers or leads to, and in no line of the log that this test makes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from tests.page import Page

PERSONAL = re.compile(
    r"(^|_|-)(given|surname|middle|previous|full|name|child|narrative|words|account|phone|email|line1|reason|reasons)$"
)
# Shorter words are found in any text.
_SHORTEST = 8
_typed: set[str] = set()


class Overheard(AssertionError):
    """A personal value came out of its cage."""


def forget() -> None:
    """A new test begins."""
    _typed.clear()


def note(answers: Any) -> None:
    """Remember what was typed into personal boxes."""
    pairs = answers.items(multi=True) if hasattr(answers, "getlist") else _pairs(answers)
    for box, value in pairs:
        if isinstance(value, str) and PERSONAL.search(box) and len(value.strip()) >= _SHORTEST:
            _typed.add(value.strip().lower())


def _pairs(answers: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(answers, Mapping):
        return
    for box, value in answers.items():
        yield str(box), value
        for inner in value if isinstance(value, list) else [value]:
            yield from _pairs(inner)


def check_addresses(page: Page) -> None:
    """No address of an answer may hold what was typed."""
    places = [page.headers.get("Location", "")]
    for one in page.tree.iter() if page.tree is not None else ():
        places += [one.get("href", ""), one.get("action", ""), one.get("src", "")]
    kept = "\n".join(unquote_plus(place) for place in places if not place.startswith(("mailto:", "tel:")))
    _refuse(kept.lower(), f"an address of {page.path.partition('?')[0]}")


def check_lines(text: str) -> None:
    """No line of the log may."""
    _refuse("\n".join(line for line in text.lower().splitlines() if line.startswith("{")), "the log")


def _refuse(text: str, place: str) -> None:
    found = sorted(value for value in _typed if value in text)
    if found:
        raise Overheard(f"What was typed stands in {place}: {found}")
