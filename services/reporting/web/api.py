"""Reporting for programs: the same figures and the same register as the pages."""

# flask-smorest ships no types.
# mypy: disable-error-code="untyped-decorator"

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from services.reporting.store import register as rows
from services.reporting.web import exports, pages, register
from services.reporting.web.blueprint import READERS
from services.reporting.web.choice import ActivityChoice, PeriodChoice
from services.reporting.web.dashboard import Dashboard, dashboard
from shared.contracts import PUBLISHERS
from shared.web import request
from shared.web.access import Restriction, allow
from shared.web.paging import SIZE, Asked

api = Blueprint("reporting", __name__, url_prefix="/api", description="Figures and the register of access.")
_SMALL = "None where it is held back because it is small."


class RowOut(Schema):
    """A line of a table of figures."""

    code = fields.String()
    label = fields.String()
    count = fields.Integer(allow_none=True, metadata={"description": _SMALL})
    held_back = fields.Boolean()
    share = fields.Float(allow_none=True, metadata={"description": "Per cent of the total."})
    before = fields.Integer(allow_none=True)
    change = fields.Float(allow_none=True, metadata={"description": "Per cent of `before`."})
    referrals = fields.Integer(allow_none=True)
    conversion = fields.Float(allow_none=True)


class ActivityOut(Schema):
    """The activity table."""

    period = fields.Dict()
    before = fields.Dict()
    by = fields.String()
    counted = fields.String()
    rounding = fields.String()
    places = fields.Integer()
    suppression = fields.Integer()
    referral_definition = fields.String()
    rows = fields.List(fields.Nested(RowOut))
    total = fields.Nested(RowOut)
    missing = fields.Integer(
        metadata={"description": "How many the parts fall short of the whole; 0 is right."}
    )


class DashboardOut(Schema):
    """What stands open now and how the period went."""

    period = fields.String()
    contacts = fields.Integer(allow_none=True)
    referrals = fields.Integer(allow_none=True)
    undecided = fields.Integer()
    open_cases = fields.Integer(allow_none=True)
    open_allegations = fields.Integer()
    duties_overdue = fields.Integer()
    duties_due = fields.Integer()
    counted_facts = fields.Integer()
    last_fact_at = fields.DateTime(allow_none=True)
    behind_seconds = fields.Float(allow_none=True)
    counting = fields.Boolean(
        metadata={"description": "Whether everything is counted that happened up to a minute ago."}
    )


class AccessOut(Schema):
    """A line of the register."""

    id = fields.String()
    at = fields.DateTime()
    service = fields.String()
    actor_id = fields.String()
    act = fields.String()
    subject_kind = fields.String()
    subject_id = fields.String()
    purpose = fields.String()
    reason = fields.String()
    found = fields.Integer()


class AccessPageOut(Schema):
    """A page of the register."""

    total = fields.Integer()
    page = fields.Integer()
    items = fields.List(fields.Nested(AccessOut))


class AccessQuery(Schema):
    """What to look for."""

    who = fields.String(validate=Length(max=80))
    whom = fields.String(validate=Length(max=80), metadata={"description": "A record's id or reference."})
    since = fields.Date()
    until = fields.Date(metadata={"description": "The last day, included."})
    act = fields.String(validate=OneOf(list(register.ACTS)))
    service = fields.String(validate=OneOf(list(PUBLISHERS)))
    purpose = fields.String(validate=Length(max=60))
    page = fields.Integer(load_default=1, validate=Range(1, 10_000))


@api.get("/activity")
@allow(*READERS, restriction=Restriction.NONE)
@api.arguments(ActivityChoice, location="query")
@api.response(200, ActivityOut)
def get_activity(chosen: dict[str, Any]) -> dict[str, Any]:
    """Figures for a period by one dimension; the export is entered in the access register."""
    return exports.activity_document(pages.export_of(chosen))


@api.get("/dashboard")
@allow(*READERS, restriction=Restriction.NONE)
@api.arguments(PeriodChoice, location="query")
@api.response(200, DashboardOut)
def get_dashboard(chosen: dict[str, Any]) -> dict[str, Any]:
    """The dashboard's figures."""
    with request.reading() as tx:
        return _document(dashboard(tx, chosen, request.authority().terms))


@api.get("/access")
@allow(*register.WATCHERS)
@api.arguments(AccessQuery, location="query")
@api.response(200, AccessPageOut)
def get_access(chosen: dict[str, Any]) -> dict[str, Any]:
    """A page of the register of access, newest first; reading it is entered as well."""
    asked = Asked(chosen["page"], SIZE)
    with request.transaction() as tx:
        wanted = register.wanted_of(tx, chosen)
        found, total = rows.find(tx, wanted, limit=asked.limit, offset=asked.offset)
        tx.accessed("viewed", "access_register", tx.authority)
    return {"total": total, "page": asked.number, "items": found}


def _document(board: Dashboard) -> dict[str, Any]:
    now, fresh = board.now, board.now.freshness
    return {
        "period": board.period.code,
        "contacts": board.months.total.count,
        "referrals": board.months.total.referrals,
        "undecided": now.undecided,
        "open_cases": now.open_cases.total,
        "open_allegations": now.open_allegations,
        "duties_overdue": now.overdue.overdue,
        "duties_due": now.overdue.due,
        "counted_facts": fresh.count if fresh else 0,
        "last_fact_at": fresh.recorded_at if fresh else None,
        "counting": now.counting,
        "behind_seconds": fresh.behind.total_seconds() if fresh else None,
    }
