"""How far this service's knowledge of users and ended sessions is behind the front door's.

Asked of the bus at most every ten seconds and never for longer than a second: a request does not wait for a
bus that is away, it takes the replica for old."""

import threading
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import flask

from shared.clock import Clock
from shared.contracts.intake import SessionEnded
from shared.errors import HeedError

_EVERY = timedelta(seconds=10)
_PATIENCE = 1.0
_TOPICS = (SessionEnded.topic,)


class Standing(Protocol):
    """How far a group is behind on one topic."""

    @property
    def behind(self) -> int:
        """In records."""


class Bus(Protocol):
    """The one thing that is asked of the bus."""

    def standing(self, group: str, topics: Collection[str]) -> Sequence[Standing]:
        """How far the group is behind. Raises Unavailable."""


class Freshness:
    """Watches the topic of sessions for one service of one process."""

    def __init__(self, log: Bus, service: str, clock: Clock) -> None:
        self._log, self._service, self._clock = log, service, clock
        self._lock = threading.Lock()
        self._asked_at: datetime | None = None
        self._level_at = clock()
        self._level = False
        self._asking = False

    def lag(self) -> timedelta:
        """Nothing while the replica has all there is, else the time since it last had."""
        now = self._clock()
        if self._is_my_turn(now):
            asking = threading.Thread(target=self._ask, args=(now,), name="freshness", daemon=True)
            asking.start()
            asking.join(_PATIENCE)
        with self._lock:
            return timedelta(0) if self._level and not self._asking else now - self._level_at

    def _is_my_turn(self, now: datetime) -> bool:
        with self._lock:
            due = self._asked_at is None or abs(now - self._asked_at) >= _EVERY
            mine = due and not self._asking
            if mine:
                self._asked_at, self._asking = now, True
            return mine

    def _ask(self, now: datetime) -> None:
        try:
            level = not any(one.behind for one in self._log.standing(self._service, _TOPICS))
        except HeedError:
            level = False
        with self._lock:
            self._level, self._asking = level, False
            self._level_at = now if level else self._level_at


def install(app: flask.Flask) -> None:
    """Watch, where the process has a bus."""
    runtime = app.extensions["heed"]
    log = getattr(runtime, "log", None)
    if log is not None:
        app.extensions["heed_freshness"] = Freshness(log, runtime.service.name, runtime.clock)


def lag() -> timedelta:
    """How far the replica behind the current app is behind."""
    watch: Freshness | None = flask.current_app.extensions.get("heed_freshness")
    return watch.lag() if watch else timedelta(0)
