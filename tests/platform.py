"""A whole region in the test's own process, moved by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import select

import services
from shared.clock import new_id
from shared.contracts.message import Envelope, decode
from shared.crypto import Vault
from shared.errors import Unavailable
from shared.region import Stepper, open_region
from shared.runtime import Runtime
from shared.service import Service
from shared.settings import Settings
from shared.store.database import Database
from shared.store.engine import open_engine
from shared.store.publication import journal_place
from shared.store.tables import journal
from shared.store.transaction import Tools
from tests.moulds import cast


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """It is then."""
        self._now = now

    def forward(self, by: timedelta) -> None:
        """Time passes."""
        self._now += by


class Letterbox:
    """A carrier that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.away = False

    def carry(self, message: EmailMessage) -> str:
        """Keep it, unless the post is away."""
        if self.away:
            raise Unavailable("The mail server does not answer.")
        self.letters.append(message)
        return f"<{new_id()}@letterbox.example>"

    def check(self) -> str:
        """It always takes letters."""
        return "a box"


def alone(service: Service, settings: Settings, clock: SetClock) -> Database:
    """One service's database, tables made, no bus."""
    from shared.files import open_files

    cast([service], settings)
    vault = Vault(settings.secret_keys)
    gateway = service.open_gateway(settings) if service.open_gateway else None
    tools = Tools(service.name, vault, clock, open_files(settings, vault), gateway)
    return Database(open_engine(settings.database_url(service.name)), tools)


class Platform:
    """Five services on one log. `settle()` brings every consequence about."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.clock = clock
        self.letterbox = Letterbox()
        loaded = [services.load(name) for name in services.NAMES]
        cast(loaded, settings)
        self.region = open_region(settings, loaded, self.letterbox, clock)
        self.stepper = Stepper(self.region)

    def __getitem__(self, service: str) -> Runtime:
        return self.region[service]

    def settle(self, *, pumps: bool = True) -> None:
        """Relay, consume, pump until quiet."""
        self.stepper.settle(pumps=pumps)

    def envelopes(self, service: str) -> Sequence[Envelope]:
        """Everything a service has published, in the order of its journal."""
        database = self.region[service].database
        with database.plumbing(writing=False) as db:
            rows = db.execute(select(journal).order_by(journal.c.position)).all()
        places = [(row, f"{service}/{journal_place(row.event_id)}") for row in rows]
        return [decode(database.tools.vault.open(row.authority, place, row.body)) for row, place in places]

    def events(self, name: str = "") -> list[Any]:
        """The facts of that name (or all), from every service's journal."""
        found = [
            one.event()
            for service in self.region.runtimes
            for one in self.envelopes(service)
            if not name or one.type == name
        ]
        return [event for event in found if event is not None]

    @cached_property
    def apps(self) -> dict[str, Flask]:
        """The web side of each service."""
        from shared.operations import open_web

        return {name: open_web(runtime) for name, runtime in self.region.runtimes.items()}

    def close(self) -> None:
        """Give everything back."""
        self.stepper.close()
        self.region.close()
