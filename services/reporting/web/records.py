"""The records behind a figure, for those who may see records; without those that are closed to them."""

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from services.reporting.domain import labels, periods
from services.reporting.domain.facts import Contact
from services.reporting.domain.tallies import CONTACT_DIMENSIONS
from services.reporting.store import records
from services.reporting.web.blueprint import RECORD_READERS, pages
from services.reporting.web.choice import period_of
from shared.web import request
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.paging import Page, page_of


class RecordFilters(Schema):
    """A period and one code of a dimension; all contacts of the period without them."""

    period = fields.String(validate=Length(max=40))
    by = fields.String(validate=OneOf(CONTACT_DIMENSIONS))
    code = fields.String(validate=Length(max=60))


@pages.get("/records")
@allow(*RECORD_READERS)
def show_records() -> ResponseReturnValue:
    """References and codes of the contacts that a figure counts."""
    chosen = Form(RecordFilters).filters()
    by, code, asked = chosen.get("by", ""), chosen.get("code", ""), page_of(flask.request.args)
    with request.transaction() as tx:
        period = period_of(chosen.get("period"), periods.day_of(tx.now))
        found, total = records.contacts(tx, period, by, code, limit=asked.limit, offset=asked.offset)
        tx.accessed(
            "viewed", "contact_list", f"{period.code}/{by}/{code}"[:80], found=tuple(one.id for one in found)
        )
    page: Page[Contact] = asked.of(found, total)
    what = labels.label(by, code, request.authority().terms) if by else "All contacts"
    return flask.render_template(
        "reporting/records.html", page=page, period=period, what=what, label=labels.label
    )
