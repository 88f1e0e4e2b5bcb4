"""When each part that a service works with was last well: its worker notes it, pages and operators read it.

A page cannot ask the bus while somebody waits, and must not be silent about what it cannot know.
"""

import threading
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from shared.clock import Clock
from shared.store.database import Database
from shared.store.dialect import upsert
from shared.store.tables import vital

# Everything that others published was heard; everything published here is on the bus; the service's own
# outside (its index) answers.
HEARD, SENT, OUTSIDE = "heard", "sent", "outside"
BEAT = timedelta(seconds=10)
# Longer than a worker takes to start; shorter than somebody takes to decide upon what a page shows.
LATE = timedelta(seconds=60)


class Vitals:
    """What one worker knows. Its threads note, one of them writes."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._well: dict[str, datetime] = {}
        self._kept_at: datetime | None = None

    def note(self, part: str, at: datetime) -> None:
        """It was well then."""
        with self._lock:
            self._well[part] = max(at, self._well.get(part, at))

    def is_due(self) -> bool:
        """Whether the last was written long enough ago; a clock that was set back counts as long enough."""
        return self._kept_at is None or abs(self._clock() - self._kept_at) >= BEAT

    def keep(self, database: Database) -> None:
        """Write what was noted."""
        self._kept_at = self._clock()
        with self._lock:
            rows = [{"part": part, "well_at": at} for part, at in sorted(self._well.items())]
        with database.plumbing() as db:
            statement = upsert(db, vital, rows)
            changed = {"well_at": statement.excluded.well_at}
            db.execute(statement.on_conflict_do_update(index_elements=["part"], set_=changed))


def all_of(db: Connection) -> dict[str, datetime]:
    """When each part was last well."""
    return {row.part: row.well_at for row in db.execute(select(vital))}


def late(known: dict[str, datetime], now: datetime) -> dict[str, datetime]:
    """Those that have not been well for a minute."""
    return {part: at for part, at in known.items() if now - at > LATE}
