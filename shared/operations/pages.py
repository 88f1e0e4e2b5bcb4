"""Waiting records: list, replay, skip. Replaying and skipping ask for a reason, which the audit keeps."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from shared.errors import NotFound, Refused
from shared.messaging.consumer import Consumer
from shared.messaging.deferred import HELD, PARKED, REFUSED, Deferred, Shelf
from shared.messaging.relay import Relay
from shared.runtime import Runtime
from shared.vocabulary import Role
from shared.web import access, request
from shared.web.access import Restriction, Tenant
from shared.web.forms import Form
from shared.web.host import host
from shared.web.paging import SIZE

pages = flask.Blueprint("operations", __name__, template_folder="templates")

STATES = {REFUSED: "Dead letter", PARKED: "Parked", HELD: "Held back"}


class Act(Schema):
    """What to do with a dead letter, and why."""

    act = fields.String(required=True, validate=validate.OneOf(["replay", "skip"]))
    reason = fields.String(required=True, validate=validate.Length(min=5, max=500))


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
    outbox, age = Relay(runtime.database, runtime.log).waiting()
    return flask.render_template(
        "operations/waiting.html",
        form=form,
        rows=rows,
        counts=counts,
        states=STATES,
        outbox=outbox,
        age=age,
        more=rows[-1].position if len(rows) == SIZE else None,
    )


@pages.get("/held/<int:position>")
@access.allow(Role.OPERATOR, tenant=Tenant.ACTOR, restriction=Restriction.NONE)
def record(position: int) -> ResponseReturnValue:
    """One waiting record: what it is, why it waits, what can be done."""
    return flask.render_template("operations/record.html", form=Form(Act), row=_row(position), states=STATES)


@pages.post("/held/<int:position>")
@access.allow(Role.OPERATOR, tenant=Tenant.ACTOR, restriction=Restriction.NONE)
def act(position: int) -> ResponseReturnValue:
    """Replay or skip it."""
    row, form = _row(position), Form(Act)
    answers = form.submitted()
    if answers is None:
        return form.page("operations/record.html", row=row, states=STATES)
    try:
        _do(row, answers)
    except Refused as problem:
        form.refuse(problem)
        return form.page("operations/record.html", row=row, states=STATES)
    return flask.redirect(f"/{_runtime().name}/held")


def _do(row: Deferred, answers: dict[str, Any]) -> None:
    runtime = _runtime()
    with request.transaction() as tx:
        # Before the act and in its own commit: an attempt that fails is kept as well.
        tx.accessed(answers["act"], "waiting record", row.event_id[:36], reason=answers["reason"])
    consumer = Consumer(runtime.service, runtime.database)
    if answers["act"] == "skip":
        consumer.skip(row.position)
    elif not consumer.replay(row.position):
        raise Refused("It was refused again; its reason is shown below.")


def _row(position: int) -> Deferred:
    runtime = _runtime()
    with runtime.database.plumbing(writing=False) as db:
        found = Shelf(db, runtime.database.tools.vault, runtime.name).listed(limit=1, after=position - 1)
    # Listed after its predecessor, so that the body never leaves the shelf.
    if not found or found[0].position != position:
        raise NotFound("That record waits no longer. Go back to the list.")
    return found[0]


def _runtime() -> Runtime:
    runtime = host()
    if not isinstance(runtime, Runtime):
        raise RuntimeError("The operator's pages need a whole runtime.")
    return runtime
