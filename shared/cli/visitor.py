"""Visiting Heed over HTTP as a person does: pages, forms with their hidden parts, cookies; and its API as a
program does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from shared.errors import Refused, Unavailable

Answers = Mapping[str, Any]
_PATIENCE = 20


@dataclass
class Box:
    """An input of a form: what it may hold, and what it holds."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class FoundForm:
    """A form of a page; boxes by name, the buttons' words."""

    action: str
    method: str
    boxes: dict[str, Box] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """An answer: its words, its forms, its links. Built from HTML or kept as it is (`json`)."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.response = response
        self.path = urlsplit(response.url).path
        self.forms: list[FoundForm] = []
        self.links: dict[str, str] = {}
        self._words: list[str] = []
        self._form: FoundForm | None = None
        self._select: Box | None = None
        self._href = ""
        self._button = False
        self.heading = ""
        self._in_heading = False
        if "html" in response.headers.get("Content-Type", ""):
            self.feed(response.text)

    @property
    def text(self) -> str:
        """All words of the page, with single spaces."""
        return " ".join(" ".join(self._words).split())

    @property
    def json(self) -> Any:
        """The body of an API's answer."""
        return self.response.json()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, boxes and links."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FoundForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a":
            self._href = given.get("href", "")
        elif tag == "h1":
            self._in_heading = True
        elif tag == "button":
            self._button = True
        elif self._form is not None:
            self._note_box(tag, given)

    def _note_box(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None  # noqa: S101  asked by the caller
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            box = self._form.boxes.setdefault(name, Box(name, kind))
            if kind in {"radio", "checkbox"}:
                box.choices.append(given.get("value", "on"))
                box.value = given.get("value", "on") if "checked" in given else box.value
            else:
                box.value = given.get("value", "")
        elif tag in {"select", "textarea"} and name:
            self._select = self._form.boxes.setdefault(name, Box(name, tag))
        elif tag == "option" and self._select is not None:
            self._select.choices.append(given.get("value", ""))
            self._select.value = given.get("value", "") if "selected" in given else self._select.value

    def handle_endtag(self, tag: str) -> None:
        """Forget what ended."""
        if tag == "form":
            self._form = None
        elif tag in {"select", "textarea"}:
            self._select = None
        elif tag == "a":
            self._href = ""
        elif tag == "button":
            self._button = False
        elif tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        """Gather words."""
        words = " ".join(data.split())
        if not words:
            return
        self._words.append(words)
        if self._in_heading:
            self.heading = f"{self.heading} {words}".strip()
        if self._href:
            self.links.setdefault(words, self._href)
        if self._button and self._form is not None:
            self._form.buttons.append(words)
        if self._select is not None and self._select.kind == "textarea":
            self._select.value = data

    def form(self, button: str = "") -> FoundForm:
        """The form with that button; without one, the first that asks something."""
        for found in self.forms:
            if (
                (button in found.buttons)
                if button
                else any(box.kind != "hidden" for box in found.boxes.values())
            ):
                return found
        raise Refused(f"The page {self.path} has no form with the button “{button}”.")


class Visitor:
    """One browser: a session with its cookies."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "heed-demo"

    @property
    def cookies(self) -> list[str]:
        """The names of the cookies it holds."""
        return [one.name for one in self._session.cookies]

    def get(self, path: str, *, expect: Sequence[int] = (200,)) -> Page:
        """Fetch a page, following redirects."""
        return self._ask("GET", path, expect)

    def post(self, path: str, data: Any, *, expect: Sequence[int] = (200,)) -> Page:
        """Send a form's data."""
        return self._ask("POST", path, expect, data=data)

    def call(
        self, method: str, path: str, body: Any = None, *, expect: Sequence[int] = (200, 201), **headers: str
    ) -> Page:
        """Call the API."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask(method, path, expect, json=body, headers={"Accept": "application/json", **named})

    def submit(self, page: Page, answers: Answers | None = None, button: str = "", section: str = "") -> Page:
        """Fill in a form of the page and send it. A box without an answer keeps what it holds, radios take
        `unknown`.
        """
        found = page.form(button)
        given = answers or {}
        data = [
            (box.name, value)
            for box in found.boxes.values()
            for value in _values(box, given.get(f"{section}.{box.name}", given.get(box.name)))
        ]
        answer = self._ask("POST", urljoin(page.path, found.action or page.path), (200, 422), data=data)
        if answer.response.status_code == 422:
            raise Refused(f"The page {page.path} did not take the answers: {answer.text[:300]}")
        return answer

    def _ask(self, method: str, path: str, expect: Sequence[int], **more: Any) -> Page:
        address = path if path.startswith("http") else self.url + path
        headers = {"Origin": self.url, "Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        try:
            response = self._session.request(method, address, headers=headers, timeout=_PATIENCE, **more)
        except requests.RequestException:
            raise Unavailable(
                f"Heed does not answer at {self.url}. Start it with `heed run`, or check --url."
            ) from None
        if response.status_code not in expect:
            raise Refused(
                f"{method} {urlsplit(address).path} answered {response.status_code}: {_said(response)}"
            )
        return Page(response)


def _values(box: Box, answer: Any) -> list[str]:
    if isinstance(answer, list | tuple):
        return [str(one) for one in answer]
    if answer is not None:
        return [str(answer)]
    if box.kind == "radio" and not box.value:
        return ["unknown"] if "unknown" in box.choices else []
    return [box.value] if box.value or box.kind not in {"radio", "checkbox"} else []


def _said(response: requests.Response) -> str:
    if "json" not in response.headers.get("Content-Type", ""):
        return Page(response).heading or response.reason
    problem = response.json()
    return f"{problem.get('detail') or problem.get('title')} {problem.get('errors') or ''}".strip()
