"""From the outbox to the bus: at least once, in order of writing, by one active relay per database."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, select

from shared.clock import new_id
from shared.messaging.ports import Log, Message
from shared.store.database import Database
from shared.store.dialect import upsert
from shared.store.publication import journal_place
from shared.store.tables import journal, lease, outbox

BATCH = 200
TERM = timedelta(seconds=3)


class Relay:
    """Holds the lease, publishes, and deletes exactly the pointers it published: a lower position may commit
    later.
    """

    def __init__(self, database: Database, log: Log) -> None:
        self._database, self._log = database, log
        self._holder = new_id()

    def run_once(self) -> int:
        """Publish one batch. Returns how many; 0 also while another relay is active. Raises Unavailable."""
        # Looked up without a write lock: an idle service must not keep people out of a SQLite file.
        if not self._has_work():
            return 0
        with self._database.plumbing() as db:
            if not self._take_lease(db):
                return 0
            batch = self._batch(db)
        # No transaction is open here: a slow bus must not hold a lock on the database.
        self._log.append([message for _, message in batch])
        with self._database.plumbing() as db:
            # By position, not up to one: a lower number may be committed after a higher one.
            db.execute(delete(outbox).where(outbox.c.position.in_([position for position, _ in batch])))
        return len(batch)

    def waiting(self) -> tuple[int, float]:
        """How many facts wait for the bus, and the age of the oldest in seconds."""
        with self._database.plumbing(writing=False) as db:
            count, oldest = db.execute(select(func.count(), func.min(outbox.c.since))).one()
        age = (self._database.tools.clock() - oldest).total_seconds() if oldest else 0.0
        return count, age

    def _has_work(self) -> bool:
        with self._database.plumbing(writing=False) as db:
            return db.execute(select(outbox.c.position).limit(1)).first() is not None

    def _take_lease(self, db: Connection) -> bool:
        now = self._database.tools.clock()
        row = {"name": "relay", "holder": self._holder, "token": 1, "until": now + TERM}
        statement = upsert(db, lease, [row])
        taken = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": self._holder, "until": now + TERM, "token": lease.c.token + 1},
            where=(lease.c.holder == self._holder) | (lease.c.until < now),
        ).returning(lease.c.holder)
        return db.execute(taken).first() is not None

    def _batch(self, db: Connection) -> list[tuple[int, Message]]:
        query = (
            select(outbox.c.position.label("place_in_line"), journal)
            .join(journal, journal.c.event_id == outbox.c.event_id)
            .order_by(outbox.c.position)
            .limit(BATCH)
        )
        tools = self._database.tools
        found = []
        for row in db.execute(query):
            place = f"{tools.service}/{journal_place(row.event_id)}"
            value = tools.vault.open(row.authority, place, row.body)
            found.append((row.place_in_line, Message(row.topic, row.key, value)))
        return found
