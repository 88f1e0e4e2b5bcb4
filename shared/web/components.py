"""The parts that macros are built from: what Jinja cannot say as data."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from shared.web import charts, wording

Part = dict[str, Any]


def functions() -> dict[str, Any]:
    """The names that the component templates use."""
    return {
        "bars": charts.bars, "cells": cells, "choices": choices, "dict": dict, "label_part": label_part,
        "legend_part": legend_part, "lined": lined, "one_line": one_line, "reached": reached,
        "required": required, "summary_rows": summary_rows, "text_part": text_part,
    }  # fmt: skip


def required(value: object, what: str) -> object:
    """The value itself. Raises ValueError when there is none: macros that miss a text draw an empty bar in
    silence."""
    if not value:
        raise ValueError(f"A template gives no {what}.")
    return value


def text_part(words: str) -> Part | None:
    """A hint or an error message; None for no words."""
    return {"text": words} if words else None


def label_part(words: str, heading: bool) -> Part:
    """A label; as `heading` it is also the page's h1."""
    required(words, "label")
    return {
        "text": words,
        "classes": "govuk-label--l" if heading else "govuk-label--s",
        "isPageHeading": heading,
    }


def legend_part(words: str, heading: bool) -> Part:
    """A legend in its fieldset; as `heading` it is also the page's h1."""
    required(words, "legend")
    size = "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s"
    return {"legend": {"text": words, "classes": size, "isPageHeading": heading}}


def choices(items: Iterable[Any]) -> list[Part]:
    """Choices in the macros' own shape."""
    return [_choice(item) for item in items]


def _choice(item: Any) -> Part:
    if not isinstance(item, Mapping):
        item = dict(zip(("value", "text", "hint"), item, strict=False))
    if "divider" in item:
        return dict(item)
    found: Part = {"value": str(item["value"]), "text": item["text"]}
    if item.get("hint"):
        found["hint"] = {"text": item["hint"]}
    if item.get("conditional"):
        found["conditional"] = {"html": item["conditional"]}
    return found


def one_line(text: str) -> Markup:
    """Text for a textarea whose line breaks survive the indenting that nested macros do."""
    # `indent` would shift every line of the text, once more at each time the form comes back.
    return Markup(str(escape(text)).replace("\n", "&#10;").replace("\r", ""))  # noqa: S704  escaped just before


def lined(value: Any) -> Any:
    """A value to show; of text that somebody wrote the lines stay lines."""
    if value is None:
        return ""
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return wording.multiline(value) if plain and "\n" in value else value


def summary_rows(rows: Iterable[Any]) -> list[Part]:
    """Rows of a summary list: `(key, value)`, `(key, value, href)` or `(key, value, href, what the link
    changes)`."""
    return [_summary_row(*row) for row in rows]


def _summary_row(key: str, value: Any, href: str = "", what: str = "", action: str = "Change") -> Part:
    row: Part = {"key": {"text": key}, "value": {"text": lined(value)}}
    if href:
        link = {"href": href, "text": action, "visuallyHiddenText": what or str(key).lower()}
        row["actions"] = {"items": [link]}
    return row


def cells(rows: Iterable[Sequence[Any]], head: Sequence[Any]) -> list[list[Part]]:
    """Table cells; a column whose head is `{"text", "numeric": true}` is set to the right."""
    numeric = [isinstance(column, Mapping) and bool(column.get("numeric")) for column in head]
    return [[_cell(value, right) for value, right in zip(row, numeric, strict=True)] for row in rows]


def reached(rows: Iterable[Sequence[Any]], head: Sequence[Any]) -> bool:
    """Whether the keyboard comes into a table by itself, and its arrows move it sideways from there."""
    linked = any(isinstance(column, Mapping) and column.get("href") for column in head)
    inside = (cell for row in rows for cell in row if isinstance(cell, Markup))
    return linked or any(re.search(r"<(a|button|input|select|summary)\b", cell) for cell in inside)


def _cell(value: Any, right: bool) -> Part:
    found: Part = {"text": lined(value)}
    return found | {"format": "numeric"} if right else found
