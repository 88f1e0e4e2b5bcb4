"""One question of the form: what is asked, which answers it takes, how an answer reads in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from marshmallow import fields, validate

from services.intake.domain import codes
from services.intake.domain.timescale import moment_words
from shared.web.forms import Moment, PartialDate

Kind = Literal["text", "email", "phone", "number", "long", "radios", "checkboxes", "select", "date", "moment"]
Answers = Mapping[str, Any]

# What mail can carry: the same plain addresses that letters are sent to.
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
EMAIL = validate.Regexp(f"^{_ADDRESS}$", error="Enter an e-mail address, like name@school.example.")
_PHONE_WORDS = "Enter a telephone number, like 01632 960 001."
_MONTHS = 2


@dataclass(frozen=True)
class Context:
    """What a question may depend on: the authority's code lists, the day, what was answered so far."""

    lists: codes.Lists
    today: date
    answers: Answers = field(default_factory=dict)


Choice = tuple[str, str] | tuple[str, str, str]
Choices = str | Sequence[Choice] | Callable[[Context], Sequence[Choice]]


@dataclass(frozen=True)
class Question:
    """`choices` is a list, the name of a code list, or a function of what was answered.

    `required` is the sentence for whoever leaves it blank (empty: it may be). `reveals` are questions that
    belong to one of the choices.
    """

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    choices: Choices = ()
    required: str = ""
    limit: int = 200
    width: str = ""
    autocomplete: str = ""
    reveals: Mapping[str, Sequence["Question"]] = field(default_factory=dict)
    when: Callable[[Context, Answers], bool] | None = None

    def asked(self, context: Context) -> bool:
        """Whether it is asked of this person."""
        return self.when is None or self.when(context, context.answers)

    def options(self, context: Context) -> list[Choice]:
        """What can be chosen now."""
        if isinstance(self.choices, str):
            return list(codes.choices(context.lists, self.choices, context.today))
        return list(self.choices(context) if callable(self.choices) else self.choices)

    def field(self, context: Context) -> fields.Field[Any]:
        """The marshmallow field that reads the answer."""
        given: dict[str, Any] = {"required": bool(self.required)}
        if self.required:
            given["error_messages"] = {"required": self.required, "null": self.required}
        if self.kind in {"radios", "select", "checkboxes"}:
            one_of = validate.OneOf([option[0] for option in self.options(context)])
            if self.kind == "checkboxes":
                return fields.List(fields.String(validate=one_of), **given)
            return fields.String(validate=one_of, **given)
        return self._typed(given)

    def _typed(self, given: dict[str, Any]) -> fields.Field[Any]:
        if self.kind == "date":
            return PartialDate(**given)
        if self.kind == "moment":
            return Moment(**given)
        if self.kind == "number":
            words = "Enter a number between 1 and 120."
            return fields.Integer(validate=validate.Range(1, 120, error=words), **given)
        return fields.String(validate=self._checks(), **given)

    def _checks(self) -> list[validate.Validator]:
        checks: list[validate.Validator] = [validate.Length(max=self.limit)]
        if self.kind == "email":
            checks.append(EMAIL)
        if self.kind == "phone":
            checks.append(validate.Regexp(r"^[0-9+() .-]{6,30}$", error=_PHONE_WORDS))
        return checks

    def stored(self, answer: Any) -> Any:
        """An answer as the draft keeps it: plain JSON, an empty text for none."""
        # A value for every question, also for none: by that a page is known to have been passed.
        if answer is None:
            return [] if self.kind == "checkboxes" else ""
        return answer.isoformat() if isinstance(answer, datetime) else answer

    def shown(self, kept: Any) -> Any:
        """A kept answer as the form shows it again."""
        if kept in ("", [], None):
            return None
        return datetime.fromisoformat(kept) if self.kind == "moment" else kept

    def words(self, kept: Any, context: Context) -> str:
        """A kept answer as people read it back; empty for none."""
        if kept in ("", [], None):
            return ""
        if self.kind in {"radios", "select", "checkboxes"}:
            known = {option[0]: option[1] for option in self.options(context)}
            chosen: list[str] = kept if isinstance(kept, list) else [kept]
            return "\n".join(known.get(one, one) for one in chosen)
        if self.kind == "date":
            return date_words(kept)
        return moment_words(datetime.fromisoformat(kept)) if self.kind == "moment" else str(kept)


def date_words(partial: str) -> str:
    """A date of which only the year or month may be known, such as `March 2026`."""
    parts = partial.split("-")
    if len(parts) == 1:
        return partial
    day = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > _MONTHS else 1)
    return f"{day.day} {day:%B %Y}" if len(parts) > _MONTHS else f"{day:%B %Y}"
