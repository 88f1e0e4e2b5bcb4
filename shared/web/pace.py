"""How often one visitor may ask. Whoever asks more is told at once when to come back; nothing of the request
was read by then, so nothing of it is half done.

Each process counts by itself: with four of them a visitor may ask up to four times as often.
"""

import threading
from collections import OrderedDict
from math import ceil

import flask

from shared.errors import TooOften
from shared.web.host import visit

FORM, API = "form", "api"
_MINUTE, _AT_ONCE = 60.0, 0.001
# As many as a large region has visitors at once; whoever was quiet longest is forgotten first.
_MOST = 20_000


class Pace:
    """Lets each client ask a minute's worth at once, and after that evenly so many times a minute."""

    def __init__(self, per_minute: int, most: int = _MOST) -> None:
        self._every, self._most = _MINUTE / per_minute, most
        # Until when all that a client asked is used up.
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, client: str, now: float) -> float:
        """Seconds until it may ask again; 0 when it may now, which then counts."""
        with self._lock:
            until = max(self._until.pop(client, now), now) + self._every
            too_early = until - now - _MINUTE
            self._until[client] = until - self._every if too_early > _AT_ONCE else until
            while len(self._until) > self._most:
                self._until.popitem(last=False)
        return too_early if too_early > _AT_ONCE else 0.0


def install(app: flask.Flask) -> None:
    """A pace for each door that has one."""
    settings = app.extensions["heed"].settings
    given = {FORM: settings.pace_form, API: settings.pace_api}
    app.extensions["heed_pace"] = {door: Pace(pace) for door, pace in given.items() if pace}


def check(door: str, client: str) -> None:
    """Raises TooOften."""
    pace: Pace | None = flask.current_app.extensions["heed_pace"].get(door)
    seconds = pace.wait(client, visit().now.timestamp()) if pace else 0.0
    if seconds:
        raise TooOften(ceil(seconds))


def address() -> str:
    """Where the request came from. A gateway's word for it is believed only where settings say that one
    stands before Heed: everybody else could give themselves a new address each time.
    """
    return flask.request.remote_addr or "nowhere"
