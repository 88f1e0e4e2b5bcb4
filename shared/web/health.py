"""Whether the process lives, and whether it can work."""

import flask
from sqlalchemy.exc import SQLAlchemyError

from shared.errors import Unavailable
from shared.web import access
from shared.web.host import host


def install(app: flask.Flask) -> None:
    """`/<service>/health` and `/<service>/ready`."""
    service = app.extensions["heed"].service.name
    app.add_url_rule(f"/{service}/health", "health", health, methods=["GET"])
    app.add_url_rule(f"/{service}/ready", "ready", ready, methods=["GET"])


@access.public(tenant=access.Tenant.NONE)
def health() -> flask.typing.ResponseReturnValue:
    """It answers."""
    return {"service": host().service.name, "status": "alive"}


@access.public(tenant=access.Tenant.NONE)
def ready() -> flask.typing.ResponseReturnValue:
    """It reaches its database. Raises Unavailable."""
    try:
        with host().database.plumbing(writing=False) as db:
            db.exec_driver_sql("SELECT 1")
    except SQLAlchemyError:
        raise Unavailable("The database does not answer. Look at its log, then try again.") from None
    return {"service": host().service.name, "status": "ready"}
