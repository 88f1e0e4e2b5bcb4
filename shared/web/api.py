"""The JSON side: flask-smorest with our problem details, strict input, and documents that live in the
repository."""

from typing import Any

import flask
import flask_smorest
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields
from werkzeug.exceptions import HTTPException

from shared.web import access, problems

_SESSION = {"type": "apiKey", "in": "cookie", "name": "heed-session"}


class Body(Schema):
    """The base of every schema of the API: a field that nobody knows is refused, not dropped."""

    class Meta:
        """Strict."""

        unknown = RAISE


class Problem(Schema):
    """Problem details (RFC 9457); `errors` maps the fields of the input to what is wrong with them."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    correlation_id = fields.String(required=True)
    errors = fields.Dict()


class Api(flask_smorest.Api):  # type: ignore[misc]
    """One service's API. The OpenAPI document is served below `/<service>/api`."""

    ERROR_SCHEMA = Problem

    def __init__(self, app: flask.Flask, service: str) -> None:
        super().__init__(
            spec_kwargs={
                "title": f"Heed: {service}",
                "version": "1",
                "openapi_version": "3.1.0",
                "security": [{"session": []}],
                "info": {
                    "description": f"What {service} answers to programs. Sign-in is the session of the pages."
                },
            }
        )
        self.init_app(app)
        self.spec.components.security_scheme("session", _SESSION)
        app.extensions["heed_api"] = self
        app.add_url_rule(f"/{service}/api/openapi.json", "openapi", openapi, methods=["GET"])

    def handle_http_exception(self, error: HTTPException) -> ResponseReturnValue:
        """All errors are answered in one place."""
        return problems.from_http(error)


@access.public(tenant=access.Tenant.NONE)
def openapi() -> flask.Response:
    """The document, for programs that read it."""
    return flask.jsonify(document(flask.current_app))


def document(app: flask.Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an app made by the factory."""
    api: Api = app.extensions["heed_api"]
    with app.app_context():
        found: dict[str, Any] = api.spec.to_dict()
    # The library writes application/json for errors, whatever they are sent as.
    for response in found.get("components", {}).get("responses", {}).values():
        if "content" in response:
            response["content"] = {problems.CONTENT_TYPE: response["content"]["application/json"]}
    return found
