"""The OpenAPI 3.1 document of a service, as `make docs` writes it to `docs/api/<service>.json`."""

import json

import flask

from shared.web.api import document


def text_of(app: flask.Flask) -> str:
    """The document as it is kept in the repository: sorted, indented, with a final line break."""
    return json.dumps(document(app), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
