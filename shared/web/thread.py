"""The correlation id: taken from a caller when it is harmless, else made here, and on every answer."""

import re
from contextlib import ExitStack

import flask

from shared import logs
from shared.web.host import visit

HEADER = "X-Request-ID"
_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")


def install(app: flask.Flask) -> None:
    """Give every request its thread."""
    app.before_request(_take_up)
    app.after_request(_hand_on)
    app.teardown_request(_let_go)


def _take_up() -> None:
    given = flask.request.headers.get(HEADER, "")
    if _HARMLESS.fullmatch(given):
        visit().correlation_id = given
    # Whatever is logged on the way belongs to this thread, also by code that knows of no request.
    flask.g.log_fields = ExitStack()
    flask.g.log_fields.enter_context(logs.bound(correlation_id=visit().correlation_id))


def _hand_on(response: flask.Response) -> flask.Response:
    response.headers[HEADER] = visit().correlation_id
    return response


def _let_go(_problem: BaseException | None) -> None:
    fields: ExitStack | None = flask.g.pop("log_fields", None)
    if fields:
        fields.close()
