"""A bus in memory that misbehaves on request: the third adapter of the `Log` port, held to the same suite.

All that several processes would share is in a `Broker`; each process has a `SimulatedLog` of its own, so that
faults know whose call they meet. Without faults it keeps every promise of the port.
"""

import threading
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.errors import Unavailable
from shared.messaging.ports import Fenced, Message, Record, Standing, Use
from shared.store.database import Signal

PARTITIONS = 2

Place = tuple[str, int]


class Faults(Protocol):
    """What may go wrong at each call."""

    def appending(self, messages: Sequence[Message], land: Callable[[Sequence[Message]], None]) -> None:
        """Let them land as it pleases. Raises Unavailable when it does not say whether they did."""

    def polling(self) -> None:
        """Before records are handed out. Raises Unavailable."""

    def committing(self, move: Callable[[], None]) -> None:
        """Let the position move, or not. Raises Fenced or Unavailable."""


class NoFaults:
    """A bus that keeps its word."""

    def appending(self, messages: Sequence[Message], land: Callable[[Sequence[Message]], None]) -> None:
        """They land."""
        land(messages)

    def polling(self) -> None:
        """Nothing is in the way."""

    def committing(self, move: Callable[[], None]) -> None:
        """It moves."""
        move()


@dataclass
class Group:
    """The members of one group by name with their tokens, and how far each partition was read."""

    members: dict[str, int] = field(default_factory=dict)
    positions: dict[Place, int] = field(default_factory=dict)
    generation: int = 0


class Broker:
    """Topics and groups, shared by all processes; `wait` passes the time of a poll that finds nothing."""

    def __init__(self, wait: Callable[[int, float], None] | None = None) -> None:
        self.records: dict[Place, list[Record]] = {}
        self.starts: dict[Place, int] = {}
        self.groups: dict[str, Group] = {}
        self.lock = threading.RLock()
        self.appended = Signal()
        self.wait = wait or self.appended.wait
        self._tokens = 0

    def token(self) -> int:
        """One that nobody else has."""
        self._tokens += 1
        return self._tokens

    def land(self, messages: Sequence[Message]) -> None:
        """Behind all that is there."""
        with self.lock:
            for one in messages:
                place = one.topic, partition_of(one.key)
                if place not in self.records:
                    raise Unavailable("That topic does not exist yet: run `heed migrate`.")
                found = self.records[place]
                found.append(Record(*place, len(found), one.key, one.value))
        self.appended.notify()

    def rebalance(self, group: str) -> None:
        """Every member has to take its partitions anew; what it holds it cannot commit."""
        self.groups[group].generation += 1


class SimulatedLog:
    """One process's way to the broker."""

    def __init__(self, broker: Broker, faults: Faults | None = None) -> None:
        self._broker, self.faults = broker, faults or NoFaults()

    def ensure(self, topics: Collection[str]) -> None:
        """Create missing topics."""
        with self._broker.lock:
            for topic in topics:
                for number in range(PARTITIONS):
                    self._broker.records.setdefault((topic, number), [])

    def check(self, use: Use) -> None:
        """What is written must be there."""
        if use.writes - {topic for topic, _ in self._broker.records}:
            raise Unavailable("Topics are missing on the simulated bus.")

    def append(self, messages: Sequence[Message]) -> None:
        """Unless a fault has it otherwise."""
        self.faults.appending(messages, self._broker.land)

    def forget(self, topics: Collection[str]) -> None:
        """Whatever lies before the end is handed to nobody any more."""
        with self._broker.lock:
            ends = {place: len(found) for place, found in self._broker.records.items() if place[0] in topics}
            self._broker.starts |= ends

    def reader(self, group: str, topics: Collection[str], member: str) -> "SimulatedReader":
        """Join a group."""
        self.ensure(topics)
        return SimulatedReader(self._broker, self.faults, group, sorted(topics), member)

    def standing(self, group: str, topics: Collection[str]) -> Sequence[Standing]:
        """Appended minus committed."""
        known = self._broker.groups.get(group, Group()).positions
        return [
            Standing(topic, sum(self._behind(known, (topic, number)) for number in range(PARTITIONS)))
            for topic in sorted(topics)
        ]

    def _behind(self, known: dict[Place, int], place: Place) -> int:
        return len(self._broker.records.get(place, ())) - known.get(place, 0)

    def close(self) -> None:
        """There is nothing to let go of."""


class SimulatedReader:
    """A member of a group."""

    def __init__(
        self, broker: Broker, faults: Faults, group: str, topics: Sequence[str], member: str
    ) -> None:
        self._broker, self._faults, self._topics, self._member = broker, faults, topics, member
        self._group = broker.groups.setdefault(group, Group())
        self._token = broker.token()
        self._generation = -1
        self._positions: dict[Place, int] = {}
        with broker.lock:
            self._group.members[member] = self._token
            self._group.generation += 1

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """What is new in this member's partitions, partition after partition."""
        self._faults.polling()
        seen = self._broker.appended.count
        records = self._fetch(limit)
        if not records and timeout > 0:
            self._broker.wait(seen, timeout)
            records = self._fetch(limit)
        return records

    def commit(self) -> None:
        """Only while the partitions are still this member's."""
        self._faults.committing(self._move)

    def close(self) -> None:
        """Leave at once."""
        with self._broker.lock:
            if self._is_member():
                del self._group.members[self._member]
                self._group.generation += 1

    def _is_member(self) -> bool:
        return self._group.members.get(self._member) == self._token

    def _move(self) -> None:
        with self._broker.lock:
            if not self._is_member() or self._group.generation != self._generation:
                raise Fenced
            self._group.positions.update(self._positions)

    def _reassign(self) -> None:
        if self._generation == self._group.generation:
            return
        self._generation = self._group.generation
        names = sorted(self._group.members)
        places = [(topic, number) for topic in self._topics for number in range(PARTITIONS)]
        mine = places[names.index(self._member) :: len(names)] if self._is_member() else []
        self._positions = {place: self._group.positions.get(place, 0) for place in mine}

    def _fetch(self, limit: int) -> Sequence[Record]:
        with self._broker.lock:
            self._reassign()
            found: list[Record] = []
            for place, position in self._positions.items():
                start = max(position, self._broker.starts.get(place, 0))
                share = self._broker.records[place][start : start + limit - len(found)]
                self._positions[place] = start + len(share)
                found += share
            return found


def partition_of(key: str) -> int:
    """Where a key lives, in every process alike."""
    return zlib.crc32(key.encode()) % PARTITIONS
