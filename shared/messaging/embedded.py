"""The durable SQLite log: the embedded run's bus, held to the same suite as Kafka.

Several processes may use one file. WAL with FULL: what was appended survives a power cut. Membership is
leased: a member that has not been heard of for `SESSION` seconds loses its partitions, and its commits are
refused by token and generation.
"""

import sqlite3
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from shared.errors import Unavailable
from shared.messaging.ports import Fenced, Message, Record, Standing, Use
from shared.store.database import Signal

PARTITIONS = 6
SESSION = 6.0
KEPT_SECONDS = 30 * 86_400
_BEAT = 1.0
_LOOK = 0.05

_SCHEMA = """
CREATE TABLE IF NOT EXISTS head (topic TEXT, partition INTEGER, next INTEGER, PRIMARY KEY (topic, partition))
WITHOUT ROWID; CREATE TABLE IF NOT EXISTS record (topic TEXT, partition INTEGER, offset INTEGER, key TEXT,
value BLOB, at REAL,
    PRIMARY KEY (topic, partition, offset));
CREATE TABLE IF NOT EXISTS team (name TEXT PRIMARY KEY, generation INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS member (team TEXT, name TEXT, token TEXT, seen REAL, PRIMARY KEY (team, name))
WITHOUT ROWID; CREATE TABLE IF NOT EXISTS position (team TEXT, topic TEXT, partition INTEGER, next INTEGER,
    PRIMARY KEY (team, topic, partition)) WITHOUT ROWID;
"""

Place = tuple[str, int]


