"""The owners' journals, said again for one service that is filled anew.

Each owner has a topic for each service that may ask this of it, `heed.<owner>.rebuild.<service>`. The
journals go over them side by side, in the order in which their facts were written, a batch at a time: it is
appended, read and removed again, so that no copy stays on the bus that an erasure in a journal cannot reach.
"""

import heapq
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from shared.clock import new_id
from shared.contracts.message import Envelope, Origin, decode, encode
from shared.errors import Refused
from shared.messaging.ports import Fenced, Log, Message, Reader, Record, Stuck
from shared.runtime import Runtime
from shared.store import tables
from shared.store.publication import journal_place

_PAGE = 500
# Seconds in which something of a batch must arrive; the first one waits until a group has formed.
PATIENCE = 30.0

_SO_FAR = select(func.coalesce(func.max(tables.journal.c.position), 0), func.count())
_NEXT = (
    select(tables.journal.c.position, *(tables.journal.c[one] for one in ("event_id", "authority", "body")))
    .where(tables.journal.c.position > bindparam("after"), tables.journal.c.position <= bindparam("until"))
    .order_by(tables.journal.c.position)
    .limit(_PAGE)
)


def topic_of(owner: str, listener: str) -> str:
    """Where an owner says its journal again for one who listens."""
    return f"heed.{owner}.rebuild.{listener}"


@dataclass(frozen=True)
class Journal:
    """What an owner has published so far."""

    owner: Runtime
    until: int
    facts: int

    @classmethod
    def of(cls, owner: Runtime) -> "Journal":
        """As it is now; what is published later comes as it always does."""
        with owner.database.plumbing(writing=False) as db:
            until, facts = db.execute(_SO_FAR).one()
        return cls(owner, until, facts)

    def told(self, topic: str) -> Iterator[tuple[Envelope, str]]:
        """Its facts as a rebuild says them, each with its topic, in the order of writing; a page in memory at
        a time.
        """
        after = 0
        while rows := self._page(after):
            after = rows[-1].position
            yield from ((self._fact(row), topic) for row in rows)

    def _page(self, after: int) -> Sequence[Row[Any]]:
        with self.owner.database.plumbing(writing=False) as db:
            return db.execute(_NEXT, {"after": after, "until": self.until}).all()

    def _fact(self, row: Row[Any]) -> Envelope:
        tools = self.owner.database.tools
        place = f"{tools.service}/{journal_place(row.event_id)}"
        return replace(decode(tools.vault.open(row.authority, place, row.body)), origin=Origin.REBUILD)


@dataclass(frozen=True)
class Republished:
    """The journals of all owners on their way to one listener."""

    log: Log
    reader: Reader
    journals: dict[str, Journal]
    patience: float

    @property
    def facts(self) -> int:
        """How many they hold in all."""
        return sum(one.facts for one in self.journals.values())

    def batches(self, size: int) -> Iterator[Sequence[Envelope]]:
        """All facts as they arrive. Raises Refused when some do not, Unavailable."""
        # Side by side, so that little is heard before what it speaks of.
        facts = heapq.merge(
            *(journal.told(topic) for topic, journal in self.journals.items()),
            key=lambda told: told[0].recorded_at,
        )
        while batch := list(islice(facts, size)):
            self.log.append([Message(topic, one.key, encode(one)) for one, topic in batch])
            yield self._arrived([one.id for one, _ in batch])
            self.log.forget(self.journals)

    def _arrived(self, ids: Sequence[str]) -> Sequence[Envelope]:
        found: dict[str, Envelope] = {}
        missing, until = set(ids), time.monotonic() + self.patience
        while missing:
            for record in self._polled(len(missing)):
                envelope = decode(record.value)
                found[envelope.id] = envelope
                missing.discard(envelope.id)
                until = time.monotonic() + self.patience
            if time.monotonic() > until:
                raise Refused("The journals did not arrive whole on the bus; start the rebuild again.")
        # As they were written: they come over several topics and partitions.
        return [found[one] for one in ids]

    def _polled(self, limit: int) -> Sequence[Record]:
        try:
            records = self.reader.poll(1.0, limit)
            self.reader.commit()
        except (Fenced, Stuck):
            raise Refused("The bus has lost this rebuild; start it again.") from None
        return records


@contextmanager
def republished(
    owners: Sequence[Runtime], listener: str, log: Log, patience: float = PATIENCE
) -> Iterator[Republished]:
    """The journals as they are now, for one listener. What an earlier rebuild that died left on the way is
    removed first.
    """
    journals = {topic_of(owner.name, listener): Journal.of(owner) for owner in owners}
    log.ensure(journals)
    log.forget(journals)
    with closing(log.reader(f"{listener}-rebuild-{new_id()}", journals, "rebuild")) as reader:
        try:
            yield Republished(log, reader, journals, patience)
        finally:
            # Also when it failed in the middle of a batch.
            log.forget(journals)
