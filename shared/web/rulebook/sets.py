"""What the pages need to know of a rule set, and the questions a schema asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from shared.store.transaction import Transaction
from shared.web.wording import date_words

Row = Mapping[str, Any]
Example = tuple[str, str, str]
ONLY = "all"


class RuleSchema(Schema):
    """The questions of one rule; each change also asks from when it holds and why it is made."""

    starts = fields.Date(required=True, error_messages={"required": "Enter the day from which this holds."})
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        error_messages={"required": "Enter why you change this; the audit keeps your words."},
    )
    seen = fields.Integer(load_default=0)


def _as_written(text: str, _: Mapping[str, str]) -> str:
    return text


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """A rule set as the pages show and change it.

    `rows` gives its rules by key as they stand on a day, shipped ones with the authority's own value over
    them; `put` is that own value with one rule as it is from a day on; both raise Invalid. `fixed` names the
    questions that make the key; a set without any holds one rule, `ONLY`. `columns` are shown in the list,
    `effect` says what a change touches, `examples` shows it as (what, before, after), `in_words` puts the
    authority's terms into a text that holds places for them.
    """

    kind: str
    title: str
    about: str
    effect: str
    schema: type[RuleSchema]
    rows: Callable[[str, Any, date], Mapping[str, Row]]
    put: Callable[[str, Any, Row, date], Any]
    columns: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    adds: bool = False
    group: str = ""
    in_words: Callable[[str, Mapping[str, str]], str] = _as_written
    examples: Callable[[Transaction[Any], Row, date], Sequence[tuple[str, str]]] | None = None

    def key(self, row: Row) -> str:
        """How the rule is found again."""
        return ".".join(str(row[name]) for name in self.fixed) or ONLY

    def questions(self, *, adding: bool) -> tuple["Question", ...]:
        """What the page of one rule asks."""
        asked = self.schema().fields
        skipped = set(RuleSchema().fields) | (set() if adding else set(self.fixed))
        return tuple(Question.of(name, field) for name, field in asked.items() if name not in skipped)

    def said(self, row: Row) -> dict[str, tuple[str, str]]:
        """Label and answer of every question, in words."""
        asked = self.questions(adding=True)
        return {one.name: (one.label, one.said(row.get(one.name))) for one in asked}

    def read(self, row: Row, terms: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """The same as the authority's people read it, with its own terms in their places."""
        return {name: (label, self.in_words(words, terms)) for name, (label, words) in self.said(row).items()}


def asked(label: str, hint: str = "", words: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """The metadata of a rule's field: its label, a hint, the words of its choices."""
    return {"label": label, "hint": hint, "words": words or {}, **more}


@dataclass(frozen=True)
class Number:
    """A question whose answer is a whole number; `of` reads it from the authority's own value."""

    name: str
    label: str
    within: tuple[int, int]
    of: Callable[[Any], int]


def one_number(*, kind: str, title: str, about: str, effect: str, number: Number) -> RuleSet:
    """A rule of one number."""
    name, of = number.name, number.of
    field = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(*number.within),
        metadata=asked(number.label),
    )
    return RuleSet(
        kind=kind,
        title=title,
        about=about,
        effect=effect,
        schema=type(f"{name.capitalize()}Answers", (RuleSchema,), {"__doc__": about, name: field}),
        rows=lambda _, own, __: {ONLY: {name: of(own)}},
        put=lambda _, __, row, ___: row[name],
        columns=(name,),
    )


@dataclass(frozen=True)
class Question:
    """One question, ready to be drawn. `kind` names the macro: text, textarea, number, date, select, radios,
    checkboxes.
    """

    name: str
    label: str
    hint: str
    kind: str
    words: Mapping[str, str]

    @classmethod
    def of(cls, name: str, field: fields.Field[Any]) -> "Question":
        """The question that a field asks."""
        told = field.metadata
        words = {"yes": "Yes", "no": "No"} if isinstance(field, fields.Boolean) else told.get("words", {})
        return cls(name, told["label"], told.get("hint", ""), _kind(field, bool(told.get("long"))), words)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen."""
        return list(self.words.items())

    def said(self, value: Any) -> str:
        """An answer in words."""
        if value is None or value == "":
            return "Not set"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, date):
            return date_words(value)
        if isinstance(value, list | tuple):
            return ", ".join(self.words.get(str(one), str(one)) for one in value) or "None"
        return self.words.get(str(value), ", ".join(str(value).splitlines()))


def _kind(field: fields.Field[Any], long: bool) -> str:
    if isinstance(field, fields.Date):
        return "date"
    if isinstance(field, fields.Boolean):
        return "radios"
    if isinstance(field, fields.Integer):
        return "number"
    if isinstance(field, fields.List):
        return "checkboxes"
    if field.metadata.get("words"):
        return "select"
    return "textarea" if long else "text"
