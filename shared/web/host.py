"""What a web process stands on, and the state of one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import flask

from shared.actor import Actor
from shared.clock import Clock, new_id
from shared.replicas import Authority
from shared.service import Service
from shared.settings import Settings
from shared.store.database import Database
from shared.web.identity import Identity


class Host(Protocol):
    """The runtime of one service, as far as pages need it."""

    @property
    def service(self) -> Service:
        """The service that is served."""

    @property
    def settings(self) -> Settings:
        """The settings of the process."""

    @property
    def database(self) -> Database:
        """The service's own database."""

    @property
    def clock(self) -> Clock:
        """Where the time enters."""


@dataclass
class Visit:
    """One request: who, in whose name, and its thread. `actor` is None until the access rule let somebody
    in. `notices` say what may be missing on the page."""

    now: datetime
    correlation_id: str
    actor: Actor | None = None
    authority: Authority | None = None
    identity: Identity | None = None
    public: bool = False
    notices: Sequence[str] = ()


def host() -> Host:
    """The runtime behind the current app."""
    found: Host = flask.current_app.extensions["heed"]
    return found


def visit() -> Visit:
    """The state of the current request; made when first asked for."""
    if "visit" not in flask.g:
        flask.g.visit = Visit(host().clock(), new_id())
    found: Visit = flask.g.visit
    return found
