"""Two small services on one log: one talks, one listens and keeps what it heard."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from shared.actor import Actor, Scope
from shared.contracts.casework import CaseClosed
from shared.contracts.intake import ContactClosed
from shared.contracts.message import decode, encode
from shared.crypto import Vault
from shared.errors import NotYet, Refused
from shared.messaging.consumer import Consumer
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.ports import Record
from shared.messaging.relay import Relay
from shared.service import Service, Subscriptions
from shared.store import tables
from shared.store.database import Database
from shared.store.engine import open_engine
from shared.store.guard import authority_column
from shared.store.transaction import Tools, Transaction
from shared.vocabulary import Decision
from tests.platform import SetClock

CONTACT = "heed.intake.contact"
CASE = "heed.casework.case"

metadata = MetaData()
heard = Table(
    "heard",
    metadata,
    Column("number", Integer, primary_key=True),
    authority_column(),
    Column("key", String),
    Column("what", String),
)


def a_database(folder: Path, name: str, clock: SetClock) -> Database:
    """Kernel tables and `heard`."""
    engine = open_engine(f"sqlite:///{folder / name}.db")
    for one in (tables.metadata, metadata):
        one.create_all(engine)
    return Database(engine, Tools(name, Vault((b"k" * 32,)), clock))


@dataclass
class Stage:
    """`say` publishes as the talker, `pass_on` relays and applies, `heard` is what took effect, in order."""

    folder: Path
    clock: SetClock
    mood: dict[str, Exception] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.talker = a_database(self.folder, "talker", self.clock)
        self.listener = a_database(self.folder, "listener", self.clock)
        self.log = EmbeddedLog(self.folder / "bus.db")
        self.log.ensure([CONTACT, CASE])
        self.relay = Relay(self.talker, self.log)
        self.reader = self.log.reader("listener", [CONTACT, CASE], "m")
        subscriptions = Subscriptions()
        subscriptions.on(ContactClosed)(self._keep)
        subscriptions.on(CaseClosed)(self._needs_contact)
        self.consumer = Consumer(Service("listener", metadata, subscriptions, lambda: ()), self.listener)

    def say(self, *keys: str, authority: str = "dorset") -> None:
        """A contact.closed for each key."""
        scope = Scope(authority, Actor("talker"), "thread")
        with self.talker.transaction(scope) as tx:
            for key in keys:
                tx.publish(ContactClosed(contact_id=key, decision=Decision.MET, closed_at=tx.now))

    def say_case(self, case: str, contact: str, authority: str = "dorset") -> None:
        """A case.closed that speaks of a contact."""
        with self.talker.transaction(Scope(authority, Actor("talker"), "thread")) as tx:
            tx.publish(CaseClosed(case_id=case, contact_id=contact, closed_at=tx.now))

    def records(self) -> list[Record]:
        """Everything relayed and not yet polled."""
        while self.relay.run_once():
            pass
        return list(self.reader.poll(0, 1000))

    def pass_on(self) -> None:
        """Relay and apply."""
        self.consumer.apply(self.records())

    def effects(self) -> list[str]:
        """Keys heard, in order."""
        with self.listener.reading(Scope("dorset", Actor("test"), "t")) as tx:
            rows = tx.db.execute(
                select(heard.c.key).where(heard.c.authority == "dorset").order_by(heard.c.number)
            )
            return list(rows.scalars())

    def waiting(self) -> dict[str, int]:
        """Deferred records by state."""
        from shared.messaging.deferred import Shelf

        with self.listener.plumbing(writing=False) as db:
            return Shelf(db, self.listener.tools.vault, "listener").counts()

    def _keep(self, tx: Transaction[Any], event: ContactClosed) -> None:
        tx.db.execute(insert(heard).values(key=event.contact_id, what=event.name))
        if event.contact_id in self.mood:
            raise self.mood[event.contact_id]

    def _needs_contact(self, tx: Transaction[Any], event: CaseClosed) -> None:
        known = select(heard.c.key).where(heard.c.authority == tx.authority, heard.c.key == event.contact_id)
        if tx.db.execute(known).first() is None:
            raise NotYet(event.contact_id)
        tx.db.execute(insert(heard).values(key=event.case_id, what=event.name))


def altered(record: Record, **changes: Any) -> Record:
    """The record with another envelope."""
    return replace(record, value=encode(replace(decode(record.value), **changes)))


def sequences(records: Sequence[Record]) -> list[int]:
    """The numbers of their envelopes."""
    return [decode(record.value).sequence for record in records]


REFUSAL = Refused("The test says no.")
