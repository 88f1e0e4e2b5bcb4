"""FastStream doing the least of what our consumer does: each record is claimed in an inbox and has its
effect, in one transaction of SQLAlchemy on the same PostgreSQL, acknowledged afterwards. It keeps no order
and no audit, seals nothing and says nothing.

It is no part of Heed: `pip install -e .[bench]` brings it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, insert
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.clock import new_id
from shared.messaging.open import open_log
from shared.messaging.ports import Message
from shared.settings import from_environment
from shared.store.engine import open_engine

MISSING = "not installed: pip install -e .[bench]"
_TOPIC, _PATIENCE = "heed.bench.peer", 120.0
_BODY = b"What is known of the adult, in a few hundred words. " * 6

_metadata = MetaData()
_inbox = Table("peer_inbox", _metadata, Column("id", String(36), primary_key=True))
_effect = Table(
    "peer_effect",
    _metadata,
    Column("id", String(36), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
_CLAIM = postgresql.insert(_inbox).on_conflict_do_nothing().returning(_inbox.c.id)
_EFFECT = insert(_effect)


def is_there() -> bool:
    """Whether it is installed."""
    return find_spec("faststream") is not None


@dataclass
class Told:
    """What of a record it reads."""

    id: str


@dataclass
class Count:
    """How many had their effect, and when the first and the last did: joining a group counts for nothing."""

    wanted: int
    done: int = 0
    began: float = 0.0
    ended: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, new: int) -> None:
        """So many more; the first ones only start the clock."""
        self.ended = time.perf_counter()
        if not self.began:
            self.began, self.wanted = self.ended, self.wanted - new
            return
        self.done += new
        if self.done >= self.wanted:
            self.over.set()


def rate(environment: dict[str, str], messages: Sequence[Message], together: int) -> float:
    """Facts a second, so many in a transaction at most. Raises when they do not come."""
    settings = from_environment(environment)
    engine = open_engine(settings.database_url("casework"))
    _metadata.drop_all(engine)
    _metadata.create_all(engine)
    engine.dispose()
    with closing(open_log(settings)) as log:
        log.ensure([_TOPIC])
        log.append([Message(_TOPIC, one.key, one.value) for one in messages])
    address = settings.bus_url.partition("://")[2]
    count = asyncio.run(_take(address, settings.database_url("casework"), len(messages), together))
    return count.done / (count.ended - count.began)


async def _take(address: str, database: str, wanted: int, together: int) -> Count:
    from faststream import AckPolicy
    from faststream.confluent import KafkaBroker

    broker, count = KafkaBroker(address, logger=None), Count(wanted)
    engine = create_async_engine(database)
    batch: dict[str, Any] = {"batch": True, "max_records": together} if together > 1 else {}
    handler = _batch(engine, count) if together > 1 else _single(engine, count)
    # One group for all rounds: each begins behind what the one before has read.
    broker.subscriber(
        _TOPIC, group_id="peer", auto_offset_reset="earliest", ack_policy=AckPolicy.NACK_ON_ERROR, **batch
    )(handler)
    async with broker:
        await broker.start()
        await asyncio.wait_for(count.over.wait(), _PATIENCE)
    await engine.dispose()
    return count


def _single(engine: AsyncEngine, count: Count) -> Callable[..., Any]:
    async def keep(told: Told) -> None:
        async with engine.begin() as db:
            if (await db.execute(_CLAIM, {"id": told.id})).first():
                await db.execute(_EFFECT, {"id": new_id(), "body": _BODY})
        count.add(1)

    return keep


def _batch(engine: AsyncEngine, count: Count) -> Callable[..., Any]:
    async def keep(told: list[Told]) -> None:
        async with engine.begin() as db:
            new = (await db.execute(_CLAIM, [{"id": one.id} for one in told])).all()
            await db.execute(_EFFECT, [{"id": new_id(), "body": _BODY} for _ in new])
        count.add(len(told))

    return keep
