"""How questions make pages, pages make sections, and sections make the journey."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from services.intake.domain.report import Passage
from services.intake.web.journey.questions import Answers, Context, Question
from shared.web.forms import Form


@dataclass(frozen=True)
class Either:
    """One of these questions has to be answered; the sentence is for whoever leaves all of them blank."""

    names: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Page:
    """Questions asked together. `stops`: per answer to the first one, the page that leads out of the form."""

    name: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    either: Either | None = None
    when: Callable[[Context, Answers], bool] | None = None
    stops: Mapping[str, str] = field(default_factory=dict)

    def asked(self, context: Context, item: Answers) -> bool:
        """Whether this person comes past it."""
        return self.when is None or self.when(context, item)

    def asked_now(self, context: Context) -> list[Question]:
        """Its questions for this person."""
        return [one for one in self.questions if one.asked(context)]

    def all_questions(self, context: Context) -> Iterator[Question]:
        """Its questions with those that hang on a choice."""
        for question in self.asked_now(context):
            yield question
            for revealed in question.reveals.values():
                yield from revealed

    def schema(self, context: Context) -> type[Schema]:
        """The marshmallow schema of the page."""
        named: dict[str, Any] = {one.name: one.field(context) for one in self.all_questions(context)}
        return Schema.from_dict(named, name=f"{self.name.title().replace('-', '')}Answers")

    def form(self, context: Context, item: Answers) -> Form:
        """The page's form with what was answered before."""
        kept = {one.name: one.shown(item.get(one.name)) for one in self.all_questions(context)}
        return Form(self.schema(context), kept)

    def read(self, form: Form, context: Context) -> dict[str, Any] | None:
        """The answers as the draft keeps them; None when none came or one has to be put right."""
        loaded = form.submitted()
        if loaded is None:
            return None
        # Asked of what was typed, so that a sentence stands under the first of the boxes.
        if self.either and not any(loaded.get(name) for name in self.either.names):
            form.refuse(self.either.words, self.either.names[0])
        if form.errors:
            return None
        return {one.name: one.stored(loaded.get(one.name)) for one in self.all_questions(context)}

    def visited(self, context: Context, item: Answers) -> bool:
        """Whether it was answered or passed: saving a page keeps a value for each of its questions."""
        # Revealed questions do not count: their choice may not have been made.
        return all(one.name in item for one in self.questions if one.asked(context))

    def stop(self, answers: Answers) -> str:
        """The name of the page that leads out of the form; empty to go on."""
        return self.stops.get(str(answers.get(self.questions[0].name)), "")

    def rows(self, context: Context, item: Answers) -> list[tuple[str, str]]:
        """Its questions and answers in words, empty for none; some only when they have an answer."""
        always = {one.name for one in self.questions if one.name not in self.unless_known()}
        return [
            (one.label, one.words(item.get(one.name), context))
            for one in self.all_questions(context)
            if one.name in always or item.get(one.name)
        ]

    def unless_known(self) -> set[str]:
        """The boxes to tick for whoever does not know."""
        return {one.name for one in self.questions if one.name.startswith("no_")}


@dataclass(frozen=True)
class Section:
    """A task of the list. One of `many` holds items (adults, events), each answered on the same pages."""

    name: str
    title: str
    pages: tuple[Page, ...]
    group: str = ""
    many: bool = False
    noun: str = ""
    intro: str = ""
    optional: bool = False
    item_title: Callable[[Answers, Context], str] | None = None

    def page(self, name: str) -> Page | None:
        """The page of that name."""
        return next((page for page in self.pages if page.name == name), None)

    def path(self, context: Context, item: Answers) -> list[Page]:
        """The pages that this person is asked."""
        return [page for page in self.pages if page.asked(context, item)]

    def items(self, answers: Answers) -> Sequence[Answers]:
        """What has been answered: one mapping, or one per item."""
        return list(answers.get(self.name, ())) if self.many else [answers.get(self.name, {})]

    def after(self, page: Page, context: Context, item: Answers) -> Page | None:
        """The next page; None at the end."""
        path = self.path(context, item)
        place = next((number for number, one in enumerate(path) if one.name == page.name), -1)
        return path[place + 1] if place + 1 < len(path) else None

    def before(self, page: Page, context: Context, item: Answers) -> Page | None:
        """The page before; None at the start."""
        path = self.path(context, item)
        place = next((number for number, one in enumerate(path) if one.name == page.name), 0)
        return path[place - 1] if place > 0 else None

    def complete(self, context: Context, item: Answers) -> bool:
        """Whether every page that is asked was visited."""
        return all(page.visited(context, item) for page in self.path(context, item))

    def status(self, context: Context) -> str:
        """`done`, `started` or `new`."""
        items = self.items(context.answers)
        if not items or not any(items):
            return "new"
        return "done" if all(self.complete(context, item) for item in items) else "started"

    def name_of(self, item: Answers, context: Context, number: int) -> str:
        """What to call an item: a name if one is known, else `Adult 1`."""
        named = self.item_title(item, context) if self.item_title else ""
        return named or f"{self.noun.capitalize()} {number}"


@dataclass(frozen=True)
class Card:
    """A part of check answers: rows with the page that changes each."""

    section: Section
    heading: str
    rows: tuple[tuple[str, str, str], ...]
    item_id: str = ""


@dataclass(frozen=True)
class Journey:
    """All sections after the screener, in the order of the task list."""

    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """The section of that name."""
        return next((section for section in self.sections if section.name == name), None)

    def groups(self) -> Mapping[str, list[Section]]:
        """The sections under the headings of the task list."""
        found: dict[str, list[Section]] = {}
        for section in self.sections:
            found.setdefault(section.group, []).append(section)
        return found

    def cards(self, context: Context) -> list[Card]:
        """Everything that was answered, for check answers."""
        return [
            card
            for section in self.sections
            for number, item in enumerate(section.items(context.answers), start=1)
            if item
            for card in [_card(section, item, context, number)]
        ]

    def passages(self, context: Context) -> list[Passage]:
        """The same as it is kept for ever with the contact."""
        return [
            Passage(heading=card.heading, rows=tuple((label, words) for label, words, _ in card.rows))
            for card in self.cards(context)
        ]


def _card(section: Section, item: Answers, context: Context, number: int) -> Card:
    asked = [
        (label, words, page.name)
        for page in section.path(context, item)
        for label, words in page.rows(context, item)
    ]
    rows = [row for row in asked if row[1]]
    blank = [row for row in asked if not row[1]]
    # Thirty rows of "not given" would hide the five that were answered.
    if blank:
        rows.append(("Left blank", "; ".join(label for label, _, _ in blank), blank[0][2]))
    heading = f"{section.title}: {section.name_of(item, context, number)}" if section.many else section.title
    return Card(section, heading, tuple(rows), str(item.get("id", "")) if section.many else "")
