"""Facts as they stand on the bus, for tests that hand them to a consumer."""

from datetime import datetime, timedelta

import msgspec

from shared.clock import new_id
from shared.contracts.message import Envelope, Event, Origin, encode, encode_data
from shared.messaging.ports import Record


def topic_of(event: Event, publisher: str = "intake") -> str:
    """Where the fact stands when that service told it."""
    return event.topic.replace("{service}", publisher)


def record_of(
    event: Event, sequence: int, now: datetime, *, authority: str, publisher: str = "intake",
    origin: Origin = Origin.LIVE, late: float = 0.0,
) -> Record:  # fmt: skip
    """The fact as number `sequence` of its key, written down `late` seconds ago."""
    topic = topic_of(event, publisher)
    envelope = Envelope(
        id=new_id(),
        type=event.name,
        version=1,
        topic=topic,
        key=event.key,
        sequence=sequence,
        authority=authority,
        actor="u-1",
        correlation_id=event.key,
        origin=origin,
        occurred_at=now,
        recorded_at=now - timedelta(seconds=late),
        data=msgspec.Raw(encode_data(event)),
    )
    return Record(topic, 0, 0, event.key, encode(envelope))
