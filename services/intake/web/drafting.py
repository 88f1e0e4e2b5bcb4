"""The report that this browser is writing: a signed cookie leads to it, nothing personal is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NoReturn

import flask
from itsdangerous import BadData

from services.intake.domain.draft import Draft, DraftState
from services.intake.store import drafts, rules
from services.intake.web.journey import Context
from shared.actor import Actor
from shared.errors import NotFound
from shared.store.transaction import Transaction
from shared.web import request, signing
from shared.web.host import visit

_COOKIE = "heed-report"
# Long enough to fetch a file from a cabinet, short enough for a computer in a staff room.
_LIFE = timedelta(hours=4)


@dataclass(frozen=True)
class Desk:
    """A draft with what its questions depend on."""

    tx: Transaction
    draft: Draft
    context: Context

    def after(self, draft: Draft) -> "Desk":
        """The same after something was saved."""
        return replace(self, draft=draft, context=replace(self.context, answers=draft.answers))


@contextmanager
def desk(*, sent: bool = False) -> Iterator[Desk]:
    """A transaction with this browser's draft. Without one, or once sent, the visitor is led elsewhere."""
    draft_id = known_id()
    if draft_id is None:
        lead_to(flask.url_for("report.come_back", lost="yes"))
    request.act_as(Actor(f"referrer:{draft_id}"))
    with request.transaction() as tx:
        draft = _draft(tx, draft_id)
        if draft.state is DraftState.SENT and not sent:
            lead_to(flask.url_for("report.status"))
        yield Desk(tx, draft, context_of(tx, draft))


def context_of(tx: Transaction, draft: Draft) -> Context:
    """What the questions of a draft depend on."""
    return Context(rules.lists(tx), rules.today(tx), draft.answers)


def lead_to(address: str) -> NoReturn:
    """Send the visitor to another page."""
    flask.abort(flask.redirect(address))


def known_id() -> str | None:
    """The draft that the cookie names, if it is genuine, of this authority and not too old."""
    try:
        authority, draft_id, at = signing.signer("report").loads(
            flask.request.cookies.get(signing.cookie_name(_COOKIE), "")
        )
    except (BadData, ValueError, TypeError):
        return None
    fresh = visit().now.timestamp() - at <= _LIFE.total_seconds()
    return str(draft_id) if fresh and authority == request.authority().code else None


def remember(draft: Draft) -> None:
    """Let this browser go on with it; the cookie goes out with the answer."""
    flask.g.report_id = draft.id


def forget() -> None:
    """Let this browser know no more of it."""
    flask.g.report_id = ""


def keep_cookie(response: flask.Response) -> flask.Response:
    """Write the cookie: after a start or return, and again with every page, so that it lasts while in use."""
    draft_id = flask.g.get("report_id")
    if draft_id is None:
        draft_id = known_id() if visit().authority else None
    if draft_id:
        value = signing.signer("report").dumps([request.authority().code, draft_id, visit().now.timestamp()])
        signing.set_cookie(response, _COOKIE, str(value))
    # Empty and not None: somebody asked this device to forget.
    elif draft_id == "":
        signing.clear_cookie(response, _COOKIE)
    return response


def _draft(tx: Transaction, draft_id: str) -> Draft:
    try:
        return drafts.get(tx, draft_id)
    except NotFound:
        forget()
        raise
