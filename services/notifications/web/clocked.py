"""How soon a request for disclosure is answered, as an administrator of the holder sets it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.notifications.actions.disclosing import CLOCK
from services.notifications.domain.disclosure import days_of
from shared.web.rulebook import ONLY, Row, RuleSchema, RuleSet, asked


class ClockAnswers(RuleSchema):
    """How soon an answer is due."""

    days = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(1, 60),
        metadata=asked("Working days for an answer"),
    )


def _rows(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {ONLY: {"days": days_of(own)}}


def _put(_: str, __: Any, row: Row, ___: date) -> Any:
    return row["days"]


ANSWERS = RuleSet(
    kind=CLOCK,
    title="Answers to requests for disclosure",
    about="How soon your managers answer another authority that asks what you hold.",
    effect="Requests made from that day on follow the new time. Earlier ones keep theirs.",
    schema=ClockAnswers,
    rows=_rows,
    put=_put,
    columns=("days",),
)
