"""How current the figures are: when the last fact was written down, when reporting had it, and whether
somebody is counting at all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.reporting.store import tables
from services.reporting.store.writing import write
from shared.store.transaction import Transaction

BEAT = timedelta(seconds=15)
SILENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Freshness:
    """The last fact that was counted; `behind` is how long it took from its service to here.

    `seen_at` is the last sign of the worker that counts.
    """

    recorded_at: datetime
    heard_at: datetime
    count: int
    seen_at: datetime | None = None

    @property
    def behind(self) -> timedelta:
        """Never negative, though two machines' clocks may differ a little."""
        return max(self.heard_at - self.recorded_at, timedelta(0))

    def is_silent(self, now: datetime) -> bool:
        """Whether nobody seems to be counting, so that the figures may be old."""
        return self.seen_at is None or now - self.seen_at > SILENT


def note(tx: Transaction[Any], recorded_at: datetime, heard_at: datetime) -> None:
    """One more fact was heard that its service wrote down at that moment."""
    write(tx, tables.heard, "latest", [{"recorded_at": recorded_at, "heard_at": heard_at, "count": 1}])


def of(tx: Transaction[Any]) -> Freshness | None:
    """The authority's last fact; None before the first."""
    table = tables.heard
    query = select(table.c.recorded_at, table.c.heard_at, table.c.count).where(
        table.c.authority == tx.authority
    )
    row = tx.db.execute(query).one_or_none()
    return Freshness(*row, seen_at=_seen_at(tx)) if row else None


def is_due(tx: Transaction[Any]) -> bool:
    """Whether the worker should give a sign again."""
    seen = _seen_at(tx)
    return seen is None or tx.recorded_at - seen >= BEAT


def beat(tx: Transaction[Any]) -> None:
    """The worker is here."""
    write(tx, tables.pulse, "replace", [{"at": tx.recorded_at}])


def _seen_at(tx: Transaction[Any]) -> datetime | None:
    query = select(tables.pulse.c.at).where(tables.pulse.c.authority == tx.authority)
    return tx.db.execute(query).scalar_one_or_none()
