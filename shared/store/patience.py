"""A PostgreSQL that stands still and says nothing (stopped, or behind a line that swallows everything) is
given up after a while: its own time limits do not reach us then, and nobody may wait for ever.
"""

import time
from typing import Any

import psycopg
from sqlalchemy import Engine, event

_CONNECT = 5
_PING = 5.0


class Patient(psycopg.Connection[Any]):
    """Gives up an answer that does not come within `longest` seconds, and itself with it."""

    longest = _PING

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As the driver's. Raises OperationalError."""
        began, longest = time.monotonic(), timeout or self.longest
        try:
            return super().wait(gen, interval, longest)
        except psycopg.OperationalError:
            if time.monotonic() - began >= longest:
                # An answer that came later would be taken for that to the next question.
                self.pgconn.finish()
            raise


def watch(engine: Engine) -> None:
    """Every connection of this engine is such a one; whoever takes it from the pool may set `longest`."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, given: Any, named: dict[str, Any]) -> Patient:
        return Patient.connect(*given, **{"connect_timeout": _CONNECT, **named})

    @event.listens_for(engine, "checkin")
    def _rest(connection: Any, _record: Any) -> None:
        # The next who takes it first asks whether the server is there at all. A broken one is None.
        if connection is not None:
            connection.longest = _PING
