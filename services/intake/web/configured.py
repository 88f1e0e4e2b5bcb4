"""What an administrator may change of intake: code lists, harm tests, the clocks of an answer, the working
day and closures, the letters of a reference, the authority's terms.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from marshmallow import fields, validate

from services.intake.domain import codes, timescale
from services.intake.domain.reference import prefix_of
from services.intake.domain.region import closures_from
from services.intake.store import rules
from services.intake.web.retention import RETENTION
from shared import working_days
from shared.code_words import shipped
from shared.errors import Invalid
from shared.replicas import TERMS
from shared.store.transaction import Transaction
from shared.web import request
from shared.web.rulebook import ONLY, Row, RuleSchema, RuleSet, asked, pages_of
from shared.web.wording import date_words
from shared.working_days import Unit

_LISTS = {name: name.replace("_", " ").capitalize() for name in codes.shipped()}
_CRITERIA = {one.code: one.label for one in codes.shipped()["criterion"].values()}
_UNITS = {one.value: one.value.replace("_", " ").capitalize() + "s" for one in Unit}
_CLOCKS = {"answer": "The officers’ answer", "employer": "The employer’s report"}


class CodeAnswers(RuleSchema):
    """One entry of a code list."""

    list = fields.String(required=True, validate=validate.OneOf(_LISTS), metadata=asked("List", words=_LISTS))
    code = fields.String(
        required=True,
        validate=validate.Regexp(r"[A-Za-z][A-Za-z0-9_]{1,39}\Z", error="Use letters, figures and _."),
        metadata=asked("Code", "It stands in the data and never changes."),
    )
    label = fields.String(
        required=True, validate=validate.Length(max=200), metadata=asked("Words on the screen")
    )
    since = fields.Date(metadata=asked("First day on which it can be chosen", "Leave it empty for always."))
    until = fields.Date(
        metadata=asked(
            "First day on which it can no longer be chosen", "Leave it empty to keep it. Old records keep it."
        )
    )


class CriteriaAnswers(RuleSchema):
    """Which harm tests are used."""

    criteria = fields.List(
        fields.String(validate=validate.OneOf(_CRITERIA)),
        required=True,
        error_messages={"required": "Choose at least one harm test."},
        metadata=asked("Harm tests in use", words=_CRITERIA),
    )


class TimescaleAnswers(RuleSchema):
    """The clock of an answer or of the employer's report."""

    id = fields.String(
        required=True, validate=validate.OneOf(_CLOCKS), metadata=asked("Clock", words=_CLOCKS)
    )
    amount = fields.Integer(
        required=True, validate=validate.Range(1, 1000), metadata=asked("How much time there is")
    )
    unit = fields.String(
        required=True, validate=validate.OneOf(_UNITS), metadata=asked("Counted in", words=_UNITS)
    )
    roll = fields.Boolean(
        required=True, metadata=asked("Does an end on a day off move to the next working day?")
    )
    source = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata=asked("Where the rule comes from", "People read it under “why this date”.", long=True),
    )


class CutoffAnswers(RuleSchema):
    """When the working day ends."""

    cutoff = fields.String(
        required=True,
        validate=validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", error="Enter a time like 17:00."),
        metadata=asked(
            "The working day ends at",
            "Like 17:00. What comes later counts as received on the day after.",
        ),
    )


class PrefixAnswers(RuleSchema):
    """How references begin."""

    prefix = fields.String(
        required=True,
        validate=validate.Regexp(r"[A-Z]{2,6}\Z", error="Use 2 to 6 capital letters."),
        metadata=asked("References begin with", "2 to 6 capital letters. References that were given stay."),
    )


class ClosureAnswers(RuleSchema):
    """Days off."""

    closures = fields.String(
        validate=validate.Length(max=5000),
        load_default="",
        metadata=asked(
            "Days on which your office is closed",
            "One on each line, like 29 December 2026, or 24 December 2026 to 1 January 2027. Weekends and "
            "the bank holidays of England are left out anyway.",
            long=True,
        ),
    )


