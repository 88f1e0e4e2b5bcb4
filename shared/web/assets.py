"""Style and script files: their address holds a digest of them all, so browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

import flask

from shared.web import access
from shared.web.host import host

FOLDER = Path(__file__).with_name("static")
_ONE_YEAR = 365 * 24 * 3600


def install(app: flask.Flask) -> None:
    """Serve them below the service, and let templates name them by `asset()`."""
    service = app.extensions["heed"].service.name
    app.add_url_rule(f"/{service}/static/<version>/<path:name>", "static_file", static_file, methods=["GET"])
    app.jinja_env.globals["asset"] = asset


@access.public(tenant=access.Tenant.NONE)
def static_file(version: str, name: str) -> flask.Response:
    """A file; an outdated address still answers, but is not kept."""
    response = flask.send_from_directory(FOLDER, name, max_age=_ONE_YEAR, conditional=True)
    # A page that is open during an update still finds its files.
    current = version == digest()
    response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable" if current else "no-cache"
    return response


def asset(name: str) -> str:
    """The address of a file."""
    if not (FOLDER / name).is_file():
        raise FileNotFoundError(name)
    return f"/{host().service.name}/static/{digest()}/{name}"


@cache
def digest() -> str:
    """What all files together amount to."""
    sum_ = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            sum_.update(path.name.encode() + b"\0" + path.read_bytes())
    return sum_.hexdigest()[:12]
