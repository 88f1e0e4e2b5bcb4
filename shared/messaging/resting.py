"""While a service is rebuilt its live records wait."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from shared.errors import Unavailable
from shared.store.tables import lease

RESTING = "rebuild"
_RESTS = select(lease.c.holder).where(lease.c.name == RESTING, lease.c.until >= bindparam("now"))


class Resting(Unavailable):
    """Nothing is applied until the rebuild has ended."""


def rests(db: Connection, now: datetime) -> bool:
    """Whether a rebuild is running."""
    return db.execute(_RESTS, {"now": now}).first() is not None
