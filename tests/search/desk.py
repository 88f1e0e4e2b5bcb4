"""Search alone with three authorities: real database, consumer and pages, fed with facts as the bus would."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

import flask
from sqlalchemy import select

import services
from shared.actor import Actor, Scope
from shared.contracts.message import Envelope, Event, Origin, decode
from shared.contracts.platform import ConfigurationChanged
from shared.messaging.consumer import Consumer
from shared.messaging.open import open_log
from shared.messaging.ports import Record
from shared.runtime import assemble
from shared.settings import Settings
from shared.store.publication import journal_place
from shared.store.tables import deferred, journal
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from tests.moulds import cast
from tests.platform import Letterbox, SetClock
from tests.records import record_of, topic_of

E = TypeVar("E", bound=Event)
POOLED = ("dorset", "wiltshire")
APART = "hampshire"


class Desk:
    """Search's runtime; also a stage for the page client. Dorset and Wiltshire pool, Hampshire does not."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.clock = clock
        service = services.load("search")
        cast([service], settings)
        self.runtime = assemble(service, settings, open_log(settings), Letterbox(), clock)
        self.database = self.runtime.database
        self._consumer = Consumer(self.runtime.service, self.database)
        self._sequences: Counter[tuple[str, str]] = Counter()
        for code in POOLED:
            self.open_authority(code, pooled=True)
        self.open_authority(APART, pooled=False)

    @cached_property
    def apps(self) -> dict[str, flask.Flask]:
        """Its web side."""
        from shared.web.app import create_app

        return {"search": create_app(self.runtime)}

    def open_authority(self, code: str, *, pooled: bool) -> None:
        """An authority as the front door tells of it."""
        value = {"display_name": code.capitalize(), "contact_route": f"duty@{code}.example", "pooled": pooled}
        self.hear(
            ConfigurationChanged(
                configuration_id=f"{code}/authority",
                kind="authority",
                value=json.dumps(value),
                effective_from=self.clock(),
                changed_by="test",
            ),
            authority=code,
        )

    def hear(self, *events: Event, authority: str = "dorset", origin: Origin = Origin.LIVE) -> None:
        """These facts arrive."""
        self._consumer.apply([self._record(event, authority, origin) for event in events])

    def published(self, kind: type[E], authority: str = "") -> list[E]:
        """The facts of a kind that search published, in an authority or in any."""
        return [event for envelope, event in self.journal(authority) if isinstance(event, kind)]

    def journal(self, authority: str = "") -> list[tuple[Envelope, Event | None]]:
        """Everything search published, in order."""
        with self.database.plumbing(writing=False) as db:
            rows = db.execute(select(journal).order_by(journal.c.position)).all()
        vault = self.database.tools.vault
        kept = [row for row in rows if authority in ("", row.authority)]
        found = [
            decode(vault.open(row.authority, f"search/{journal_place(row.event_id)}", row.body))
            for row in kept
        ]
        return [(envelope, envelope.event()) for envelope in found]

    def waiting(self) -> Sequence[str]:
        """The states of records that did not simply take effect."""
        with self.database.plumbing(writing=False) as db:
            return list(db.execute(select(deferred.c.state)).scalars())

    @contextmanager
    def transaction(
        self, authority: str = "dorset", *roles: Role, user: str = "officer-1", name: str = "Test person"
    ) -> Iterator[Transaction[Any]]:
        """As an officer unless told otherwise."""
        actor = Actor(user, frozenset(roles or (Role.OFFICER,)), name)
        with self.database.transaction(Scope(authority, actor, "test")) as tx:
            yield tx

    def close(self) -> None:
        """Give everything back."""
        self.database.close()
        self.runtime.log.close()

    def _record(self, event: Event, authority: str, origin: Origin) -> Record:
        place = topic_of(event), event.key
        self._sequences[place] += 1
        return record_of(event, self._sequences[place], self.clock(), authority=authority, origin=origin)
