"""Canaries: invented values that can come from nowhere else, put into every box of every form."""

import io
import re
from itertools import count
from urllib.parse import unquote_plus

from tests.page import Page
from tests.page_checker import Element, words

_LETTERS = "bcdfghjklm"
LEADING_ON = {"danger": "no", "about": "adult", "area": "yes", "identity": "named", "private": "no"}


class Seeds:
    """Makes them and knows them again, in whatever case or coding."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.sown: dict[str, str] = {}

    def word(self, box: str) -> str:
        """A word of letters that no language has; `box` is remembered, to say where a find came from."""
        number = next(self._numbers)
        token = "Qzv" + "".join(_LETTERS[int(figure)] for figure in f"{number:04}") + "xkwj"
        self.sown[token.lower()] = box
        return token

    def telephone(self, box: str) -> str:
        """A number of the range for drama."""
        token = f"07700 900{next(self._numbers) % 1000:03}"
        self.sown[token] = self.sown[token.replace(" ", "")] = box
        return token

    def found_in(self, text: str | bytes) -> dict[str, str]:
        """Each canary that stands in it, with the box it was put into."""
        shown = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
        plain = shown.lower()
        decoded = unquote_plus(plain) if isinstance(text, str) else plain
        return {token: box for token, box in self.sown.items() if token in plain or token in decoded}

    def file(self) -> tuple[io.BytesIO, str]:
        """An upload with a canary inside and one in its name."""
        text = f"A note.\n{self.word('file content')}\n"
        return io.BytesIO(text.encode()), f"{self.word('file name')}.txt"

    def answers(self, form: Element) -> dict[str, object]:
        """Something for every box of a form."""
        found: dict[str, object] = {}
        for box in form.iter():
            name = box.get("name", "")
            if (
                box.tag in {"input", "textarea", "select"}
                and name
                and name not in found
                and box.get("type") not in {"hidden", "submit"}
            ):
                answer = self._answer(form, box, name)
                if answer is not None:
                    found[name] = answer
        return found

    def _answer(self, form: Element, box: Element, name: str) -> object:
        kind = "select" if box.tag == "select" else box.get("type", "text")
        if kind in {"radio", "checkbox"}:
            return _chosen(form, name, kind)
        if kind == "select":
            options = [one.get("value", "") for one in box.iter("option")]
            return next((one for one in options if one), "")
        return self.file() if kind == "file" else self._typed(box, name, kind)

    def _typed(self, box: Element, name: str, kind: str) -> str:
        dated = re.search(r"-(day|month|year|time)$", name)
        if dated:
            return {"day": "2", "month": "3", "year": "2026", "time": "9:15am"}[dated.group(1)]
        if box.get("inputmode") == "numeric" or kind == "number":
            return "7"
        if kind == "email" or "email" in name:
            return f"{self.word(name).lower()}@canary.example"
        if kind == "tel" or "phone" in name:
            return self.telephone(name)
        return (
            self.word(name)
            if box.tag == "input"
            else f"She said {self.word(name)}.\nThen {self.word(name)} came."
        )


def _chosen(form: Element, name: str, kind: str) -> object:
    values = [one.get("value", "on") for one in form.iter("input") if one.get("name") == name]
    chosen = LEADING_ON.get(name, values[0])
    chosen = chosen if chosen in values else values[0]
    return chosen if kind == "radio" else [chosen]


def forms(page: Page) -> list[tuple[Element, str]]:
    """The forms of the main part that change something, with the button of each."""
    main = page.tree.find(".//main") if page.tree is not None else None
    found = (
        [one for one in main.iter("form") if one.get("method", "get").lower() == "post"]
        if main is not None
        else []
    )
    return [(one, words(next(iter(one.iter("button")), None))) for one in found]
