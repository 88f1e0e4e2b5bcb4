"""Save and come back: a code by e-mail or on screen, and the way in with it."""

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.actions import returning as actions
from services.intake.domain import reference as references
from services.intake.domain.draft import DraftState
from services.intake.web.drafting import desk, forget, remember
from services.intake.web.journey.questions import EMAIL
from services.intake.web.report import report
from shared.web import request
from shared.web.access import public
from shared.web.forms import Form

_REFERENCE = "Enter the reference, like DOR-2026-7KQ4XM."


class EmailAnswers(Schema):
    """Where codes go."""

    email = fields.String(
        required=True, validate=EMAIL, error_messages={"required": "Enter your e-mail address."}
    )


class ReferenceAnswers(Schema):
    """Which report."""

    reference = fields.String(
        required=True, validate=validate.Length(max=40), error_messages={"required": _REFERENCE}
    )


class CodeAnswers(ReferenceAnswers):
    """Which report, and the code that opens it."""

    code = fields.String(
        required=True, validate=validate.Length(max=20), error_messages={"required": "Enter the code."}
    )


@report.route("/save", methods=["GET", "POST"])
@public()
def save(**_: str) -> ResponseReturnValue:
    """The reference, the day until which the report is kept, and how to come back."""
    with desk() as at:
        form = Form(
            EmailAnswers, {"email": at.draft.email or at.draft.answers.get("you", {}).get("email", "")}
        )
        answers = form.submitted()
        if answers is None:
            return form.page("intake/report/save.html", at=at)
        actions.remember_email(at.tx, at.draft.id, answers["email"])
        return flask.render_template("intake/report/saved.html", at=at, email=answers["email"])


@report.post("/save/code")
@public()
def show_code(**_: str) -> ResponseReturnValue:
    """A code to write down, seen once."""
    with desk() as at:
        code = actions.show_code(at.tx, at.draft.id)
        return flask.render_template("intake/report/code.html", at=at, code=code)


@report.post("/status/code")
@public()
def show_status_code(**_: str) -> ResponseReturnValue:
    """The same after sending, for somebody who gave no address."""
    with desk(sent=True) as at:
        code = actions.show_code(at.tx, at.draft.id)
        return flask.render_template("intake/report/code.html", at=at, code=code)


@report.post("/leave")
@public()
def leave_device(**_: str) -> ResponseReturnValue:
    """Let this device know no more of the report; the report itself is kept."""
    forget()
    return flask.redirect(flask.url_for(".start"))


@report.route("/return", methods=["GET", "POST"])
@public()
def come_back(**_: str) -> ResponseReturnValue:
    """Ask for a code. Whether the reference is known is not said."""
    form = Form(ReferenceAnswers)
    answers = form.submitted()
    if answers is not None:
        known = references.tidy(answers["reference"])
        if known is None:
            form.refuse(_REFERENCE, "reference")
        else:
            with request.transaction() as tx:
                actions.send_code(tx, known)
            return flask.redirect(flask.url_for(".enter_code", reference=known))
    return form.page("intake/report/return.html", lost=flask.request.args.get("lost") == "yes")


@report.route("/return/code", methods=["GET", "POST"])
@public()
def enter_code(**_: str) -> ResponseReturnValue:
    """Go on with a report by its reference and a code."""
    # A reference may stand in an address: it names nobody and opens nothing without its code.
    form = Form(CodeAnswers, {"reference": flask.request.args.get("reference", "")})
    answers = form.submitted()
    if answers is not None:
        with request.transaction() as tx:
            found = actions.come_back(tx, references.tidy(answers["reference"]) or "", answers["code"])
        if found is not None:
            remember(found)
            sent = found.state is DraftState.SENT
            return flask.redirect(flask.url_for(".status" if sent else ".tasks"))
        form.refuse(actions.wrong())
    return form.page("intake/report/enter_code.html")
