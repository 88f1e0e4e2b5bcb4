"""The one Flask factory: a service's blueprints below its name, with everything the kernel owes a page."""

from collections.abc import Sequence
from typing import Any

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.settings import Settings
from shared.web import (
    about,
    access,
    assets,
    csrf,
    freshness,
    headers,
    health,
    metrics,
    pace,
    pages,
    problems,
    templating,
    thread,
)
from shared.web.api import Api
from shared.web.host import Host

_PARTS = (templating, thread, metrics, headers, problems, pages, health, assets, about, freshness, pace)
LARGEST_UPLOAD = 20 * 1024 * 1024
_ROOM_FOR_THE_FORM = 1024 * 1024


def create_app(runtime: Host, also: Sequence[flask.Blueprint] = ()) -> flask.Flask:
    """The web side of one service, with blueprints that come `also` to every service.

    Blueprints whose `url_prefix` begins with `//` keep the rest as an absolute path (`//` is the root); all
    others lie below `/<service>`."""
    app = flask.Flask("shared.web", static_folder=None, template_folder=None)
    app.extensions["heed"] = runtime
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD + _ROOM_FOR_THE_FORM, MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024
    )
    _stand_behind_proxy(app, runtime.settings)
    for part in _PARTS:
        part.install(app)
    # Before anybody is looked up: a foreign page learns nothing, not even who is signed in.
    app.before_request(csrf.check_origin)
    app.before_request(access.enforce)
    app.after_request(csrf.remember)
    _mount(app, runtime.service.name, [*runtime.service.blueprints(), *also])
    return app


def _mount(app: flask.Flask, service: str, blueprints: Sequence[Any]) -> None:
    api = Api(app, service)
    for blueprint in blueprints:
        own = blueprint.url_prefix or ""
        prefix = own[1:].rstrip("/") if own.startswith("//") else f"/{service}{own}".rstrip("/")
        # Only the API library's blueprints take part in its document.
        if hasattr(blueprint, "arguments"):
            api.register_blueprint(blueprint, url_prefix=prefix)
        else:
            app.register_blueprint(blueprint, url_prefix=prefix or None)


def _stand_behind_proxy(app: flask.Flask, settings: Settings) -> None:
    # Where nobody stands before it, these headers would be a visitor's own words.
    if count := int(settings.gateways or 0):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=1, x_host=1)  # type: ignore[method-assign]
