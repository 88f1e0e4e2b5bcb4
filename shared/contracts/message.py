"""The shape of a fact on the bus: `Event` is what it says, `Envelope` is who, when and in which order.

One frozen dataclass per fact is the whole contract; encoder, decoder, schema and catalogue are computed from
it. Evolution is additive only: a new field has a default, a changed meaning is a new name. Readers ignore
unknown fields.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import ClassVar

import msgspec


class Origin(StrEnum):
    """Why a fact is on the bus. Only `live` may queue a delivery, raise an alert, escalate or tell another
    authority.
    """

    LIVE = "live"
    IMPORT = "import"
    DEMO = "demo"
    REBUILD = "rebuild"


@dataclass(frozen=True, kw_only=True)
class Event:
    """The base of every fact; an empty `name` marks a base class. `topic` may hold `{service}` when every
    service publishes its own.
    """

    name: ClassVar[str]
    topic: ClassVar[str]
    keyed_by: ClassVar[str]
    version: ClassVar[int] = 1

    def __init_subclass__(cls) -> None:
        # Registered by being defined: a fact that exists cannot be left out of topics, docs or samples.
        if cls.name:
            EVENTS[cls.name] = cls

    @property
    def key(self) -> str:
        """The id of the aggregate this fact is about: order is promised per (topic, key)."""
        return str(getattr(self, self.keyed_by))


EVENTS: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What travels: a fact with its order, origin and cause.

    `sequence` is contiguous from 1 per (topic, key), given out under the publisher's lock. `occurred_at` is
    when it happened in the world, `recorded_at` when Heed wrote it down; both UTC.
    """

    id: str
    type: str
    version: int
    topic: str
    key: str
    sequence: int
    authority: str
    actor: str
    correlation_id: str
    origin: Origin
    occurred_at: datetime
    recorded_at: datetime
    # Kept as bytes: an audit hash and a replay need exactly what was said, unknown fields included.
    data: msgspec.Raw

    def event(self) -> Event | None:
        """The fact itself; None when this build does not know its type. Raises Undecodable."""
        known = EVENTS.get(self.type)
        return None if known is None else decode_data(known, bytes(self.data))


class Undecodable(Exception):
    """The bytes are no envelope, or the data do not fit. The reason names the place, never a value."""


@cache
def _decoder(kind: type) -> msgspec.json.Decoder[object]:
    return msgspec.json.Decoder(kind)


_ENCODER = msgspec.json.Encoder()


def encode(envelope: Envelope) -> bytes:
    """One JSON document, UTF-8."""
    return _ENCODER.encode(envelope)


def encode_data(event: Event) -> bytes:
    """The fact's own fields as JSON."""
    return _ENCODER.encode(event)


def decode(value: bytes) -> Envelope:
    """Read an envelope; its data stay raw until `event()` is asked. Raises Undecodable."""
    envelope = _read(Envelope, value)
    assert isinstance(envelope, Envelope)  # noqa: S101  the decoder was made for this type
    return envelope


def decode_data(kind: type[Event], value: bytes) -> Event:
    """Read a fact of a known type. Raises Undecodable."""
    event = _read(kind, value)
    assert isinstance(event, Event)  # noqa: S101
    return event


def _read(kind: type, value: bytes) -> object:
    try:
        return _decoder(kind).decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        # The library's message may quote the value; its path into the document never does.
        place = re.search(r"\$[\w.\[\]]*", str(problem))
        where = f" at {place.group()}" if place else ""
        raise Undecodable(f"It does not read as {kind.__name__}{where}.") from None


def schema_of(kind: type[Event]) -> dict[str, object]:
    """The JSON Schema (2020-12) of a fact's data."""
    return msgspec.json.schema(kind)
