"""The operator's pages of every service: the records that wait, and whether facts travel. Ids and codes only,
no content.
"""

import flask

from shared.operations.pages import pages
from shared.runtime import Runtime


def open_web(runtime: Runtime) -> flask.Flask:
    """A service's web side with the operator's pages."""
    from shared.web.app import create_app

    return create_app(runtime, also=(pages,))
