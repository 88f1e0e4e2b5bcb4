"""What an administrator may change of casework: the clocks of a case, the words of the outcomes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from marshmallow import fields, validate

from services.casework.actions.erasing import TERMS
from services.casework.actions.outcome import SCHEME
from services.casework.domain import clocks, retention
from services.casework.domain.meetings import label
from services.casework.domain.outcomes import scheme_on, schemes, with_words
from services.casework.domain.rules import HAPPENING_WORDS, Happening, current, read, with_change
from shared import working_days
from shared.clock import LONDON
from shared.store.transaction import Transaction
from shared.web.rulebook import Row, RuleSchema, RuleSet, asked, pages_of
from shared.web.wording import date_words
from shared.working_days import Unit

_HAPPENINGS = {one.value: words for one, words in HAPPENING_WORDS.items()}
_UNITS = {one.value: one.value.replace("_", " ").capitalize() + "s" for one in Unit}
_CLOCKS = "case_clocks"
_OUTCOMES = {one.outcome.value: one.label for one in schemes()[0].definitions}


class ClockAnswers(RuleSchema):
    """One clock."""

    id = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z0-9-]{1,39}\Z", error="Use small letters, figures and dashes."),
        metadata=asked("Short name", "For example first-meeting. It never changes."),
    )
    label = fields.String(
        required=True,
        validate=validate.Length(max=120),
        metadata=asked("What it is called", "A term of yours may stand in braces, like {MEETING_INITIAL}."),
    )
    on = fields.Boolean(required=True, metadata=asked("Is it in use?"))
    start = fields.String(
        required=True,
        validate=validate.OneOf(_HAPPENINGS),
        metadata=asked("It starts when", words=_HAPPENINGS),
    )
    stop = fields.String(
        required=True,
        validate=validate.OneOf(_HAPPENINGS),
        metadata=asked("It stops when", words=_HAPPENINGS),
    )
    amount = fields.Integer(
        required=True,
        validate=validate.Range(0, 1000),
        metadata=asked("How much time there is", "0 means the same day."),
    )
    unit = fields.String(
        required=True, validate=validate.OneOf(_UNITS), metadata=asked("Counted in", words=_UNITS)
    )
    then_every = fields.Integer(
        validate=validate.Range(1, 1000),
        metadata=asked("How long each following period is", "Leave it empty when nothing follows."),
    )
    warn_days = fields.Integer(
        validate=validate.Range(0, 100),
        load_default=0,
        metadata=asked("Working days before the due day on which it is shown as due soon"),
    )
    kpi_target = fields.Integer(
        validate=validate.Range(0, 100),
        metadata=asked("Target in per cent", "Leave it empty when you report none."),
    )
    source = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata=asked("Where the rule comes from", "People read it under “why this date”.", long=True),
    )


def _rows(authority: str, own: Any, day: date) -> Mapping[str, Row]:
    return {key: _row(asdict(rule), on) for key, (rule, on) in current(authority, own, day).items()}


def _row(rule: dict[str, Any], on: bool) -> Row:
    plain = {
        name: value.value if isinstance(value, Happening | Unit) else value for name, value in rule.items()
    }
    return plain | {"on": on}


def _put(authority: str, own: Any, row: Row, day: date) -> Any:
    known = _rows(authority, own, day).get(
        row["id"], {"ends_with": Happening.CASE_CLOSED.value, "escalate_to": "manager"}
    )
    kept = {name: known[name] for name in ("ends_with", "escalate_to")}
    rule = {name: value for name, value in row.items() if name != "on"}
    return with_change(authority, own, {**rule, **kept}, day, on=row["on"])


def _examples(tx: Transaction, row: Row, day: date) -> list[tuple[str, str]]:
    rule = {name: value for name, value in row.items() if name not in {"on", "effective_to", "off"}}
    [read_rule] = read([{**rule, "effective_from": day}])
    began = datetime.combine(day, time(10), LONDON)
    due = clocks.start("example", "example", read_rule, began, working_days.of(tx)).due_on
    return [("At 10:00am: due on", date_words(due) if row["on"] else "No such clock")]


class OutcomeWordsAnswers(RuleSchema):
    """One outcome."""

    code = fields.String(
        required=True, validate=validate.OneOf(_OUTCOMES), metadata=asked("Outcome", words=_OUTCOMES)
    )
    label = fields.String(required=True, validate=validate.Length(max=60), metadata=asked("What you call it"))
    definition = fields.String(
        required=True,
        validate=validate.Length(max=600),
        metadata=asked("What it means", "Officers read it beside the choice.", long=True),
    )


def _outcomes(_: str, own: Any, day: date) -> Mapping[str, Row]:
    return {
        one.outcome.value: {"code": one.outcome.value, "label": one.label, "definition": one.definition}
        for one in scheme_on(day, own).definitions
    }


def _put_outcome(_: str, own: Any, row: Row, __: date) -> Any:
    return with_words(own, row["code"], row["label"], row["definition"])


class TermAnswers(RuleSchema):
    """How long cases that ended so are kept."""

    ended = fields.String(
        required=True,
        validate=validate.OneOf(retention.ENDED_WORDS),
        metadata=asked("How the allegations ended", words=retention.ENDED_WORDS),
    )
    years = fields.Integer(
        required=True, validate=validate.Range(1, 100), metadata=asked("Years from the day it was closed")
    )
    age = fields.Integer(
        required=True,
        validate=validate.Range(0, 120),
        metadata=asked("And until the adult is at least so old", "0 where no age counts."),
    )


def _terms(_: str, own: Any, day: date) -> Mapping[str, Row]:
    return {ended: {"ended": ended, **asdict(term)} for ended, term in retention.terms_of(own, day).items()}


def _put_term(_: str, own: Any, row: Row, __: date) -> Any:
    return {**(own or {}), row["ended"]: {"years": row["years"], "age": row["age"]}}


blueprint = pages_of(
    RuleSet(
        kind=_CLOCKS,
        title="Clocks of a case",
        about="What starts and stops each clock, how long it runs, and where the rule comes from.",
        effect="Clocks that start from that day on follow the new rule. Those that run already keep theirs.",
        schema=ClockAnswers,
        rows=_rows,
        put=_put,
        columns=("label", "on", "amount", "unit", "start", "stop"),
        fixed=("id",),
        adds=True,
        in_words=label,
        examples=_examples,
    ),
    RuleSet(
        kind=SCHEME,
        title="Outcomes",
        about="What the five outcomes are called and what each means. The guidance says which there are.",
        effect="Outcomes that were recorded keep the words of their day.",
        schema=OutcomeWordsAnswers,
        rows=_outcomes,
        put=_put_outcome,
        columns=("label", "definition"),
        fixed=("code",),
    ),
    RuleSet(
        kind=TERMS,
        title="How long cases are kept",
        about="When a closed case is reviewed: so many years after closing, or at an age of the adult, "
        "whichever is later.",
        effect="Changes which cases are listed for review. Nothing is erased by itself.",
        schema=TermAnswers,
        rows=_terms,
        put=_put_term,
        columns=("ended", "years", "age"),
        fixed=("ended",),
    ),
)
