"""What a reader chose in the address, and what the reader's role leaves of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import OneOf

from services.reporting.domain import labels, periods
from services.reporting.domain.groupings import GROUPINGS
from services.reporting.domain.periods import Grain, Period
from services.reporting.domain.rounding import Rounding
from services.reporting.domain.rules import Rules, rules_of
from services.reporting.domain.suppression import DEFAULT_LIMIT
from services.reporting.store import records
from services.reporting.web.blueprint import RECORD_READERS
from shared import replicas
from shared.errors import Invalid
from shared.store.transaction import Transaction

Tx = Transaction[Any]


def _a_period(code: str) -> None:
    try:
        periods.parse(code)
    except Invalid as problem:
        raise ValidationError(str(problem)) from None


def _a_period_of_months(code: str) -> None:
    _a_period(code)
    if periods.parse(code).grain is Grain.WEEK:
        raise ValidationError("Choose a period of whole months.")


class PeriodChoice(Schema):
    """A period of whole months."""

    period = fields.String(validate=_a_period_of_months)


class ActivityChoice(Schema):
    """Everything that shapes the activity table."""

    period = fields.String(validate=_a_period)
    by = fields.String(validate=OneOf(sorted(GROUPINGS)))
    rounding = fields.String(validate=OneOf([one.value for one in Rounding]))
    places = fields.String(validate=OneOf(["0", "1"]))
    suppress = fields.String(validate=OneOf(["0", str(DEFAULT_LIMIT), "10"]))


def period_of(code: str | None, today: date) -> Period:
    """The period of a code; the last 12 months without one."""
    return periods.parse(code) if code else periods.last_months(today)


def own_rules(tx: Tx) -> Rules:
    """The authority's rules of figures."""
    return rules_of(tx.authority, replicas.configuration(tx, "figures"))


def least_limit(tx: Tx, period: Period) -> int:
    """The lowest suppression limit this reader may have: none for who may see the records themselves, unless
    figures of the period count a record that is closed to them.
    """
    # Set against the list of records, an exact small figure would show that one of them is closed.
    if not tx.scope.actor.has(*RECORD_READERS) or records.any_closed_to(tx, period):
        return max(own_rules(tx).limit, DEFAULT_LIMIT)
    return 0


def namer(dimension: str, terms: dict[str, str]) -> Callable[[str], str]:
    """The words for the codes of a dimension; months and weeks are named by their first day."""
    if dimension == "month":
        return lambda code: f"{date.fromisoformat(code):%B %Y}"
    if dimension == "week":
        return lambda code: periods.spoken(date.fromisoformat(code))
    return lambda code: labels.label(dimension, code, terms)
