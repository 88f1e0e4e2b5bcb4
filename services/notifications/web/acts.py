"""The forms that change a notice."""

from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from services.notifications.actions import letters, sending
from services.notifications.actions import notices as actions
from services.notifications.actions.notices import Seen
from services.notifications.domain.notice import Method
from services.notifications.store import notices as store
from services.notifications.web import schemas
from services.notifications.web.blueprint import APPROVERS, CLERKS, DECIDERS, blueprint
from shared.errors import Conflict, Invalid, Refused
from shared.store.transaction import Transaction
from shared.web import access, request
from shared.web.forms import Form

Run = Callable[[Transaction, Seen, dict[str, Any]], object]
_BOTH = ["GET", "POST"]


@blueprint.route("/notices/<notice_id>/advise", methods=_BOTH)
@access.allow(*DECIDERS)
def advise(notice_id: str) -> ResponseReturnValue:
    """Record what whoever has the duty was told."""
    return _act(notice_id, "advise", schemas.AdviseAnswers, "advised", _advise)


def _advise(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    return actions.advise(tx, seen, answers["advice"])


@blueprint.route("/notices/<notice_id>/send", methods=_BOTH)
@access.allow(*DECIDERS)
def send(notice_id: str) -> ResponseReturnValue:
    """Send the letter."""
    return _act(notice_id, "send", schemas.SendAnswers, "sending", _send)


def _send(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    return sending.send_notice(tx, seen, although_incomplete=answers["although_incomplete"])


@blueprint.route("/notices/<notice_id>/by-hand", methods=_BOTH)
@access.allow(*CLERKS)
def by_hand(notice_id: str) -> ResponseReturnValue:
    """Record that it left another way."""
    return _act(notice_id, "by_hand", schemas.ByHandAnswers, "sent", _by_hand)


def _by_hand(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    method = Method(answers["method"])
    return actions.record_sent_by_hand(tx, seen, method, answers["evidence"], answers["sent_at"])


@blueprint.route("/notices/<notice_id>/acknowledge", methods=_BOTH)
@access.allow(*CLERKS)
def acknowledge(notice_id: str) -> ResponseReturnValue:
    """Record the recipient's answer."""
    return _act(notice_id, "acknowledge", schemas.AcknowledgeAnswers, "acknowledged", _acknowledge)


def _acknowledge(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    return actions.acknowledge(tx, seen, answers["acknowledgement"], answers["acknowledged_at"])


@blueprint.route("/notices/<notice_id>/decline", methods=_BOTH)
@access.allow(*DECIDERS)
def decline(notice_id: str) -> ResponseReturnValue:
    """Propose not to send it."""
    return _act(notice_id, "decline", schemas.DeclineAnswers, "proposed", _decline)


def _decline(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    return actions.propose_decline(tx, seen, answers["reason"])


@blueprint.route("/notices/<notice_id>/approval", methods=_BOTH)
@access.allow(*APPROVERS)
def approval(notice_id: str) -> ResponseReturnValue:
    """Decide on somebody else's proposal not to send it."""
    return _act(notice_id, "approval", schemas.ApprovalAnswers, "decided", _approval)


def _approval(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    decide = actions.approve_decline if answers["decision"] == "approve" else actions.drop_decline
    return decide(tx, seen)


@blueprint.route("/notices/<notice_id>/resolve", methods=_BOTH)
@access.allow(*DECIDERS)
def resolve(notice_id: str) -> ResponseReturnValue:
    """Say whether an interrupted letter left."""
    return _act(notice_id, "resolve", schemas.ResolveAnswers, "resolved", _resolve)


def _resolve(tx: Transaction, seen: Seen, answers: dict[str, Any]) -> object:
    return sending.resolve_uncertain(tx, seen, left=answers["left"], evidence=answers["evidence"])


@blueprint.route("/notices/<notice_id>/confirm", methods=_BOTH)
@access.allow(*DECIDERS)
def confirm(notice_id: str) -> ResponseReturnValue:
    """Confirm a notice of an imported history."""
    return _act(
        notice_id, "confirm", schemas.Version, "confirmed", lambda tx, seen, _: actions.confirm(tx, seen)
    )


@blueprint.route("/notices/<notice_id>/content", methods=_BOTH)
@access.allow(*CLERKS)
def content(notice_id: str) -> ResponseReturnValue:
    """Write what the case does not say."""
    with request.reading() as tx:
        found = store.get(tx, notice_id)
        items = letters.draft(tx, found).rule.content
    schema = schemas.content_answers(items)
    return _act(notice_id, "content", schema, "written", actions.write_content, initial=found.answers)


def _act(
    notice_id: str,
    name: str,
    schema: type[Schema],
    done: str,
    run: Run,
    *,
    initial: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:
    form = Form(schema, initial)
    answers = form.submitted()
    if answers is not None and _did(form, notice_id, answers, run):
        return flask.redirect(
            flask.url_for("notifications_pages.notice", notice_id=notice_id, done=done), 303
        )
    with request.transaction() as tx:
        found = store.get(tx, notice_id)
        tx.accessed("viewed", "notice", notice_id)
        draft, entry = letters.draft(tx, found), letters.entry_of(tx, found)
    # The version that the person saw: a conflict stays one until they load the page again.
    version = form.value("version") or found.version
    return form.page(f"notifications/{name}.html", notice=found, draft=draft, entry=entry, version=version)


def _did(form: Form, notice_id: str, answers: dict[str, Any], run: Run) -> bool:
    version = answers.pop("version")
    try:
        with request.transaction() as tx:
            run(tx, Seen(notice_id, version), answers)
    except (Conflict, Invalid, Refused) as problem:
        form.refuse(problem if isinstance(problem, Invalid) else str(problem))
        return False
    return True
