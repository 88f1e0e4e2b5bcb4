"""Contacts erased by two people, and kept by a legal hold."""

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.actions import erasing
from services.intake.domain.permission import WHO_MAY, Act
from services.intake.store import contacts, users
from services.intake.store.erasures import holding, requests
from services.intake.web.inbox import READERS, inbox
from services.intake.web.righting import done
from shared.keeping.erasure import Ground, Standing
from shared.web import request
from shared.web.access import allow, step_up
from shared.web.forms import Form

_ASKERS = tuple(sorted(WHO_MAY[Act.ASK_ERASURE]))
_ERASERS = tuple(sorted(WHO_MAY[Act.ERASE]))
_HOLDERS = tuple(sorted(WHO_MAY[Act.HOLD]))
_REASON = validate.Length(max=2_000)
_MOST = 200
_CHANGES = {"hold": erasing.hold_contact, "lift": erasing.release_contact}
GROUNDS = ((Ground.RETENTION.value, "Its time has passed"), (Ground.DECISION.value, "It was decided"))


class AskErasureAnswers(Schema):
    """Why a contact is to be erased."""

    ground = fields.Enum(
        Ground, required=True, by_value=True, error_messages={"required": "Choose why it is to be erased."}
    )
    reason = fields.String(
        required=True,
        validate=_REASON,
        error_messages={"required": "Enter why this contact is to be erased."},
    )


class DecideErasureAnswers(Schema):
    """Whether it is erased."""

    decision = fields.String(
        required=True,
        validate=validate.OneOf(["erase", "keep"]),
        error_messages={"required": "Choose whether the contact is erased."},
    )
    answer = fields.String(load_default="", validate=_REASON)


class HoldAnswers(Schema):
    """Why a contact is held, or no longer is. What was asked is said: sent twice it does not turn round."""

    act = fields.String(
        required=True,
        validate=validate.OneOf(["hold", "lift"]),
        error_messages={"required": "Open the page again, then repeat your change."},
    )
    reason = fields.String(required=True, validate=_REASON, error_messages={"required": "Enter the reason."})


@inbox.get("/erasures")
@allow(*READERS)
def list_erasures() -> ResponseReturnValue:
    """What waits for a decision, what may be asked, and what was decided. Looking at it is recorded."""
    with request.transaction() as tx:
        found = {one: requests.listed(tx, one, _MOST) for one in Standing}
        due = erasing.due_for_review(tx)
        people = {one.asked_by for some in found.values() for one in some}
        people |= {one.decided_by for some in found.values() for one in some}
        shown = (*(one.record_id for some in found.values() for one in some), *(one.id for one in due))
        tx.accessed("viewed", "erasure_list", "contacts", found=shown)
        return flask.render_template(
            "intake/officers/erasures.html",
            found=found,
            due=due,
            names=users.names(tx, people),
            grounds=dict(GROUNDS),
        )


@inbox.route("/contacts/<contact_id>/erasure", methods=["GET", "POST"])
@allow(*_ASKERS)
def ask_erasure(contact_id: str) -> ResponseReturnValue:
    """Ask that it be erased."""
    with request.reading() as tx:
        one = contacts.get(tx, contact_id)
    form = Form(AskErasureAnswers)
    answers = form.submitted()
    if answers is not None:
        ground, reason = answers["ground"], answers["reason"]

        def act() -> None:
            with request.transaction() as tx:
                erasing.ask_erasure(tx, contact_id, ground, reason)

        if done(form, act):
            return flask.redirect(flask.url_for("inbox.list_erasures"))
    return form.page("intake/officers/ask_erasure.html", contact=one, grounds=GROUNDS)


@inbox.route("/erasures/<contact_id>", methods=["GET", "POST"])
@allow(*_ERASERS)
@step_up()
def decide_erasure(contact_id: str) -> ResponseReturnValue:
    """Erase it, or say why it is kept. Looking at it is recorded."""
    with request.transaction() as tx:
        one, asked = contacts.get(tx, contact_id), requests.find(tx, contact_id)
        joined = contacts.merged_into(tx, contact_id)
        names = users.names(tx, {asked.asked_by} if asked else set())
        tx.accessed("viewed", "contact", contact_id)
    form = Form(DecideErasureAnswers)
    answers = form.submitted()
    if answers is not None:
        approve, answer = answers["decision"] == "erase", answers["answer"]

        def act() -> None:
            with request.transaction() as tx:
                erasing.decide_erasure(tx, contact_id, approve=approve, answer=answer)

        if done(form, act):
            return flask.redirect(flask.url_for("inbox.list_erasures"))
    return form.page(
        "intake/officers/decide_erasure.html",
        contact=one, asked=asked, joined=joined, names=names, grounds=dict(GROUNDS),
    )  # fmt: skip


@inbox.route("/contacts/<contact_id>/hold", methods=["GET", "POST"])
@allow(*_HOLDERS)
def hold(contact_id: str) -> ResponseReturnValue:
    """Put it under a legal hold, or lift the hold."""
    with request.reading() as tx:
        one, held = contacts.get(tx, contact_id), holding.stands(tx, contact_id)
    form = Form(HoldAnswers)
    answers = form.submitted()
    if answers is not None:
        reason, change = answers["reason"], _CHANGES[answers["act"]]

        def act() -> None:
            with request.transaction() as tx:
                change(tx, contact_id, reason)

        if done(form, act):
            return flask.redirect(flask.url_for("inbox.show", contact_id=contact_id))
    return form.page("intake/officers/hold.html", contact=one, held=held)
