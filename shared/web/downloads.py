"""Answers that a browser keeps as a file and never runs."""

import flask


def attachment(content: bytes | str, name: str, kind: str) -> flask.Response:
    """A download under that name; `kind` is its media type."""
    response = flask.Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    # Whoever opens it in a window all the same gets no scripts, no forms and nothing of this origin.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
