"""The JSON side: flask-smorest with our problem details, strict input, and documents that live in the
repository."""

from typing import Any

import flask
import flask_smorest
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema
from werkzeug.exceptions import HTTPException

from shared.web import problems


class Body(Schema):
    """The base of every schema of the API: a field that nobody knows is refused, not dropped."""

    class Meta:
        """Strict."""

        unknown = RAISE


class Api(flask_smorest.Api):  # type: ignore[misc]
    """One service's API. The OpenAPI document is served below `/<service>/api`."""

    def __init__(self, app: flask.Flask, service: str) -> None:
        super().__init__(
            spec_kwargs={
                "title": f"Heed: {service}",
                "version": "1",
                "openapi_version": "3.1.0",
                "info": {
                    "description": f"What {service} answers to programs. Sign-in is the session of the pages."
                },
            }
        )
        app.config.setdefault("ETAG_DISABLED", False)
        self.init_app(app)

    def handle_http_exception(self, error: HTTPException) -> ResponseReturnValue:
        """All errors are answered in one place."""
        return problems.from_http(error)


def document(app: flask.Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an app made by the factory."""
    api: Api = app.extensions["heed_api"]
    with app.app_context():
        found: dict[str, Any] = api.spec.to_dict()
    return found
