"""A fetched page as a reader sees it: words, links, tables, and forms that can be filled in."""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from tests.page_checker import Element, check_page, has_class, words

Answers = Mapping[str, Any]


class Page:
    """An answer. `tree` is there when it is a page."""

    def __init__(self, path: str, response: TestResponse) -> None:
        self.path = path
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.text if "charset" in (response.content_type or "") else ""
        self.body = response.data
        is_page = response.mimetype == "text/html" and self.status not in range(300, 400)
        self.tree: Element | None = check_page(self.html, path) if is_page else None

    @property
    def text(self) -> str:
        """The words of the main part, with single spaces."""
        return words(self._part("main"))

    @property
    def heading(self) -> str:
        """The h1."""
        return words(self._part("h1"))

    @property
    def title(self) -> str:
        """The title of the window."""
        return words(self._part("title"))

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        boxes = [one for one in self._all("div") if has_class(one, "govuk-error-summary__body")]
        return [words(item) for box in boxes for item in box.iter("li")]

    @property
    def links(self) -> dict[str, str]:
        """Every link: words to address."""
        return {words(one): one.get("href", "") for one in self._all("a")}

    @property
    def json(self) -> Any:
        """The body of an API's answer."""
        return json.loads(self.body)

    def rows(self, caption: str = "") -> list[list[str]]:
        """The body rows of the table with that caption, or of the first."""
        tables = [one for one in self._all("table") if not caption or words(one.find("caption")) == caption]
        if not tables:
            raise LookupError(f"{self.path} has no table {caption!r}.")
        body = tables[0].find("tbody")
        return [[words(cell) for cell in row] for row in (body if body is not None else ())]

    def form(self, button: str = "") -> Element:
        """The form with that button, or the only one of the main part."""
        main = self._part("main")
        found = (
            [one for one in main.iter("form") if not button or button in _buttons(one)]
            if main is not None
            else []
        )
        if len(found) != 1:
            raise LookupError(f"{self.path} has {len(found)} forms with the button {button!r}.")
        return found[0]

    def _part(self, tag: str) -> Element | None:
        return None if self.tree is None else self.tree.find(f".//{tag}")

    def _all(self, tag: str) -> list[Element]:
        return [] if self.tree is None else list(self.tree.iter(tag))


def pairs(answers: Answers) -> list[tuple[str, Any]]:
    return [
        (name, one)
        for name, value in answers.items()
        for one in (value if isinstance(value, list) else [value])
        if one is not None
    ]


def _buttons(form: Element) -> list[str]:
    return [words(one) for one in form.iter("button")]


def filled(form: Element, answers: Answers, button: str) -> list[tuple[str, Any]]:
    boxes = [one for one in form.iter() if one.tag in {"input", "select", "textarea"} and one.get("name")]
    names = {one.get("name") for one in boxes}
    unknown = set(answers) - names
    if unknown:
        raise LookupError(f"The form asks {sorted(str(name) for name in names)}, not {sorted(unknown)}.")
    kept = [pair for one in boxes if one.get("name") not in answers for pair in _held(one)]
    pressed = [one for one in form.iter("button") if one.get("name") and words(one) == button]
    return [*kept, *pairs(answers), *((one.get("name", ""), one.get("value", "")) for one in pressed)]


def _held(box: Element) -> list[tuple[str, str]]:
    name, kind = box.get("name", ""), box.get("type", "text")
    if box.tag == "textarea":
        return [(name, (box.text or "").removeprefix("\n"))]
    if box.tag == "select":
        options = list(box.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return [(name, one.get("value", "")) for one in chosen]
    if kind in {"radio", "checkbox"}:
        return [(name, box.get("value", "on"))] if box.get("checked") is not None else []
    return [] if kind in {"file", "submit"} else [(name, box.get("value", ""))]
