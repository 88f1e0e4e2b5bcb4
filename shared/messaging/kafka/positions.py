"""Where groups and their members stand."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from kafka import TopicPartition
from kafka.admin import OffsetSpec

from shared.messaging.kafka.topics import present
from shared.messaging.ports import Standing, Stuck

LOOK_EVERY = 30.0
STUCK_AFTER = 60.0

Places = Mapping[Any, tuple[int, int]]


def standing(admin: Any, group: str, topics: Collection[str]) -> Sequence[Standing]:
    """How far a group is behind on those topics that are there: three questions, whatever their number."""
    partitions = present(admin, topics)
    places = [TopicPartition(name, number) for name, numbers in partitions.items() for number in numbers]
    if not places:
        return []
    done = admin.list_group_offsets({group: places})[group]
    ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    starts = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
    behind = dict.fromkeys(sorted(partitions), 0)
    for place in places:
        # Below the start there is nothing any more; a group that is new stands at -1.
        behind[place.topic] += ends[place].offset - max(starts[place].offset, done[place].offset)
    return [Standing(name, records) for name, records in behind.items()]


class Standstill:
    """Raises Stuck when a partition has records to read and its position has not moved for a while, though
    the others may flow: the client has stalled on it, and says nothing."""

    def __init__(
        self,
        look: Callable[[], Places],
        every: float = LOOK_EVERY,
        after: float = STUCK_AFTER,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._every, self._after, self._now = look, every, after, now
        self._looked = now()
        self._still: dict[Any, tuple[int, float]] = {}

    def check(self) -> None:
        """Called with each poll; looks every half minute."""
        now = self._now()
        if now - self._looked < self._every:
            return
        # Whoever did not read for so long, waiting for its database, stood still itself.
        before = self._still if now - self._looked < self._after else {}
        self._looked, self._still = now, {}
        for place, (position, end) in self._look().items():
            seen, since = before.get(place, (position, now))
            if position < end:
                self._still[place] = (position, since if seen == position else now)
        if any(now - since >= self._after for _, since in self._still.values()):
            raise Stuck
