"""The end of the public form: files, check answers, declaration, confirmation, and how it stands later."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from services.intake.actions import drafts as actions
from services.intake.domain.answers import missing
from services.intake.domain.contact import State
from services.intake.domain.draft import DraftState
from services.intake.domain.timescale import deadline_words, moment_words
from services.intake.store import contacts, judgements
from services.intake.web.drafting import Desk, desk
from services.intake.web.journey import JOURNEY
from services.intake.web.report import report
from shared.errors import Invalid
from shared.web.access import public
from shared.web.forms import Form, Upload

_TOO_LARGE = "The file is larger than 20 MB. Send it in parts, or tell us about it in your own words."
# What somebody who reported may know: that it is being dealt with, not how it was judged.
_STANDS = {
    State.NEW: "We have received your report.",
    State.TAKEN: "A designated officer is dealing with your report.",
    State.WAITING: "A designated officer needs more information.",
    State.TRANSFERRING: "We are passing your report to the council that should deal with it.",
    State.MET: "A designated officer has decided what happens next.",
    State.CASE: "A designated officer has decided what happens next.",
    State.CLOSED: "A designated officer has answered your report.",
}


class FilesAnswers(Schema):
    """The files page."""

    files = Upload(most=5, required=True, error_messages={"required": "Choose a file to add."})


class DeclarationAnswers(Schema):
    """The declaration page."""

    accurate = fields.List(
        fields.String(), required=True, error_messages={"required": "Confirm that your answers are true."}
    )


@report.route("/files", methods=["GET", "POST"])
@public()
def files(**_: str) -> ResponseReturnValue:
    """Files that belong to the report; each is kept or refused by itself."""
    goes_on = flask.request.form.get("step") == "continue"
    if goes_on and not any(one.filename for one in flask.request.files.getlist("files")):
        return flask.redirect(flask.url_for(".tasks"))
    form = Form(FilesAnswers)
    answers = form.submitted()
    # A transaction each: a file that is refused takes none of the others with it.
    for upload in answers["files"] if answers else ():
        try:
            with desk() as at:
                actions.attach_file(at.tx, at.draft.id, upload.filename, upload.stream)
        except Invalid as problem:
            form.refuse(str(problem), "files")
    if answers and not form.errors:
        return flask.redirect(flask.url_for(".tasks" if goes_on else ".files"))
    return _files_page(form)


@report.post("/files/<file_id>/remove")
@public()
def remove_file(file_id: str, **_: str) -> ResponseReturnValue:
    """Take a file out."""
    with desk() as at:
        actions.remove_file(at.tx, at.draft.id, file_id)
    return flask.redirect(flask.url_for(".files"))


def _too_large(_: Exception) -> ResponseReturnValue:
    """The upload never arrived; everything answered before is safe."""
    form = Form(FilesAnswers)
    form.refuse(_TOO_LARGE, "files")
    return _files_page(form)


report.register_error_handler(413, _too_large)


@report.get("/check")
@public()
def check(**_: str) -> ResponseReturnValue:
    """Everything that was answered, with links to change it."""
    with desk() as at:
        cards, lacking = JOURNEY.cards(at.context), missing(at.draft.answers)
        return flask.render_template(
            "intake/report/check.html", at=at, cards=cards, lacking=lacking, journey=JOURNEY
        )


@report.route("/declaration", methods=["GET", "POST"])
@public()
def declare(**_: str) -> ResponseReturnValue:
    """The last page: accuracy, and what happens with the report. Sending twice is sending once."""
    form = Form(DeclarationAnswers)
    with desk(sent=True) as at:
        if at.draft.state is DraftState.OPEN and missing(at.draft.answers):
            return flask.redirect(flask.url_for(".check"))
        if form.submitted() is not None:
            actions.submit_draft(at.tx, at.draft.id, JOURNEY.passages(at.context))
            return flask.redirect(flask.url_for(".sent"))
        return form.page("intake/report/declaration.html", at=at)


@report.get("/sent")
@public()
def sent(**_: str) -> ResponseReturnValue:
    """The reference, and when an answer is due."""
    with desk(sent=True) as at:
        if at.draft.state is DraftState.OPEN:
            return flask.redirect(flask.url_for(".tasks"))
        return flask.render_template("intake/report/sent.html", at=at, **_standing(at))


@report.get("/status")
@public()
def status(**_: str) -> ResponseReturnValue:
    """How a report stands, and the advice that was given."""
    with desk(sent=True) as at:
        if at.draft.state is DraftState.OPEN:
            return flask.redirect(flask.url_for(".tasks"))
        # The referrer's own look is in the access register like everybody's.
        at.tx.accessed("viewed", "contact", at.draft.contact_id, purpose="own_report")
        given = [one for one in judgements.advice_of(at.tx, at.draft.contact_id) if one.sent_at]
        return flask.render_template("intake/report/status.html", at=at, advice=given, **_standing(at))


def _standing(at: Desk) -> dict[str, Any]:
    contact = contacts.find_by_token(at.tx, at.draft.id)
    if contact is None:
        return {"stands": "This report is no longer kept.", "due": "", "received": "", "answered": True}
    return {
        "stands": _STANDS[contact.state],
        "due": deadline_words(contact.respond_by),
        "received": moment_words(contact.received_at),
        "answered": contact.decided_at is not None,
    }


def _files_page(form: Form) -> ResponseReturnValue:
    with desk() as at:
        return form.page("intake/report/files.html", at=at, most=actions.MOST_FILES)
