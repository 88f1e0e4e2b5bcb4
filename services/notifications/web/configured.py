"""What an administrator may change of notifications: the rules of who must be told, and by when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.notifications.actions.rules import KIND
from services.notifications.domain.rule import Rule, Unit, rules_from, with_change
from services.notifications.domain.words import body_name
from services.notifications.web.clocked import ANSWERS
from services.notifications.web.shown import BASES
from shared.errors import Invalid
from shared.vocabulary import Basis
from shared.web.rulebook import Row, RuleSchema, RuleSet, asked, pages_of

_UNITS = {
    Unit.CALENDAR_DAY.value: "Calendar days",
    Unit.WORKING_DAY.value: "Working days",
    Unit.WITHOUT_DELAY.value: "Without delay: the law gives no number",
    Unit.NO_NUMBER.value: "The law gives no time",
}
_REMINDERS = {one: _UNITS[one] for one in (Unit.CALENDAR_DAY.value, Unit.WORKING_DAY.value)}
_BASES = {one.value: words for one, words in BASES.items()}
_COUNTED = {Unit.CALENDAR_DAY.value, Unit.WORKING_DAY.value}


_RECIPIENTS = {kind: body_name(kind) for kind in sorted({one.recipient for one in rules_from()})}


class NoticeRuleAnswers(RuleSchema):
    """One rule of who is told."""

    id = fields.String(required=True, validate=validate.Length(max=20), metadata=asked("Rule"))
    title = fields.String(
        required=True, validate=validate.Length(max=200), metadata=asked("What it is called")
    )
    on = fields.Boolean(
        required=True,
        metadata=asked("Is it switched on?", "A rule that is not confirmed in force ships switched off."),
    )
    basis = fields.String(
        required=True, validate=validate.OneOf(_BASES), metadata=asked("Basis", words=_BASES)
    )
    recipient = fields.String(
        required=True,
        validate=validate.OneOf(_RECIPIENTS),
        metadata=asked("Who is told", "For some work another body may be told instead.", words=_RECIPIENTS),
    )
    deadline_unit = fields.String(
        required=True, validate=validate.OneOf(_UNITS), metadata=asked("The time is counted in", words=_UNITS)
    )
    deadline_amount = fields.Integer(
        validate=validate.Range(0, 1000),
        load_default=0,
        metadata=asked("How many", "Leave it empty where the law gives no number."),
    )
    deadline_words = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata=asked("How the rule itself puts the time", long=True),
    )
    remind_amount = fields.Integer(
        required=True,
        validate=validate.Range(1, 1000),
        metadata=asked("An unsent notice is called overdue after", "Where no date follows from the rule."),
    )
    remind_unit = fields.String(
        required=True,
        validate=validate.OneOf(_REMINDERS),
        metadata=asked("Counted in", words=_REMINDERS),
    )
    law = fields.String(required=True, validate=validate.Length(max=500), metadata=asked("Law", long=True))
    source = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata=asked("Source", "Where it is written that this rule is in force.", long=True),
    )
    plain = fields.String(
        required=True,
        validate=validate.Length(max=2000),
        metadata=asked("In plain words", long=True),
    )


def _rows(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {rule.id: _row(rule) for rule in rules_from(own)}


def _row(rule: Rule) -> Row:
    names = ("id", "title", "on", "recipient", "law", "source", "plain")
    return {name: getattr(rule, name) for name in names} | {
        "basis": Basis(rule.basis).value,
        "deadline_unit": rule.deadline.unit.value,
        "deadline_amount": rule.deadline.amount,
        "deadline_words": rule.deadline.words,
        "remind_unit": rule.remind.unit.value,
        "remind_amount": rule.remind.amount,
    }


def _put(_: str, own: Any, row: Row, __: date) -> Any:
    counted = row["deadline_unit"] in _COUNTED
    if counted != bool(row["deadline_amount"]):
        words = "Enter how many days there are." if counted else "Leave this empty: this time has no number."
        raise Invalid("The time does not hold together.", {"deadline_amount": [words]})
    known = next(rule for rule in rules_from(own) if rule.id == row["id"])
    plain = {name: row[name] for name in ("title", "on", "basis", "recipient", "law", "plain")}
    deadline = {
        "unit": row["deadline_unit"],
        "amount": row["deadline_amount"],
        "start": known.deadline.start.value,
        "words": row["deadline_words"],
    }
    remind = {"unit": row["remind_unit"], "amount": row["remind_amount"]}
    table = {**plain, "deadline": deadline, "remind": remind}
    return with_change(own, row["id"], table, source=row["source"])


blueprint = pages_of(
    RuleSet(
        kind=KIND,
        title="Who must be told",
        about="Each rule with its basis, its time and its source. Addresses are confirmed under Recipients.",
        effect="A notice that exists keeps the time it was given. Each case is asked again by the rules of "
        "the day whenever its facts change.",
        schema=NoticeRuleAnswers,
        rows=_rows,
        put=_put,
        columns=("id", "title", "on", "basis", "recipient", "deadline_words"),
        fixed=("id",),
    ),
    ANSWERS,
)