class TermAnswers(RuleSchema):
    """One term."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(r"[A-Z][A-Z0-9_]{1,59}\Z", error="Use capital letters, figures and _."),
        metadata=asked("Code", "A code of the figures, for example UNSUBSTANTIATED. It stands in the data."),
    )
    words = fields.String(
        required=True, validate=validate.Length(max=120), metadata=asked("What you call it")
    )


def _code_rows(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {
        f"{name}.{one.code}": {"list": name, **asdict(one)}
        for name, entries in codes.with_changes(own).items()
        for one in entries.values()
    }


def _put_code(_: str, own: Any, row: Row, __: date) -> Any:
    entry = codes.Code(row["code"], row["label"], row["since"], row["until"])
    return codes.with_change(own, row["list"], entry)


def _clock_rows(authority: str, own: Any, day: date) -> Mapping[str, Row]:
    known = (*timescale.shipped_rules(), *timescale.own_rules(authority, own))
    found = {name: timescale.rule_for(known, name, authority, day) for name in _CLOCKS}
    return {
        name: {
            "id": name,
            "amount": one.amount,
            "unit": one.unit.value,
            "roll": one.roll,
            "source": one.source,
        }
        for name, one in found.items()
    }


def _put_clock(_: str, own: Any, row: Row, day: date) -> Any:
    return timescale.with_change(own, row, day)


def _clock_example(tx: Transaction[Any], row: Row, day: date) -> list[tuple[str, str]]:
    [rule] = timescale.own_rules(tx.authority, timescale.with_change(None, row, day))
    began = datetime.combine(day, time(16), timescale.LONDON)
    due = timescale.due(rule, began, working_days.of(tx)).at
    return [("At 4:00pm: due by", timescale.deadline_words(due))]


def _single(name: str, otherwise: Callable[[str], Any]) -> Callable[[str, Any, date], Mapping[str, Row]]:
    def rows(authority: str, own: Any, _: date) -> Mapping[str, Row]:
        return {ONLY: {name: own or otherwise(authority)}}

    return rows


def _put_single(name: str) -> Callable[[str, Any, Row, date], Any]:
    return lambda _, __, row, ___: row[name]


def _put_cutoff(_: str, __: Any, row: Row, ___: date) -> Any:
    if time.fromisoformat(row["cutoff"]) <= _OPENS:
        raise Invalid(
            "The day is too short.", {"cutoff": [f"Enter a time after {_OPENS:%H:%M}, when the day begins."]}
        )
    return row["cutoff"]


_OPENS = working_days.parse([]).opens


def _closures(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {ONLY: {"closures": "\n".join(date_words(date.fromisoformat(day)) for day in own or [])}}


def _put_closures(_: str, __: Any, row: Row, ___: date) -> Any:
    return closures_from(row["closures"].splitlines())


def _terms(_: str, own: Any, __: date) -> Mapping[str, Row]:
    # What the authority began with stands in its record; its changes since are this rule set.
    words = {**shipped()["meeting"], **request.authority().terms, **(own or {})}
    return {code: {"code": code, "words": said} for code, said in words.items()}


def _put_term(_: str, own: Any, row: Row, __: date) -> Any:
    return {**(own or {}), row["code"]: row["words"]}


blueprint = pages_of(
    RuleSet(
        kind=rules.CODES,
        title="Code lists",
        about="The words on the screens for each code, and from when until when an entry can be chosen.",
        effect="Records keep the codes they have and are shown in the words of the day.",
        schema=CodeAnswers,
        rows=_code_rows,
        put=_put_code,
        columns=("label", "code", "since", "until"),
        fixed=("list", "code"),
        adds=True,
        group="list",
    ),
    RuleSet(
        kind=rules.CRITERIA,
        title="Harm tests",
        about="The tests by which the threshold is decided.",
        effect="Decisions that were made keep the tests they were made by.",
        schema=CriteriaAnswers,
        rows=_single("criteria", lambda _: list(_CRITERIA)),
        put=_put_single("criteria"),
        columns=("criteria",),
    ),
    RuleSet(
        kind=rules.CLOCKS,
        title="Time to answer",
        about="How soon the officers answer, and how soon an employer has to report.",
        effect="Contacts received from that day on follow the new rule. Earlier ones keep their time.",
        schema=TimescaleAnswers,
        rows=_clock_rows,
        put=_put_clock,
        columns=("id", "amount", "unit", "roll", "source"),
        fixed=("id",),
        examples=_clock_example,
    ),
    RuleSet(
        kind="cutoff",
        title="End of the working day",
        about="What comes after this time counts as received on the next working day.",
        effect="If it holds from today, running clocks of cases are counted again. Answers keep their time.",
        schema=CutoffAnswers,
        rows=_single("cutoff", lambda _: "17:00"),
        put=_put_cutoff,
        columns=("cutoff",),
    ),
    RuleSet(
        kind="closures",
        title="Closures",
        about="Days on which your office is closed besides weekends and bank holidays. No clock counts them.",
        effect="If it holds from today, running clocks of cases are counted again. Answers keep their time.",
        schema=ClosureAnswers,
        rows=_closures,
        put=_put_closures,
        columns=("closures",),
    ),
    RuleSet(
        kind=TERMS,
        title="Terms",
        about="What your authority calls its meetings, and any other code of the figures.",
        effect="Pages say the words of the day; the codes in the data stay the same for every authority.",
        schema=TermAnswers,
        rows=_terms,
        put=_put_term,
        columns=("words", "code"),
        fixed=("code",),
        adds=True,
    ),
    RuleSet(
        kind=rules.PREFIX,
        title="Letters of a reference",
        about="The letters at the front of each new reference.",
        effect="References that were given stay as they are.",
        schema=PrefixAnswers,
        rows=_single("prefix", prefix_of),
        put=_put_single("prefix"),
        columns=("prefix",),
    ),
    RETENTION,
)  # fmt: skip
