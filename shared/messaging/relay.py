"""From the outbox to the bus: at least once, in order of writing, by one active relay per database."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, Executable, bindparam, delete, func, select

from shared.messaging.ports import Log, Message
from shared.store.database import Database
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of
from shared.store.publication import journal_place
from shared.store.tables import journal, lease, outbox

BATCH = 200
TERM = timedelta(seconds=3)
# So much of its term a relay must have before it when it begins to send; as long as it has more it does not
# renew, which would be a transaction that writes.
LEFT = timedelta(seconds=2.5)
_ANY = select(outbox.c.position).limit(1)
_HELD = select(lease.c.holder).where(
    lease.c.name == "relay", lease.c.holder == bindparam("holder"), lease.c.until > bindparam("least")
)
_FIRST = (
    select(outbox.c.position.label("place_in_line"), journal)
    .join(journal, journal.c.event_id == outbox.c.event_id)
    .order_by(outbox.c.position)
    .limit(BATCH)
)
# By position, not up to one: a lower number may be committed after a higher one.
_SENT = delete(outbox).where(one_of(outbox.c.position, "positions"))


@spelled
def _taking(make: Insert) -> Executable:
    new = make(lease)
    return new.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": new.excluded.holder, "until": new.excluded.until, "token": lease.c.token + 1},
        where=lease.c.holder.startswith(bindparam("mine")) | (lease.c.until < bindparam("now")),
    ).returning(lease.c.holder)


class Relay:
    """Holds the lease, publishes, and deletes exactly the pointers it published: a lower position may commit
    later.
    """

    def __init__(self, database: Database, log: Log, member: str = "") -> None:
        self._database, self._log = database, log
        # A digest, so that a long name fits the column.
        worker = f"{hashlib.sha256(member.encode()).hexdigest()[:24]}/" if member else ""
        self._holder = f"{worker}{secrets.token_hex(8)}"
        # At its first turn also what its worker held in an earlier life, which a kill did not let it give
        # back.
        self._mine = worker or self._holder

    def run_once(self) -> int:
        """Publish one batch. Returns how many; 0 also while another relay is active. Raises Unavailable."""
        batch = self._due()
        if not batch:
            return 0
        # No transaction is open here: a slow bus must not hold a lock on the database.
        self._log.append([message for _, message in batch])
        # Forgotten, it is sent again, as after a crash just before this: readers drop repeats.
        with self._database.plumbing(lasting=False) as db:
            db.execute(_SENT, {"positions": [position for position, _ in batch]})
        return len(batch)

    def waiting(self) -> tuple[int, float]:
        """How many facts wait for the bus, and the age of the oldest in seconds."""
        with self._database.plumbing(writing=False) as db:
            count, oldest = db.execute(select(func.count(), func.min(outbox.c.since))).one()
        age = (self._database.tools.clock() - oldest).total_seconds() if oldest else 0.0
        return count, age

    def unsent_since(self) -> datetime | None:
        """Since when the oldest fact waits for the bus; None when none waits."""
        with self._database.plumbing(writing=False) as db:
            oldest = select(outbox.c.since).order_by(outbox.c.position).limit(1)
            return db.execute(oldest).scalar_one_or_none()

    def _due(self) -> list[tuple[int, Message]]:
        # Looked up without a write lock: an idle service must not keep people out of a SQLite file.
        with self._database.plumbing(writing=False) as db:
            if db.execute(_ANY).first() is None:
                return []
            if self._holds_lease(db):
                return self._batch(db)
        with self._database.plumbing() as db:
            return self._batch(db) if self._take_lease(db) else []

    def _holds_lease(self, db: Connection) -> bool:
        least = self._database.tools.clock() + LEFT
        return db.execute(_HELD, {"holder": self._holder, "least": least}).first() is not None

    def _take_lease(self, db: Connection) -> bool:
        now = self._database.tools.clock()
        row = {"name": "relay", "holder": self._holder, "token": 1, "until": now + TERM}
        held = db.execute(_taking(db), row | {"mine": self._mine, "now": now}).first() is not None
        if held:
            self._mine = self._holder
        return held

    def _batch(self, db: Connection) -> list[tuple[int, Message]]:
        tools = self._database.tools
        found = []
        for row in db.execute(_FIRST).all():
            place = f"{tools.service}/{journal_place(row.event_id)}"
            value = tools.vault.open(row.authority, place, row.body)
            found.append((row.place_in_line, Message(row.topic, row.key, value)))
        return found
