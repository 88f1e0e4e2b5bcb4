"""Reads the form's data once: a name that nothing stands behind is a fault at the start, not on a page."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from services.intake.web.journey.conditions import CHOICES, CONDITIONS, ITEM_TITLES
from services.intake.web.journey.questions import Choices, Question
from services.intake.web.journey.structure import Either, Journey, Page, Section

Raw = Mapping[str, Any]


def read() -> tuple[Section, Journey]:
    """The screener, and the journey of the tasks after it."""
    text = files(__package__).joinpath("form.toml").read_text(encoding="utf-8")
    # The first section is the screener by its place in the file: nothing may come before it.
    screener, *tasks = (_section(raw) for raw in tomllib.loads(text)["section"])
    return screener, Journey(tuple(tasks))


def _section(raw: Raw) -> Section:
    plain = {key: raw[key] for key in raw if key not in {"page", "item_title"}}
    title = ITEM_TITLES[raw["item_title"]] if "item_title" in raw else None
    return Section(**plain, pages=tuple(_page(page) for page in raw["page"]), item_title=title)


def _page(raw: Raw) -> Page:
    either = Either(tuple(raw["either"]["names"]), raw["either"]["words"]) if "either" in raw else None
    return Page(
        name=raw["name"],
        title=raw["title"],
        questions=tuple(_question(one) for one in raw["question"]),
        intro=raw.get("intro", ""),
        either=either,
        when=CONDITIONS[raw["when"]] if "when" in raw else None,
        stops=raw.get("stops", {}),
    )


def _question(raw: Raw) -> Question:
    plain = {key: raw[key] for key in raw if key not in {"choices", "when", "reveals", "for"}}
    return Question(
        **plain,
        choices=_choices(raw.get("choices", ())),
        when=CONDITIONS[raw["when"]] if "when" in raw else None,
        reveals=_reveals(raw.get("reveals", ())),
    )


def _choices(raw: str | Sequence[Sequence[str]]) -> Choices:
    if isinstance(raw, str):
        return CHOICES[raw[1:]] if raw.startswith("@") else raw
    return [(one[0], one[1], one[2]) if len(one) > 2 else (one[0], one[1]) for one in raw]


def _reveals(raw: Sequence[Raw]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for one in raw:
        found.setdefault(one["for"], []).append(_question(one))
    return found
