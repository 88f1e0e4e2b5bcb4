"""Two small services in memory: one talks, one listens, keeps, answers with facts of its own and writes
letters."""

import sqlite3
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, bindparam, insert, select

from shared.contracts.casework import CaseClosed
from shared.contracts.intake import ContactClosed
from shared.contracts.message import Envelope
from shared.contracts.platform import AccessRecorded
from shared.errors import NotYet, Refused
from shared.mail import plan, send_due
from shared.mail.tables import metadata as mail
from shared.service import Service, Subscriptions
from shared.store import tables
from shared.store.engine import open_engine
from shared.store.guard import authority_column
from shared.store.transaction import Transaction
from shared.vocabulary import Decision

TALKER, LISTENER = "talker", "listener"
TOPICS = ("heed.intake.contact", "heed.casework.case")
ANSWERS = "heed.listener.access"
# What a contact's decision makes the listener do besides keeping it.
PLAIN, LETTER, POISON = Decision.MET, Decision.MORE_INFO, Decision.TRANSFER

metadata = MetaData()
heard = Table(
    "heard",
    metadata,
    Column("number", Integer, primary_key=True),
    authority_column(),
    Column("event_id", String(36)),
    Column("topic", String(64)),
    Column("key", String(120)),
    Column("sequence", Integer),
)

_PARTS = (tables.metadata, mail, metadata)

_HEAR = insert(heard)
_HEARD = select(heard.c.key).where(
    heard.c.authority == bindparam("whose"), heard.c.key == bindparam("contact")
)

Point = Callable[[str], None]


class Stores:
    """The databases of both services in memory, emptied between runs; `point` is told of each statement and
    commit.
    """

    def __init__(self) -> None:
        self.point: Point = lambda _name: None
        self._names = [one.name for part in _PARTS for one in part.sorted_tables]
        # Kept open: such a database lives as long as its last connection, and a crash may cost an engine its.
        self._own: dict[str, sqlite3.Connection] = {}
        self.engines = {name: self._opened(name) for name in (TALKER, LISTENER)}

    def _opened(self, name: str) -> Engine:
        place = f"file:{name}-{uuid4().hex}?mode=memory&cache=shared"
        self._own[name] = sqlite3.connect(place, uri=True, isolation_level=None)
        engine = open_engine(f"sqlite:///{place}&uri=true")
        for one in _PARTS:
            one.create_all(engine)
        for act in ("do_begin", "do_execute", "do_executemany"):
            self._pause(engine, act, f"{name}: before a statement")
        self._pause(engine, "do_commit", f"{name}: before a commit")
        return engine

    def _pause(self, engine: Engine, act: str, where: str) -> None:
        """Whatever the driver is told to do, something else may come first. Listeners take longer."""
        do = getattr(engine.dialect, act)

        def done(*told: Any) -> Any:
            self.point(where)
            return do(*told)

        setattr(engine.dialect, act, done)

    def rows(self, name: str, query: str) -> list[Any]:
        """Read past all hooks."""
        return self._own[name].execute(query).fetchall()

    def empty(self) -> None:
        """As on the first day."""
        deletes = "; ".join(f"DELETE FROM {name}" for name in [*self._names, "sqlite_sequence"])
        for one in self._own.values():
            one.executescript(f"BEGIN; {deletes}; COMMIT")


def a_listener(is_mended: Callable[[], bool], point: Point) -> Service:
    """Its handlers do their work first and refuse afterwards, so that something is there to be undone."""
    subscriptions = Subscriptions()

    @subscriptions.on(ContactClosed)
    def keep(tx: Transaction[Any], event: ContactClosed) -> None:
        cause = _kept(tx, point)
        if event.decision is LETTER:
            plan(tx, to="head@school.example", subject="About a contact", body="Call us.", about=cause.id)
        if event.decision is POISON and not is_mended():
            raise Refused("A rule of the simulation says no.")

    @subscriptions.on(CaseClosed)
    def need_contact(tx: Transaction[Any], event: CaseClosed) -> None:
        _kept(tx, point)
        if tx.db.execute(_HEARD, {"whose": tx.authority, "contact": event.contact_id}).first() is None:
            raise NotYet(event.contact_id)

    return Service(LISTENER, metadata, subscriptions, tuple, pumps=(send_due(_note, _note),))


def _kept(tx: Transaction[Any], point: Point) -> Envelope:
    cause = tx.cause
    assert cause is not None
    values = {"event_id": cause.id, "topic": cause.topic, "key": cause.key, "sequence": cause.sequence}
    tx.db.execute(_HEAR, values)
    tx.publish(
        AccessRecorded(
            actor_id=cause.key, act="viewed", subject_kind="contact", subject_id=cause.id, at=tx.now
        )
    )
    point("listener: in a handler")
    return cause


def _note(_tx: Transaction[Any], _letter: Any) -> None:
    """What becomes of a letter is read from its row."""
