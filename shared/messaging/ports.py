"""The bus in our words: what services may expect of it, whichever adapter stands behind.

A topic is split into partitions; records with one key are in one partition, in the order they were appended.
A group reads each record until one of its members commits past it; after a crash it is read again (at least
once). A member that lost its partitions to another cannot commit: `Fenced`. A new group starts at the
earliest record that is kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """What is appended."""

    topic: str
    key: str
    value: bytes


@dataclass(frozen=True)
class Record:
    """What is read. `offset` counts per topic and partition."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes


@dataclass(frozen=True)
class Standing:
    """How far a group is behind on one topic."""

    topic: str
    behind: int


class Fenced(Exception):
    """The partitions went to another member meanwhile, or the bus knows this one no more: forget the batch,
    poll again."""


class Stuck(Exception):
    """Records wait, yet the position does not move: the client has stalled, start anew."""


@dataclass(frozen=True)
class Use:
    """What one service does on the bus: its group, the topics it owns, those it hears."""

    group: str
    writes: frozenset[str]
    reads: frozenset[str]


class Reader(Protocol):
    """One member of a group; used by one thread."""

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Up to `limit` records not yet polled; waits up to `timeout` seconds for the first. Raises
        Unavailable, Fenced or Stuck.
        """

    def commit(self) -> None:
        """Say that all that was polled is dealt with. Raises Fenced or Unavailable."""

    def close(self) -> None:
        """Leave the group; what was polled and not committed is read again by somebody."""


class Log(Protocol):
    """The bus."""

    def ensure(self, topics: Collection[str]) -> None:
        """Create the topics that are missing, check how the others are kept. Raises Unavailable, or
        Misconfigured when one is not kept as promised.
        """

    def check(self, use: Use) -> None:
        """Whether this process can do that. Raises Misconfigured when somebody must change something,
        Unavailable when waiting may help.
        """

    def append(self, messages: Sequence[Message]) -> None:
        """Durable when it returns. On Unavailable nothing is known: append again (readers drop repeats)."""

    def forget(self, topics: Collection[str]) -> None:
        """Remove all that is on these topics, whoever has read it; what is appended later counts on. Raises
        Unavailable, or Misconfigured without the right to it.
        """

    def reader(self, group: str, topics: Collection[str], member: str) -> Reader:
        """Join a group. A member that comes back under its old name takes its place again."""

    def standing(self, group: str, topics: Collection[str]) -> Sequence[Standing]:
        """How far the group is behind, for those of the topics that are there. Raises Unavailable."""

    def close(self) -> None:
        """Let go of connections."""
