"""When the cookie is stale: the front door renews it, and nothing that was typed is lost.

A GET is sent there and back. A POST is sent there and back with its body (307), so an officer who wrote for
an hour notices nothing while the session lives. When it does not, the front door shows `keep_answers()`: the
answers travel sealed in a hidden field and are put back by the service they were meant for."""

import base64
import binascii
import json
from urllib.parse import quote, urlsplit

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict

from shared.crypto import Unreadable
from shared.errors import NotAllowed
from shared.web.host import Visit, host

RENEW = "/intake/session/renew"
STEP_UP = "/intake/session/step-up"
SIGN_OUT = "/intake/session/end"
SIGN_IN = "/intake/sign-in"
KEPT = "kept_answers"
_PLACE = "web/kept-answers"


def sign_in_again() -> ResponseReturnValue:
    """Send the browser to the front door and back; an API client is told so."""
    if is_api():
        flask.abort(401, "Sign in, then try again.")
    return _by_way_of(RENEW)


def step_up() -> ResponseReturnValue:
    """Send the browser to prove itself afresh and back."""
    if is_api():
        flask.abort(401, "This needs a fresh sign-in. Sign in again, then try again.")
    return _by_way_of(STEP_UP)


def is_api() -> bool:
    """Whether the request is for the JSON side of a service."""
    return flask.request.path.split("/")[2:3] == ["api"]


def local(address: str | None, otherwise: str = "/") -> str:
    """The address if it is a path of ours, else another one: nobody may be led away by a `next=`."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(address)
    clean = not parts.scheme and not parts.netloc and address.isprintable() and "\\" not in address
    return address if clean else otherwise


def _by_way_of(door: str) -> ResponseReturnValue:
    request = flask.request
    back = request.full_path if request.query_string else request.path
    unsafe = request.method not in {"GET", "HEAD"}
    if unsafe:
        # Read to the end: a server that answers before the upload is through would be cut off.
        _ = request.form
    # 307 keeps method and body: the browser itself carries the form there and back.
    return flask.redirect(f"{door}?next={quote(back, safe='/')}", 307 if unsafe else 302)


def keep_answers(user_id: str, authority: str, address: str, *, door: str = SIGN_IN) -> ResponseReturnValue:
    """The page for a POST that came to `door` and cannot go on: sign in (or prove yourself afresh) in
    another tab, then send what was typed. Views at the door are `public(Tenant.NONE, token=False)`."""
    answers = {name: values for name, values in flask.request.form.lists() if name != KEPT}
    plain = json.dumps({"user": user_id, "answers": answers}).encode()
    sealed = host().database.tools.vault.seal(authority, _PLACE, plain)
    return flask.render_template(
        "shared/kept_answers.html",
        kept=base64.urlsafe_b64encode(sealed).decode(),
        address=local(address),
        sign_in=f"{door}?next=/{host().service.name}/signed-in",
        afresh=door == STEP_UP,
        files=bool(flask.request.files),
    ), 401


def restore_answers(here: Visit) -> None:
    """Put kept answers back in place of the form, for the very person who typed them."""
    kept = flask.request.form.get(KEPT) if flask.request.method == "POST" else None
    if kept is None or here.authority is None or here.actor is None:
        return
    try:
        sealed = base64.urlsafe_b64decode(kept)
        found = json.loads(host().database.tools.vault.open(here.authority.code, _PLACE, sealed))
    except (binascii.Error, ValueError, Unreadable):
        found = {"user": ""}
    if found["user"] != here.actor.id:
        raise NotAllowed("These answers were typed by somebody else. Fill in the page again.")
    pairs = [(name, value) for name, values in found["answers"].items() for value in values]
    flask.request.form = ImmutableMultiDict(pairs)
