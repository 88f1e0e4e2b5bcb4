"""How long contacts are kept, as an administrator sets it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.intake.domain.erasure import years_of
from services.intake.store import rules
from shared.web.rulebook import ONLY, Row, RuleSchema, RuleSet, asked


class RetentionAnswers(RuleSchema):
    """How long a contact that went no further is kept."""

    years = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(1, 100),
        metadata=asked("Years from the day it ended"),
    )


def _rows(_: str, own: Any, __: date) -> Mapping[str, Row]:
    return {ONLY: {"years": years_of(own)}}


def _put(_: str, __: Any, row: Row, ___: date) -> Any:
    return row["years"]


RETENTION = RuleSet(
    kind=rules.RETENTION,
    title="How long contacts are kept",
    about="After how many years a contact that went no further is reviewed. A case has its own time.",
    effect="Changes which contacts are listed for review. Nothing is erased by itself.",
    schema=RetentionAnswers,
    rows=_rows,
    put=_put,
    columns=("years",),
)
