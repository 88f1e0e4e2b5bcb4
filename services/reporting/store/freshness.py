"""How current the figures are: when the last fact was written down, and when reporting had it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.reporting.store import desk, tables
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Freshness:
    """The last fact that was counted; `behind` is how long it took from its service to here."""

    recorded_at: datetime
    heard_at: datetime
    count: int

    @property
    def behind(self) -> timedelta:
        """Never negative, though two machines' clocks may differ a little."""
        return max(self.heard_at - self.recorded_at, timedelta(0))


def note(tx: Transaction[Any], recorded_at: datetime, heard_at: datetime) -> None:
    """One more fact was heard that its service wrote down at that moment."""
    lines = desk.lines(tx, tables.heard, "latest")
    if not lines:
        lines.append({"recorded_at": recorded_at, "heard_at": heard_at, "count": 0})
    if recorded_at >= lines[0]["recorded_at"]:
        lines[0] |= {"recorded_at": recorded_at, "heard_at": heard_at}
    lines[0]["count"] += 1


def of(tx: Transaction[Any]) -> Freshness | None:
    """The authority's last fact; None before the first."""
    table = tables.heard
    query = select(table.c.recorded_at, table.c.heard_at, table.c.count).where(
        table.c.authority == tx.authority
    )
    row = tx.db.execute(query).one_or_none()
    return Freshness(*row) if row else None
