"""A member of a group on Kafka."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, errors
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.structs import OffsetAndMetadata

from shared.messaging.kafka.faults import LOST, meaning
from shared.messaging.kafka.positions import Places, Standstill
from shared.messaging.ports import Fenced, Record

SESSION = 6_000
_ANSWER = 4_000


class KafkaReader:
    """Used by one thread; the client's own only notes what it loses."""

    def __init__(self, options: dict[str, Any], group: str, topics: Collection[str], member: str) -> None:
        self._options, self._topics = {**options, **_joining(group, member)}, sorted(topics)
        self._consumer: Any = None
        self._next: dict[Any, int] = {}
        try:
            self._join()
        except errors.KafkaError as problem:
            raise meaning(problem) from None

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Flat, in order within each partition."""
        try:
            if self._consumer is None:
                self._join()
            # First, because it may fail: what was polled must not be dropped, it would be passed over.
            self._standstill.check()
            found = self._consumer.poll(timeout_ms=int(timeout * 1000), max_records=limit)
        except errors.FencedInstanceIdError:
            self._leave()
            raise Fenced from None
        except errors.KafkaError as problem:
            raise meaning(problem) from None
        records = []
        for place, batch in found.items():
            records += [_record(one) for one in batch]
            self._next[place] = batch[-1].offset + 1
        return records

    def commit(self) -> None:
        """What was polled, unless a partition of it went to another member."""
        offsets, self._next = self._next, {}
        gone, self._moves.gone = self._moves.gone, set()
        if self._consumer is None or gone & set(offsets):
            raise Fenced
        after = {place: OffsetAndMetadata(offset, "", -1) for place, offset in offsets.items()}
        try:
            self._consumer.commit(after, timeout_ms=_ANSWER)
        except errors.RebalanceInProgressError:
            raise Fenced from None
        except LOST:
            self._leave()
            raise Fenced from None
        except errors.KafkaError as problem:
            raise meaning(problem) from None

    def close(self) -> None:
        """A static member's place is kept for its return until the session ends."""
        if self._consumer is not None:
            self._consumer.close(autocommit=False, timeout_ms=5_000)

    def _join(self) -> None:
        self._moves, self._next = _Moves(), {}
        self._standstill = Standstill(self._places)
        consumer = self._consumer = KafkaConsumer(**self._options)
        consumer.subscribe(topics=self._topics, listener=self._moves)
        # A leader that joins before it knows the topics' partitions deals out none.
        if not all(consumer.partitions_for_topic(topic) for topic in self._topics):
            self._leave()
            raise errors.UnknownTopicOrPartitionError

    def _leave(self) -> None:
        """The group knows this client no more, which would read on and never be able to commit; the next poll
        joins anew."""
        gone, self._consumer = self._consumer, None
        with suppress(errors.KafkaError):
            gone.close(autocommit=False, timeout_ms=_ANSWER)

    def _places(self) -> Places:
        mine = sorted(self._consumer.assignment())
        ends = self._consumer.end_offsets(mine, timeout_ms=_ANSWER) if mine else {}
        return {place: (self._consumer.position(place, timeout_ms=_ANSWER), ends[place]) for place in mine}


def _joining(group: str, member: str) -> dict[str, Any]:
    return {
        "group_id": group,
        "group_instance_id": member,
        "enable_auto_commit": False,
        # A new group begins with what is there; the default would skip it all.
        "auto_offset_reset": "earliest",
        "max_poll_interval_ms": 300_000,
        "session_timeout_ms": SESSION,
        "heartbeat_interval_ms": SESSION // 4,
        "allow_auto_create_topics": False,
        "fetch_max_wait_ms": 100,
        # The cooperative assignor of 3.0.12 stops fetching what a member keeps in a rebalance.
        "partition_assignment_strategy": [RoundRobinPartitionAssignor],
    }


class _Moves(ConsumerRebalanceListener):  # type: ignore[misc]  # the client has no types
    """Notes which partitions went away; runs on the client's own thread, so it does nothing else."""

    def __init__(self) -> None:
        self.gone: set[Any] = set()

    def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        self.gone |= set(revoked)

    def on_partitions_lost(self, lost: Collection[Any]) -> None:
        self.gone |= set(lost)

    def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        """Nothing to do: positions come from the group."""


def _record(found: Any) -> Record:
    key = (found.key or b"").decode("utf-8", "replace")
    return Record(found.topic, found.partition, found.offset, key, found.value or b"")
