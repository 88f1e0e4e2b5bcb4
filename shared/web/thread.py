"""The correlation id: taken from a caller when it is harmless, else made here, and on every answer."""

import re

import flask

from shared.web.host import visit

HEADER = "X-Request-ID"
_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")


def install(app: flask.Flask) -> None:
    """Give every request its thread."""
    app.before_request(_take_up)
    app.after_request(_hand_on)


def _take_up() -> None:
    given = flask.request.headers.get(HEADER, "")
    if _HARMLESS.fullmatch(given):
        visit().correlation_id = given


def _hand_on(response: flask.Response) -> flask.Response:
    response.headers[HEADER] = visit().correlation_id
    return response
