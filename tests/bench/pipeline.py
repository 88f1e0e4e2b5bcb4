"""How many facts one consumer takes in a second, each with its claim, its turn, a sealed value, and a fact of
its own that is numbered, audited, journalled under seal and queued.
"""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, func, insert, select

from shared.clock import new_id, wall_clock
from shared.contracts.casework import CaseClosed
from shared.contracts.intake import ContactClosed
from shared.contracts.message import Envelope, Origin, encode, encode_data
from shared.messaging.consumer import Consumer
from shared.messaging.open import open_log
from shared.messaging.ports import Message, Reader
from shared.messaging.worker import BATCH, EMBEDDED_BATCH
from shared.service import Service, Subscriptions
from shared.settings import from_environment
from shared.store.database import Database
from shared.store.guard import authority_column
from shared.store.tables import outbox
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from tests.bench import peer
from tests.bench.places import environments, folder, fresh
from tests.bench.table import Plan, Row, Spent, spent

FACTS, GOAL = 4_000, 2_500
# What FastStream as it comes does, with order, audit and sealing on top.
TIMES = 1.5
_PER_KEY, _AUTHORITIES = 4, ("dorset", "wiltshire", "bcp")
_PATIENCE, _JOINING = 10.0, 6.0

metadata = MetaData()
effect = Table(
    "effect",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Listener:
    """A service that keeps something sealed of each fact and says something itself."""

    database: Database
    consumer: Consumer
    reader: Reader
    batch: int

    def take(self, facts: int) -> None:
        """That many, batch by batch. Raises when they do not come."""
        left = facts
        while left > 0:
            records = self.reader.poll(_PATIENCE, self.batch)
            if not records:
                raise RuntimeError(f"{left} of {facts} facts did not come.")
            self.consumer.apply(records)
            self.reader.commit()
            left -= len(records)
        if (done := self._effects()) != facts:
            raise RuntimeError(f"{facts} facts had {done} effects.")

    def _effects(self) -> int:
        with self.database.plumbing(writing=False) as db:
            return db.execute(select(func.count()).select_from(outbox)).scalar_one()


def rows(plan: Plan) -> Iterator[Row]:
    """One consumer process on each engine, with its own batch size and a large one."""
    facts = plan.count(FACTS, _PER_KEY)
    with folder() as place:
        for name, environment in environments(plan, place):
            batches = (EMBEDDED_BATCH, BATCH) if name == "SQLite" else (BATCH,)
            for batch in batches:
                found = [_round(environment, batch, facts) for _ in range(plan.rounds)]
                row = _row(name, batch, facts, found)
                yield row
            if plan.servers and name != "SQLite":
                yield from _beside_the_peer(environment, row, facts, plan.rounds)


def _beside_the_peer(environment: dict[str, str], ours: Row, facts: int, rounds: int) -> Iterator[Row]:
    """FastStream as it comes and with whole batches, in the same run; our consumer against each."""
    what = "pipeline: FastStream, inbox and effect alone"
    if not peer.is_there():
        yield Row(what, "facts/s", [], note=peer.MISSING)
        return
    for together in (1, BATCH):
        found = [peer.rate(environment, list(messages(facts)), together) for _ in range(rounds)]
        theirs = statistics.median(found)
        yield Row(f"{what}, {together} in a transaction", "facts/s", found)
        goal = TIMES * theirs if together == 1 else None
        yield replace(
            ours,
            least=goal,
            ratio=statistics.median(ours.rounds) / theirs,
            baseline=f"FastStream by {together}",
        )


def _row(engine: str, batch: int, facts: int, found: Sequence[Spent]) -> Row:
    own = [facts / one.processor for one in found] if engine == "SQLite" else []
    what = f"pipeline: one consumer, {batch} in a transaction, {engine}"
    return Row(what, "facts/s", [facts / one.wall for one in found], own, least=GOAL)


def _round(environment: dict[str, str], batch: int, facts: int) -> Spent:
    settings = from_environment(environment)
    with closing(open_log(settings)) as log, closing(fresh(settings, "casework", [metadata])) as database:
        log.ensure([ContactClosed.topic])
        # One group for all rounds: each begins behind what the one before has read.
        with closing(log.reader("bench", [ContactClosed.topic], "bench")) as reader:
            consumer = Consumer(Service("casework", metadata, _hears(), lambda: ()), database)
            # Joining a group on Kafka takes seconds, which are none of its work.
            reader.poll(_JOINING if settings.bus_url.startswith("kafka") else 0.0, batch)
            log.append(list(messages(facts)))
            return spent(partial(Listener(database, consumer, reader, batch).take, facts))


def _hears() -> Subscriptions:
    subscriptions = Subscriptions()

    @subscriptions.on(ContactClosed)
    def keep(tx: Transaction[Any], event: ContactClosed) -> None:
        name = new_id()
        body = tx.seal(f"effect/{name}/body", b"What is known of the adult, in a few hundred words. " * 6)
        tx.db.execute(insert(effect).values(id=name, body=body))
        tx.publish(CaseClosed(case_id=event.contact_id, contact_id=event.contact_id, closed_at=tx.now))

    return subscriptions


def messages(facts: int) -> Iterator[Message]:
    """Facts of three authorities, four of a key, as an owner's relay appends them."""
    now = wall_clock()
    for number in range(facts // _PER_KEY):
        key = new_id()
        event = ContactClosed(contact_id=key, decision=Decision.MET, closed_at=now)
        for sequence in range(1, _PER_KEY + 1):
            envelope = Envelope(
                id=new_id(), type=event.name, version=event.version, topic=event.topic, key=key,
                sequence=sequence, authority=_AUTHORITIES[number % len(_AUTHORITIES)], actor="user-1",
                correlation_id=new_id(), origin=Origin.LIVE, occurred_at=now, recorded_at=now,
                data=msgspec.Raw(encode_data(event)),
            )  # fmt: skip
            yield Message(event.topic, key, encode(envelope))
