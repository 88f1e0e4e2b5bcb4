"""Several services on one address: the first part of the path says which one answers."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FRONT_DOOR = "intake"


def compose(apps: Mapping[str, flask.Flask], front_door: str = FRONT_DOOR) -> "WSGIApplication":
    """One WSGI application; what no service owns by name (`/`, `/refer/…`) is the front door's.

    Addresses are passed on as they are, because each service's routes carry its name.
    """
    # Nothing is moved to SCRIPT_NAME, as a mounted app would want it.
    fallback = apps.get(front_door) or next(iter(apps.values()))

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        first = environ.get("PATH_INFO", "/").split("/")[1:2]
        return apps.get(first[0] if first else "", fallback)(environ, start_response)

    return answer
