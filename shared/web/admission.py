"""How many requests are at work and wait at once; whoever comes to a full house is told so at once.

A server that takes everything in answers nobody in time. Refusing costs next to nothing and happens before
anything was read or written, so what was refused was not half done, and what was taken in is finished."""

import threading
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import Counter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Longer than a slow page; the room is small, so nobody waits behind many.
PATIENCE = 2.0
_LATER = "5"
_ALWAYS = ("health", "ready", "metrics")

refused = Counter("heed_http_refused", "Requests turned away because too many were at work")

_JSON = b"""{"type": "about:blank", "title": "Heed is very busy", "status": 503,
"detail": "Nothing of this request was kept. Send it again in a few seconds."}
"""
# Whole in itself: what it would ask for comes from the process that is busy.
_PAGE = b"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heed is very busy - Heed</title>
<style>
body { margin: 0; background: #f1f5f9; color: #0b0c0c; font: 1.1875rem/1.32 Arial, sans-serif; }
header { background: #12436d; color: #fff; font-weight: 700; }
header, main { padding: 15px max(15px, 50% - 480px); }
h1 { margin: 30px 0; font-size: 2.25rem; line-height: 1.1; }
p { max-width: 640px; margin: 0 0 20px; }
header p { margin: 0; }
</style>
</head>
<body>
<header><p>Heed</p></header>
<main>
<h1>Heed is very busy</h1>
<p>Nothing of what you just sent was kept. Go back, where your answers still are, and send them again in a
few seconds.</p>
<p>If a child is in immediate danger, call 999.</p>
</main>
</body>
</html>
"""


class House:
    """So many places, and a line before them: a place that falls free goes to whoever waits longest.

    A semaphore gives it to who asks in that moment: under load some waited until their patience ended."""

    def __init__(self, places: int, room: int) -> None:
        self._free, self._room = places, room
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Whether there was a place, at once or after a wait; it must be left again."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            # Full is said at once: only as many may wait as are soon served.
            if len(self._line) >= self._room:
                return False
            turn = threading.Event()
            self._line.append(turn)
        return turn.wait(PATIENCE) or not self._gave_up(turn)

    def _gave_up(self, turn: threading.Event) -> bool:
        with self._lock:
            # Handed a place in the last moment, they have it.
            if turn.is_set():
                return False
            self._line.remove(turn)
            return True

    def leave(self) -> None:
        """Hand the place on."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1


class Admission:
    """Lets `at_work` requests in, lets `room` more wait for a moment, and turns the others away with 503.
    Health, readiness and metrics always pass: a busy process must not be taken for a dead one."""

    def __init__(self, app: "WSGIApplication", at_work: int, room: int) -> None:
        self._app, self._house = app, House(at_work, room)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The app's answer, or 503."""
        if environ.get("PATH_INFO", "").rsplit("/", 1)[-1] in _ALWAYS:
            return self._app(environ, start_response)
        if not self._house.enter():
            refused.inc()
            return _turn_away(environ, start_response)
        try:
            return _whole(self._app(environ, start_response))
        finally:
            self._house.leave()


def _whole(answer: Iterable[bytes]) -> list[bytes]:
    # The place is given back when this returns, so nothing may be left to be made.
    try:
        return list(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()


def _turn_away(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    json = "json" in environ.get("HTTP_ACCEPT", "") or "/api/" in environ.get("PATH_INFO", "")
    body, kind = (_JSON, "application/problem+json") if json else (_PAGE, "text/html; charset=utf-8")
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Retry-After", _LATER),
        ("Cache-Control", "no-store"),
        # What was not read of the request must not be taken for the next one.
        ("Connection", "close"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response("503 Service Unavailable", headers)
    return [body]
