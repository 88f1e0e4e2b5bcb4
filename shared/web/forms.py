"""Forms: a marshmallow schema read from a page, with the answers kept and sentences that say how to put them
right."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import flask
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.clock import LONDON
from shared.errors import HeedError, Invalid
from shared.web.answers import General, Moment, PartialDate, Upload, gather, legible, parts_of

__all__ = ["Form", "Moment", "PartialDate", "Upload"]

WHOLE = "_schema"
_WORDS = (
    (r"(Missing data for required field|Field may not be null)\.", "Enter an answer."),
    (r"Longer than maximum length (\d+)\.", r"Use \1 characters or fewer."),
    (r"Shorter than minimum length (\d+)\.", r"Use \1 characters or more."),
    (r"Length must be between (\d+) and (\d+)\.", r"Use between \1 and \2 characters."),
    (r"(Must be one of|One or more of the choices).*", "Choose from the answers listed."),
    (r"Not a valid email address\.", "Enter an e-mail address, like name@school.example."),
    (r"Not a valid (integer|number)\.", "Enter a number."),
    (r"Not a valid boolean\.", "Choose yes or no."),
    (r"Not a valid date\.", "Enter a real date, like 27 3 2026."),
    (
        r"Must be greater than or equal to (.+) and less than or equal to (.+)\.",
        r"Enter a number from \1 to \2.",
    ),
    (r"Must be greater than or equal to (.+)\.", r"Enter \1 or more."),
    (r"Must be less than or equal to (.+)\.", r"Enter \1 or less."),
)
# A year among the other answers has no comma.
_COUNT = re.compile(r"\d{4,}(?=.* characters)")


class Form:
    """One page's questions. `initial` fills them before anything was sent; dates and lists are understood."""

    def __init__(self, schema: type[Schema], initial: Mapping[str, Any] | None = None) -> None:
        # Tokens and buttons come along with the answers; what the schema does not name is never read.
        self.schema = schema(unknown=EXCLUDE)
        self.errors: dict[str, list[str]] = {}
        self._questions: dict[str, str] = {}
        self._values: MultiDict[str, str] = MultiDict()
        for name, value in (initial or {}).items():
            for key, text in _spread(name, value, self.schema.fields.get(name)):
                self._values.add(key, text)

    def submitted(self) -> dict[str, Any] | None:
        """The loaded answers of a POST; None when nothing was sent or something has to be put right (see
        `errors`).

        A question left blank is absent from the answers unless its field has a `load_default`.
        """
        if flask.request.method != "POST":
            return None
        return self._load(flask.request.form, flask.request.files)

    def filters(self) -> dict[str, Any]:
        """The filters in the address of a list, with what holds where none is given; those that make no sense
        are left out and named in `errors`."""
        loaded = self._load(self._with_defaults(flask.request.args), MultiDict())
        if loaded is not None:
            return loaded
        faulty = {f"{name}{box}" for name in self.errors for box in ("", "-day", "-month", "-year", "-time")}
        sound = MultiDict((key, text) for key, text in self._values.items(multi=True) if key not in faulty)
        return self._read(sound, MultiDict())[0]

    def exact(self) -> dict[str, Any]:
        """The same for a file. Raises Invalid when one makes no sense: a file says nothing of what was left
        out, and would hold more than was asked for."""
        found = self.filters()
        if self.errors:
            words = "Nothing was saved: a filter in the address makes no sense."
            raise Invalid(f"{words} Choose the filters on the page, then save the list again.", self.errors)
        return found

    def _with_defaults(self, given: MultiDict[str, str]) -> MultiDict[str, str]:
        usual = (
            pair
            for name, field in self.schema.fields.items()
            if name not in given and isinstance(field.load_default, str | int)
            for pair in _spread(name, field.load_default, field)
        )
        return MultiDict([*given.items(multi=True), *usual])

    def refuse(self, problem: HeedError | str, name: str = WHOLE) -> None:
        """Add what an action refused, under the question it is about when it says so."""
        found = problem.fields if isinstance(problem, Invalid) and problem.fields else {name: [str(problem)]}
        for key, sentences in found.items():
            self.errors.setdefault(key, []).extend(sentences)

    def page(self, template: str, **context: Any) -> tuple[str, int]:
        """The page with this form: 422 when something has to be put right, else 200."""
        return flask.render_template(template, form=self, **context), self.status

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return 422 if self.errors else 200

    def value(self, name: str) -> str:
        """What stands in a box."""
        return legible(self._values.get(name, ""))

    def values(self, name: str) -> list[str]:
        """What is ticked."""
        return [legible(one) for one in self._values.getlist(name)]

    def sent(self) -> list[tuple[str, str]]:
        """Everything that stands in its boxes, to be carried to a page that asks whether it is right."""
        return [(name, legible(text)) for name, text in self._values.items(multi=True)]

    def error(self, name: str, question: str = "") -> str:
        """The first sentence about a question, or nothing. The words of the question are remembered for the
        summary."""
        self._questions[name] = question
        return self._said(name, self.errors.get(name, [""])[0])

    def summary(self) -> list[tuple[str, str]]:
        """Every sentence with the id of the box it is about ('' for the whole page), in the order in which
        the page has asked."""
        asked = list(self._questions)
        names = sorted(self.errors, key=lambda name: asked.index(name) if name in asked else len(asked))
        return [
            (self._anchor(name), self._said(name, words)) for name in names for words in self.errors[name]
        ]

    def _said(self, name: str, words: str) -> str:
        question = self._questions.get(name, "")
        if not question or not isinstance(words, General):
            return words
        return (
            f"{question} {words}" if question.endswith("?") else f"{question}: {words[0].lower()}{words[1:]}"
        )

    def _anchor(self, name: str) -> str:
        field = self.schema.fields.get(name)
        boxes = parts_of(field) if field is not None else ()
        return "" if name == WHOLE else f"{name}-{boxes[0]}" if boxes else name

    def _load(self, form: MultiDict[str, str], files: MultiDict[str, Any]) -> dict[str, Any] | None:
        self._values = form
        loaded, self.errors = self._read(form, files)
        return None if self.errors else loaded

    def _read(
        self, form: MultiDict[str, str], files: MultiDict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, list[str]]]:
        given, errors = self._gather(form, files)
        try:
            loaded: dict[str, Any] = self.schema.load(given)
        except ValidationError as problem:
            loaded = {}
            found = problem.messages_dict
            errors = {name: list(_sentences(found[name])) for name in found if name not in errors} | errors
        return loaded, self._in_page_order(errors)

    def _gather(
        self, form: MultiDict[str, str], files: MultiDict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, list[str]]]:
        given: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for name, field in self.schema.fields.items():
            try:
                answer = gather(name, field, form, files)
            except ValidationError as problem:
                errors[name] = list(_sentences(problem.messages))
                continue
            if answer is not None:
                given[name] = answer
        return given, errors

    def _in_page_order(self, errors: dict[str, list[str]]) -> dict[str, list[str]]:
        order = list(self.schema.fields)
        return dict(
            sorted(errors.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))
        )


