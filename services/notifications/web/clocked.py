"""How soon a request for disclosure is answered, as an administrator of the holder sets it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.notifications.actions.disclosing import CLOCK
from services.notifications.domain.disclosure import pace_of
from shared.errors import Invalid
from shared.web.rulebook import ONLY, Row, RuleSchema, RuleSet, asked


class PaceAnswers(RuleSchema):
    """How soon your managers answer, and when they are reminded."""

    days = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(1, 60),
        metadata=asked("Working days for an answer"),
    )
    remind = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(0, 59),
        metadata=asked("Working days before the last one on which you are reminded", "0 is the last day."),
    )


def _rows(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {ONLY: vars(pace_of(own))}


def _put(_: str, __: Any, row: Row, ___: date) -> Any:
    if row["remind"] >= row["days"]:
        words = "Enter fewer days than there are for an answer."
        raise Invalid("The reminder would come before the request.", {"remind": [words]})
    return dict(row)


ANSWERS = RuleSet(
    kind=CLOCK,
    title="Answers to requests for disclosure",
    about="How soon your managers answer another authority that asks what you hold, and when they are "
    "reminded.",
    effect="Requests made from that day on follow the new time. Earlier ones keep theirs.",
    schema=PaceAnswers,
    rows=_rows,
    put=_put,
    columns=("days", "remind"),
)
