"""Counts and times of requests for Prometheus. Labels name endpoints, never addresses: those hold ids."""

import time

import flask
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from shared import logs
from shared.web import access
from shared.web.host import host, visit

REQUESTS = Counter(
    "heed_http_requests_total", "Answered requests.", ["service", "endpoint", "method", "status"]
)
SECONDS = Histogram("heed_http_request_seconds", "Time to the answer.", ["service", "endpoint"])
_log = logs.get("web")
# Probes and files come by the thousand and say nothing.
_SILENT = {"health", "ready", "metrics", "static_file"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def install(app: flask.Flask) -> None:
    """Measure every request and serve `/<service>/metrics`."""
    service = app.extensions["heed"].service.name
    app.before_request(_start)
    app.after_request(_observe)
    app.add_url_rule(f"/{service}/metrics", "metrics", metrics, methods=["GET"])


@access.public(tenant=access.Tenant.NONE)
def metrics() -> flask.Response:
    """What was measured in this process."""
    return flask.Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _start() -> None:
    flask.g.started = time.perf_counter()


def _observe(response: flask.Response) -> flask.Response:
    service, endpoint = host().service.name, flask.request.endpoint or "none"
    method = flask.request.method if flask.request.method in _METHODS else "other"
    seconds = time.perf_counter() - flask.g.get("started", time.perf_counter())
    REQUESTS.labels(service, endpoint, method, str(response.status_code)).inc()
    SECONDS.labels(service, endpoint).observe(seconds)
    if endpoint not in _SILENT:
        _write_down(method, endpoint, response.status_code, seconds)
    return response


def _write_down(method: str, endpoint: str, status: int, seconds: float) -> None:
    actor = visit().actor
    _log.info(
        "request_answered",
        service=host().service.name,
        route=endpoint,
        method=method,
        status=status,
        actor_id=actor.id if actor else "",
        milliseconds=round(seconds * 1000),
    )