def _sentences(found: Any) -> Iterator[str]:
    if isinstance(found, Mapping):
        for inner in found.values():
            yield from _sentences(inner)
    elif isinstance(found, (list, tuple)):
        for inner in found:
            yield from _sentences(inner)
    else:
        yield found if isinstance(found, General) else _plain(str(found))


def _plain(words: str) -> str:
    for pattern, sentence in _WORDS:
        if re.fullmatch(pattern, words):
            said = _COUNT.sub(lambda found: f"{int(found[0]):,}", re.sub(pattern, sentence, words))
            return General(said)
    return words


def _spread(name: str, value: Any, field: fields.Field[Any] | None) -> Iterator[tuple[str, str]]:
    if isinstance(field, PartialDate) and isinstance(value, str):
        yield from (
            (f"{name}-{box}", part)
            for box, part in zip(("year", "month", "day"), value.split("-"), strict=False)
        )
        return
    # A datetime is a date too, so its day comes below.
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
        yield f"{name}-time", f"{value:%H:%M}"
    if isinstance(value, date):
        yield from ((f"{name}-day", str(value.day)), (f"{name}-month", str(value.month)))
        yield f"{name}-year", str(value.year)
    elif isinstance(value, bool):
        yield name, "yes" if value else "no"
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from ((name, str(one)) for one in value)
    elif value is not None:
        yield name, str(value)
