"""The list of cases: filters in the address, a page at a time, and the same as a spreadsheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.casework.domain.case import STAGE_WORDS, Stage
from services.casework.store import listing
from services.casework.store.listing import Filters, Row
from services.casework.web import casefile
from services.casework.web.pages.door import READERS, blueprint
from services.casework.web.pages.front import UNTOUCHED
from shared.store.transaction import Transaction
from shared.web import paging
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import actor, transaction
from shared.web.sheets import csv_file, day

_MOST_ROWS = 10_000
_BATCH = 500


class ListFilters(Schema):
    """What the list is narrowed to."""

    stage = fields.String(load_default="", validate=validate.OneOf(["at_work", *Stage]))
    due = fields.String(load_default="", validate=validate.OneOf(["overdue", "paused"]))
    owner = fields.String(load_default="", validate=validate.Length(max=80))
    reference = fields.String(load_default="", validate=validate.Length(max=40))
    untouched = fields.String(load_default="", validate=validate.OneOf(["yes"]))


def _filters(said: Mapping[str, Any], now: datetime) -> Filters:
    owner = said.get("owner", "")
    return Filters(
        stage=said.get("stage", "") or ("at_work" if said.get("untouched") else ""),
        due=said.get("due", ""),
        owner=actor().id if owner == "me" else owner,
        reference=said.get("reference", ""),
        untouched_before=now - UNTOUCHED if said.get("untouched") else None,
    )


@blueprint.get("/cases")
@allow(*READERS)
def list_cases() -> ResponseReturnValue:
    """Cases of the authority that are open to the reader."""
    form, asked = Form(ListFilters), paging.page_of(flask.request.args)
    with transaction() as tx:
        filters = _filters(form.filters(), tx.now)
        rows = listing.list_cases(tx, filters, offset=asked.offset, limit=asked.limit)
        tx.accessed("viewed", "case_list", "cases", found=tuple(row.id for row in rows))
        return form.page(
            "casework/cases.html",
            page=asked.of(rows, listing.count_cases(tx, filters)),
            owners=casefile.names_of(tx, (row.owner for row in rows)),
            csv=f"/casework/cases.csv?{flask.request.query_string.decode()}",
            stages=[
                ("at_work", "All at work"),
                *((stage.value, words) for stage, words in STAGE_WORDS.items()),
            ],
        )


@blueprint.get("/cases.csv")
@allow(*READERS)
def cases_csv() -> ResponseReturnValue:
    """The same list, all its pages; the export is kept in the access register."""
    with transaction() as tx:
        rows = _all(tx, _filters(Form(ListFilters).exact(), tx.now))
        tx.accessed("exported", "case_list", "cases", found=tuple(row.id for row in rows))
        names = casefile.names_of(tx, (row.owner for row in rows))
        head = ("Reference", "Adults", "Stage", "Officer", "Opened", "Next due", "Closed")
        return csv_file("cases", head, [_line(row, names) for row in rows])


def _all(tx: Transaction, filters: Filters) -> list[Row]:
    found: list[Row] = []
    # Bounded twice, by batch and in all: an export must not hold the database for minutes.
    while len(found) < _MOST_ROWS:
        batch = listing.list_cases(tx, filters, offset=len(found), limit=_BATCH)
        found += batch
        if len(batch) < _BATCH:
            break
    return found


def _line(row: Row, names: dict[str, str]) -> tuple[object, ...]:
    return (
        row.reference,
        "; ".join(adult.name for adult in row.adults),
        STAGE_WORDS[row.stage],
        names[row.owner],
        day(row.opened_at),
        row.next_day,
        day(row.closed_at),
    )
