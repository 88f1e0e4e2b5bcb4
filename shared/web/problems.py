"""The one place where what went wrong becomes an answer: a page that helps, or problem details (RFC 9457)
for a program.

Nothing of the request is repeated and no traceback leaves; the correlation id is what a person can quote.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from shared import logs
from shared.errors import HeedError, Invalid, TooOften
from shared.store.engine import AWAY
from shared.web import renewal
from shared.web.host import visit

CONTENT_TYPE = "application/problem+json"
_log = logs.get("web")
_TITLES = {
    400: "This request cannot be read",
    401: "You need to sign in",
    403: "You cannot do this",
    404: "Page not found",
    405: "This page cannot be used in this way",
    409: "This cannot be done now",
    410: "This page has gone",
    412: "Somebody else has changed this",
    413: "The file is too large",
    415: "This kind of content is not accepted",
    422: "Some answers need to be put right",
    428: "Say which version you have changed",
    429: "Too many tries",
    500: "Sorry, there is a problem with Heed",
    503: "This part of Heed is not available now",
}
_ADVICE = {
    400: "Go back, reload the page and try again.",
    401: "Sign in, then try again.",
    403: "Ask your authority's administrator if you think you should be able to.",
    404: "If you typed the address, check it. If you pasted it, check that you copied all of it.",
    405: "Go back and use the links and buttons on the page.",
    410: "It was here once and was taken away.",
    413: "Choose files that are smaller than 20 MB together.",
    415: "Send it as the documentation of this address says.",
    422: "Go back and check your answers.",
    428: "Fetch it, then send its ETag in If-Match.",
    429: "Wait a few minutes, then try again.",
    500: "Nothing you did is lost if the page before said so. Try again in a few minutes.",
    503: "Try again in a few minutes.",
}
_LATER = {429: 60, 503: 30}
_ASKED = "Its records cannot be read just now. Nothing that was kept is lost. Try again in a few minutes."
# A commit whose answer was lost may have gone through, so nobody is told that it did not.
_SENT = (
    "It is not certain that what you just sent was kept. Go back, where your answers still are, and send "
    "them again in a few minutes."
)


@dataclass(frozen=True)
class Problem:
    """An answer to something that went wrong; `fields` maps names of fields to their sentences."""

    status: int
    detail: str
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The heading."""
        return _TITLES.get(self.status) or HTTPStatus(self.status).phrase


def install(app: flask.Flask) -> None:
    """Answer every error."""
    app.register_error_handler(HeedError, _from_heed)
    app.register_error_handler(HTTPException, from_http)
    for away in AWAY:
        app.register_error_handler(away, _database_away)
    app.register_error_handler(Exception, _unexpected)


def _from_heed(error: HeedError) -> ResponseReturnValue:
    if error.status >= 500:
        _log.error("request_failed", fault=type(error).__name__, route=_route())
    fields = error.fields if isinstance(error, Invalid) else {}
    response = _answer(Problem(error.status, str(error), fields))
    if isinstance(error, TooOften):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def from_http(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's own errors, and those of flask-smorest."""
    # Redirects travel as exceptions too, and a view may have prepared its own answer.
    if error.response is not None or error.code is None or error.code < 400:
        return error
    found = getattr(error, "data", None) or {}
    detail = found.get("message") or _ADVICE.get(error.code, "Go back and try again.")
    fields = found.get("messages") or found.get("errors") or {}
    response = _answer(Problem(error.code, detail, fields))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _database_away(_error: Exception) -> ResponseReturnValue:
    # Said by the database itself, once for all who ask meanwhile.
    return _answer(Problem(503, _ASKED if flask.request.method in {"GET", "HEAD"} else _SENT))


def _unexpected(error: Exception) -> ResponseReturnValue:
    _log.error("request_failed", fault=logs.fault(error), route=_route())
    # Tests want the exception itself, not the page about it.
    if flask.current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    return _answer(Problem(500, _ADVICE[500]))


def _route() -> str:
    return flask.request.endpoint or "none"


def _answer(problem: Problem) -> flask.Response:
    response = _details(problem) if _wants_json() else _page(problem)
    response.status_code = problem.status
    if problem.status in _LATER:
        response.headers["Retry-After"] = str(_LATER[problem.status])
    return response


def _details(problem: Problem) -> flask.Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "correlation_id": visit().correlation_id,
    }
    if problem.fields:
        body["errors"] = problem.fields
    response = flask.jsonify(body)
    response.content_type = CONTENT_TYPE
    return response


def _page(problem: Problem) -> flask.Response:
    return flask.make_response(flask.render_template("shared/problem.html", problem=problem))


def _wants_json() -> bool:
    accepts = flask.request.accept_mimetypes
    json = max(accepts["application/json"], accepts[CONTENT_TYPE])
    # Browsers send */*, which asks for neither.
    return renewal.is_api() or json > accepts["text/html"]
