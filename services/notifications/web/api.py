# mypy: disable-error-code="untyped-decorator"
"""Notices for other programs. An act names the version it is about in `If-Match`; its answer carries the
next one.
"""

from typing import Any

import flask
import flask_smorest

from services.notifications.actions import letters, sending
from services.notifications.actions import notices as actions
from services.notifications.actions.notices import Seen
from services.notifications.domain.letter import as_text
from services.notifications.domain.notice import Method, Notice
from services.notifications.store import notices as store
from services.notifications.store.notices import Wanted
from services.notifications.web import schemas
from services.notifications.web.blueprint import APPROVERS, CLERKS, DECIDERS, READERS
from shared.clock import LONDON
from shared.errors import Conflict, Invalid
from shared.web import access, paging, request

blueprint = flask_smorest.Blueprint(
    "notifications", __name__, url_prefix="/api", description="Duties to tell somebody, and the proof."
)


@blueprint.get("/notices")
@access.allow(*READERS)
@blueprint.arguments(schemas.ListQuery(), location="query")
@blueprint.response(200, schemas.NoticeList)
def list_notices(query: dict[str, Any]) -> paging.Page[Notice]:
    """Notices by filters, the most pressing first, fifty a page."""
    asked = paging.Asked(query.pop("page"))
    wanted = Wanted(**query)
    with request.reading() as tx:
        day = tx.now.astimezone(LONDON).date()
        found = store.list_some(tx, wanted, day, offset=asked.offset, limit=asked.limit)
        return asked.of(found, store.count(tx, wanted, day))


@blueprint.get("/notices/<notice_id>")
@access.allow(*READERS)
@blueprint.response(200, schemas.NoticeWhole)
def get_notice(notice_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """One notice with its words and content list; the ETag is its version."""
    with request.transaction() as tx:
        found = store.get(tx, notice_id)
        tx.accessed("viewed", "notice", notice_id)
        draft = letters.draft(tx, found)
    whole = {name: getattr(found, name) for name in schemas.NoticeWhole().fields if hasattr(found, name)}
    whole |= {"dates": found.dates, "content": draft.content.lines, "complete_percent": draft.content.percent}
    whole |= {"letter": as_text(draft.letter)}
    return whole, 200, _etag(found)


@blueprint.post("/notices/<notice_id>/advice")
@access.allow(*DECIDERS)
@blueprint.arguments(schemas.AdviceIn())
@blueprint.response(201, schemas.NoticeOut)
def advise(answers: dict[str, Any], notice_id: str) -> tuple[Notice, int, dict[str, str]]:
    """Whoever has the duty was told to do it. That is not the sending."""
    with request.transaction() as tx:
        return _changed(actions.advise(tx, _seen(notice_id), answers["advice"]))


@blueprint.post("/notices/<notice_id>/sending")
@access.allow(*DECIDERS)
@blueprint.arguments(schemas.SendingIn())
@blueprint.response(202, schemas.NoticeOut)
def send(answers: dict[str, Any], notice_id: str) -> tuple[Notice, int, dict[str, str]]:
    """Hand the letter to the mail (202, sent once it has left), or record a sending by hand."""
    seen = _seen(notice_id)
    with request.transaction() as tx:
        if "method" not in answers:
            return _changed(
                sending.send_notice(tx, seen, although_incomplete=answers["although_incomplete"]), 202
            )
        if "evidence" not in answers or "sent_at" not in answers:
            raise Invalid("Give the evidence and the time with the method.")
        method = Method(answers["method"])
        return _changed(
            actions.record_sent_by_hand(tx, seen, method, answers["evidence"], answers["sent_at"])
        )


@blueprint.post("/notices/<notice_id>/acknowledgement")
@access.allow(*CLERKS)
@blueprint.arguments(schemas.AcknowledgementIn())
@blueprint.response(201, schemas.NoticeOut)
def acknowledge(answers: dict[str, Any], notice_id: str) -> tuple[Notice, int, dict[str, str]]:
    """The recipient confirmed it."""
    with request.transaction() as tx:
        said, moment = answers["acknowledgement"], answers["acknowledged_at"]
        return _changed(actions.acknowledge(tx, _seen(notice_id), said, moment))


@blueprint.post("/notices/<notice_id>/decline")
@access.allow(*DECIDERS)
@blueprint.arguments(schemas.DeclineIn())
@blueprint.response(201, schemas.NoticeOut)
def decline(answers: dict[str, Any], notice_id: str) -> tuple[Notice, int, dict[str, str]]:
    """Propose that it will not be sent; another person approves."""
    with request.transaction() as tx:
        return _changed(actions.propose_decline(tx, _seen(notice_id), answers["reason"]))


@blueprint.post("/notices/<notice_id>/decline/approval")
@access.allow(*APPROVERS)
@blueprint.response(201, schemas.NoticeOut)
def approve_decline(notice_id: str) -> tuple[Notice, int, dict[str, str]]:
    """Approve somebody else's proposal not to send it."""
    with request.transaction() as tx:
        return _changed(actions.approve_decline(tx, _seen(notice_id)))


def _seen(notice_id: str) -> Seen:
    """The version in `If-Match`. Without it the answer is 428."""
    tags = flask.request.if_match
    # Without one a program would overwrite what it has not seen.
    if not tags:
        flask_smorest.abort(428, message="Fetch the notice, then send its ETag in If-Match.")
    version = next((int(tag) for tag in tags if tag.isascii() and tag.isdigit()), None)
    if version is None:
        raise Conflict("This is not the present version of the notice. Fetch it again.")
    return Seen(notice_id, version)


def _changed(notice: Notice, status: int = 201) -> tuple[Notice, int, dict[str, str]]:
    return notice, status, _etag(notice)


def _etag(notice: Notice) -> dict[str, str]:
    return {"ETag": f'"{notice.version}"'}
