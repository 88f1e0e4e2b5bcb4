"""What an administrator may change of reporting: how figures are made."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from services.reporting.domain.rounding import Rounding
from services.reporting.domain.rules import rules_of
from services.reporting.domain.suppression import DEFAULT_LIMIT
from services.reporting.domain.tallies import Definition
from shared.store.transaction import Transaction
from shared.web.rulebook import ONLY, Row, RuleSchema, RuleSet, asked, pages_of

_ROUNDING = {Rounding.HALF_UP.value: "Rounded half up", Rounding.TRUNCATE.value: "Cut off"}
_PLACES = {"0": "Whole numbers", "1": "One decimal"}
_REFERRALS = {
    Definition.THRESHOLD_MET.value: "The threshold was met",
    Definition.CASE_OPENED.value: "A case was opened",
    Definition.FIRST_MEETING.value: "The first meeting was held",
}


class FigureAnswers(RuleSchema):
    """How figures are made."""

    referral = fields.String(
        required=True,
        validate=validate.OneOf(_REFERRALS),
        metadata=asked("A contact counts as a referral when", words=_REFERRALS),
    )
    rounding = fields.String(
        required=True, validate=validate.OneOf(_ROUNDING), metadata=asked("Percentages are", words=_ROUNDING)
    )
    places = fields.String(
        required=True, validate=validate.OneOf(_PLACES), metadata=asked("Printed as", words=_PLACES)
    )
    limit = fields.Integer(
        required=True,
        validate=validate.Range(0, 100),
        metadata=asked(
            "The largest count that is held back",
            f"Counts from 1 to this are not shown, nor others that give them away. Heed ships "
            f"{DEFAULT_LIMIT}; 0 holds nothing back.",
        ),
    )


def _rows(authority: str, own: Any, _: date) -> Mapping[str, Row]:
    rules = rules_of(authority, own)
    return {
        ONLY: {
            "referral": rules.referral.value,
            "rounding": rules.rounding.value,
            "places": str(rules.places),
            "limit": rules.limit,
        }
    }


def _put(authority: str, own: Any, row: Row, _: date) -> Any:
    value = {**(own or {}), **row, "places": int(row["places"])}
    rules_of(authority, value)
    return value


def _examples(tx: Transaction[Any], row: Row, _: date) -> list[tuple[str, str]]:
    rules = rules_of(tx.authority, {**row, "places": int(row["places"])})
    return [(f"{count} of {base}", rules.rate(count, base) or "Held back") for count, base in _SAMPLES]


_SAMPLES = ((140, 163), (12, 40), (3, 47))


blueprint = pages_of(
    RuleSet(
        kind="figures",
        title="How figures are made",
        about="What counts as a referral, how percentages are printed, and which small counts are held back.",
        effect="Figures are made by the rules of the day on which somebody asks for them, also those of "
        "earlier periods. A report that was saved stays as it is.",
        schema=FigureAnswers,
        rows=_rows,
        put=_put,
        columns=("referral", "rounding", "places", "limit"),
        examples=_examples,
    )
)