class EmbeddedLog:
    """A `Log` in one SQLite file."""

    def __init__(self, path: str | Path, now: Callable[[], float] = time.time) -> None:
        self._path = str(path)
        self.now = now
        self.appended = Signal()
        self._lock = threading.Lock()
        self._db = self.connect()
        self._db.executescript(_SCHEMA)

    def connect(self) -> sqlite3.Connection:
        """A connection of one's own; closed by whoever asked."""
        try:
            db = sqlite3.connect(self._path, timeout=15, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
                db.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError:
            raise Unavailable(
                "The bus file cannot be opened: check HEED_BUS_URL and the rights on its folder."
            ) from None
        return db

    def ensure(self, topics: Collection[str]) -> None:
        """Create missing topics; forget what is older than a topic keeps."""
        rows = [(topic, partition) for topic in topics for partition in range(PARTITIONS)]
        with self._lock, writing(self._db):
            self._db.executemany("INSERT OR IGNORE INTO head VALUES (?, ?, 0)", rows)
            self._db.execute("DELETE FROM record WHERE at < ?", (self.now() - KEPT_SECONDS,))

    def check(self, use: Use) -> None:
        """Readers make what they read; what is written must be there."""
        with self._lock:
            there = {topic for (topic,) in self._db.execute("SELECT DISTINCT topic FROM head")}
        if use.writes - there:
            raise Unavailable("Topics are missing on the bus: run `heed migrate`.")

    def append(self, messages: Sequence[Message]) -> None:
        """One durable transaction for all of them."""
        by_place: dict[Place, list[Message]] = defaultdict(list)
        for message in messages:
            by_place[message.topic, partition_of(message.key)].append(message)
        with self._lock, writing(self._db):
            for place, group in by_place.items():
                self._append(place, group)
        self.appended.notify()

    def _append(self, place: Place, group: Sequence[Message]) -> None:
        found = self._db.execute(
            "UPDATE head SET next = next + ? WHERE topic = ? AND partition = ? RETURNING next",
            (len(group), *place),
        ).fetchone()
        if found is None:
            raise Unavailable("That topic does not exist yet: run `heed migrate`.")
        first, at = found[0] - len(group), self.now()
        # Offsets come from the head, not from the rows: they go on after old records were forgotten.
        rows = [(*place, first + index, one.key, one.value, at) for index, one in enumerate(group)]
        self._db.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget(self, topics: Collection[str]) -> None:
        """At once."""
        with self._lock, writing(self._db):
            self._db.executemany("DELETE FROM record WHERE topic = ?", [(topic,) for topic in topics])

    def reader(self, group: str, topics: Collection[str], member: str) -> "EmbeddedReader":
        """Join a group."""
        return EmbeddedReader(self, group, topics, member)

    def standing(self, group: str, topics: Collection[str]) -> Sequence[Standing]:
        """Appended minus committed, per topic."""
        with self._lock:
            rows = self._db.execute(
                "SELECT h.topic, SUM(h.next - COALESCE(p.next, 0)) FROM head h LEFT JOIN position p"
                " ON p.team = ? AND p.topic = h.topic AND p.partition = h.partition GROUP BY h.topic",
                (group,),
            ).fetchall()
        return [Standing(topic, behind) for topic, behind in rows if topic in topics]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


class EmbeddedReader:
    """A member of a group on the SQLite log."""

    def __init__(self, log: EmbeddedLog, group: str, topics: Collection[str], member: str) -> None:
        self._log, self._group, self._member = log, group, member
        self._topics = sorted(topics)
        self._token = uuid4().hex
        self._db = log.connect()
        # How far it is need not survive a power cut: what is read again is known again. To flush the file for
        # that would hold its lock, for which all others wait, a hundred times as long.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._generation = -1
        self._beaten = float("-inf")
        self._positions: dict[Place, int] = {}
        log.ensure(topics)
        self._beat()

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Fair over partitions: each gets its share of the limit."""
        deadline = time.monotonic() + timeout
        while True:
            seen, version = self._log.appended.count, self._version()
            if self._log.now() - self._beaten > _BEAT:
                self._beat()
            self._reassign()
            records = self._fetch(limit)
            left = deadline - time.monotonic()
            if records or left <= 0:
                return records
            self._wait(seen, version, min(left, 0.25))

    def commit(self) -> None:
        """Only while the partitions are still this member's."""
        with writing(self._db):
            self._check_still_member()
            self._db.executemany(
                "INSERT INTO position VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET next = excluded.next",
                [
                    (self._group, topic, partition, offset)
                    for (topic, partition), offset in self._positions.items()
                ],
            )

    def close(self) -> None:
        """Leave at once, so that others need not wait for the lease to end."""
        with writing(self._db):
            gone = self._db.execute(
                "DELETE FROM member WHERE team = ? AND name = ? AND token = ?",
                (self._group, self._member, self._token),
            ).rowcount
            if gone:
                self._next_generation()
        self._db.close()

    def _wait(self, seen: int, version: int, longest: float) -> None:
        # The signal is this process's; data_version shows what other processes appended.
        until = time.monotonic() + longest
        while (left := until - time.monotonic()) > 0:
            self._log.appended.wait(seen, min(left, _LOOK))
            if self._log.appended.count != seen or self._version() != version:
                return

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _beat(self) -> None:
        now = self._log.now()
        with writing(self._db):
            before = self._names()
            self._db.execute("DELETE FROM member WHERE team = ? AND seen < ?", (self._group, now - SESSION))
            self._db.execute(
                "INSERT INTO member VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET seen = excluded.seen,"
                # Only a newcomer takes the name over; a member that was thrown out must not slip back in.
                " token = CASE WHEN ? THEN excluded.token ELSE token END",
                (self._group, self._member, self._token, now, self._generation < 0),
            )
            if self._names() != before:
                self._next_generation()
        self._beaten = now

    def _names(self) -> list[tuple[str, str]]:
        return self._db.execute(
            "SELECT name, token FROM member WHERE team = ? ORDER BY name", (self._group,)
        ).fetchall()

    def _next_generation(self) -> None:
        self._db.execute(
            "INSERT INTO team VALUES (?, 1) ON CONFLICT DO UPDATE SET generation = generation + 1",
            (self._group,),
        )

    def _check_still_member(self) -> None:
        mine = (self._member, self._token) in self._names()
        if not mine or self._team_generation() != self._generation:
            raise Fenced

    def _team_generation(self) -> int:
        row = self._db.execute("SELECT generation FROM team WHERE name = ?", (self._group,)).fetchone()
        return int(row[0]) if row else 0

    def _reassign(self) -> None:
        generation = self._team_generation()
        if generation == self._generation:
            return
        names = self._names()
        self._generation = generation
        if (self._member, self._token) not in names:
            self._positions = {}
            return
        turn = names.index((self._member, self._token))
        # Every member computes the same list and takes its own turns: nobody has to lead.
        places = [(topic, number) for topic in self._topics for number in range(PARTITIONS)]
        known = {
            (topic, partition): offset
            for topic, partition, offset in self._db.execute(
                "SELECT topic, partition, next FROM position WHERE team = ?", (self._group,)
            )
        }
        mine = [place for index, place in enumerate(places) if index % len(names) == turn]
        self._positions = {place: known.get(place, 0) for place in mine}

    def _fetch(self, limit: int) -> Sequence[Record]:
        heads = self._db.execute("SELECT topic, partition, next FROM head").fetchall()
        news = {
            (topic, part): head
            for topic, part, head in heads
            if self._positions.get((topic, part), head) < head
        }
        records: list[Record] = []
        for turn, (place, head) in enumerate(news.items()):
            # One busy topic must not starve the others of a batch.
            share = max(1, (limit - len(records)) // (len(news) - turn))
            rows = self._db.execute(
                "SELECT topic, partition, offset, key, value FROM record"
                " WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?",
                (*place, self._positions[place], share),
            ).fetchall()
            records += [Record(*row) for row in rows]
            # No rows below the head: they were older than a topic keeps.
            self._positions[place] = rows[-1][2] + 1 if rows else head
            if len(records) >= limit:
                break
        return records


def partition_of(key: str) -> int:
    """Where a key lives, for ever."""
    # Not `hash()`: that differs from process to process.
    return zlib.crc32(key.encode()) % PARTITIONS


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """A write transaction; a file that stays locked or full is Unavailable."""
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        raise Unavailable("The bus file is locked or its disk is full.") from None
    try:
        yield
        db.execute("COMMIT")
    except BaseException as problem:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if isinstance(problem, sqlite3.OperationalError):
            raise Unavailable("The bus file is locked or its disk is full.") from None
        raise
