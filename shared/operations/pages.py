"""Waiting records: list, replay, skip. Replaying and skipping ask for a reason, which the audit keeps."""

from datetime import datetime

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from shared import vitals
from shared.errors import Refused
from shared.messaging.deferred import HELD, PARKED, REFUSED, Shelf
from shared.messaging.relay import Relay
from shared.operations.dealing import LONGEST, SHORTEST, deal, find
from shared.runtime import Runtime
from shared.vocabulary import Role
from shared.web import access, request
from shared.web.access import Restriction, Tenant
from shared.web.forms import Form
from shared.web.host import host
from shared.web.paging import SIZE

pages = flask.Blueprint("operations", __name__, template_folder="templates")

PARTS = (
    (vitals.HEARD, "Everything others published was heard"),
    (vitals.SENT, "Everything published here is on the bus"),
    (vitals.OUTSIDE, "Its index answers"),
)
STATES = {REFUSED: "Dead letter", PARKED: "Parked", HELD: "Held back"}


class Act(Schema):
    """What to do with a dead letter, and why."""

    act = fields.String(required=True, validate=validate.OneOf(["replay", "skip"]))
    reason = fields.String(required=True, validate=validate.Length(min=SHORTEST, max=LONGEST))


class Filter(Schema):
    """Which waiting records to list; `after` is the number of the last one seen."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))
    after = fields.Integer(load_default=0)


@pages.get("/held")
@access.allow(Role.OPERATOR, tenant=Tenant.ACTOR, restriction=Restriction.NONE)
def waiting() -> ResponseReturnValue:
    """The records that wait in this service, oldest first, and how far the outbox is behind."""
    form = Form(Filter)
    asked = form.filters()
    runtime = _runtime()
    with runtime.database.plumbing(writing=False) as db:
        shelf = Shelf(db, runtime.database.tools.vault, runtime.name)
        rows = shelf.listed(asked.get("state", ""), limit=SIZE, after=asked.get("after", 0))
        counts = shelf.counts()
        well = vitals.all_of(db)
    outbox, age = Relay(runtime.database, runtime.log).waiting()
    return flask.render_template(
        "operations/waiting.html",
        form=form,
        rows=rows,
        counts=counts,
        states=STATES,
        outbox=outbox,
        age=age,
        standing=_standing(well),
        more=rows[-1].position if len(rows) == SIZE else None,
    )


@pages.get("/held/<int:position>")
@access.allow(Role.OPERATOR, tenant=Tenant.ACTOR, restriction=Restriction.NONE)
def record(position: int) -> ResponseReturnValue:
    """One waiting record: what it is, why it waits, what can be done."""
    row = find(_runtime(), position)
    return flask.render_template("operations/record.html", form=Form(Act), row=row, states=STATES)


@pages.post("/held/<int:position>")
@access.allow(Role.OPERATOR, tenant=Tenant.ACTOR, restriction=Restriction.NONE)
def act(position: int) -> ResponseReturnValue:
    """Replay or skip it."""
    runtime = _runtime()
    row, form = find(runtime, position), Form(Act)
    answers = form.submitted()
    if answers is None:
        return form.page("operations/record.html", row=row, states=STATES)
    try:
        deal(runtime, request.scope(), row, answers["act"], answers["reason"])
    except Refused as problem:
        form.refuse(problem)
        return form.page("operations/record.html", row=row, states=STATES)
    return flask.redirect(f"/{runtime.name}/held")


def _standing(well: dict[str, datetime]) -> list[tuple[str, datetime | None, bool]]:
    """Each part: its words, when it was last well, and whether that is longer ago than it should be."""
    runtime = _runtime()
    late = vitals.late(well, runtime.clock())
    parts = [*PARTS[:2], *(one for one in PARTS[2:] if one[0] in runtime.service.late)]
    return [(words, well.get(part), part not in well or part in late) for part, words in parts]


def _runtime() -> Runtime:
    runtime = host()
    if not isinstance(runtime, Runtime):
        raise RuntimeError("The operator's pages need a whole runtime.")
    return runtime
