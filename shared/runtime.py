"""One service in one process: its value, settings, database and bus, put together once at the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Protocol

from shared import replicas
from shared.actor import Scope, system_scope
from shared.clock import Clock, new_id, wall_clock
from shared.crypto import Vault
from shared.messaging.ports import Log
from shared.service import Service
from shared.settings import Settings
from shared.store.database import Database
from shared.store.engine import open_engine
from shared.store.roles import Role
from shared.store.transaction import Tools, Transaction


class Carrier(Protocol):
    """What takes letters to the outside."""

    def carry(self, message: EmailMessage) -> str:
        """Hand one over; returns the proof. Raises Refused (never try again) or Unavailable (try later)."""

    def check(self) -> str:
        """That it would take letters now, in words. Raises Unavailable."""


@dataclass(frozen=True)
class Runtime:
    """Everything a web or worker process of one service works with."""

    service: Service
    settings: Settings
    database: Database
    log: Log
    clock: Clock
    carrier: Carrier

    @property
    def name(self) -> str:
        """The service's name."""
        return self.service.name

    def system(self, authority: str) -> Scope:
        """The service acting by itself."""
        return system_scope(self.name, authority, new_id())

    def authorities(self) -> list[str]:
        """The codes of all authorities this service has heard of."""
        with self.database.reading(self.system("")) as tx:
            # Asked each turn: an authority that joins the region is worked without a restart.
            return [one.code for one in replicas.authorities(tx)]


@dataclass(frozen=True)
class Turn:
    """An authority's turn of a pump; the `Office` that pumps see."""

    runtime: Runtime
    authority: str

    @property
    def now(self) -> datetime:
        """The wall clock."""
        return self.runtime.clock()

    @contextmanager
    def transaction(self) -> Iterator[Transaction[Any]]:
        """As the system, in this authority."""
        with self.runtime.database.transaction(self.runtime.system(self.authority)) as tx:
            yield tx

    def carry(self, message: EmailMessage) -> str:
        """To the outside."""
        return self.runtime.carrier.carry(message)


def with_kernel(service: Service) -> Service:
    """The service as it runs: with the subscriptions and the pump that every service gets."""
    from shared.files import sweep

    # The kernel's run first: a service's handler may look up the user or rule it was just told of.
    subscriptions = service.subscriptions.with_(replicas.subscriptions)
    return replace(service, subscriptions=subscriptions, pumps=(*service.pumps, sweep))


def assemble(
    service: Service,
    settings: Settings,
    log: Log,
    carrier: Carrier,
    clock: Clock = wall_clock,
    role: Role = Role.APPLICATION,
) -> Runtime:
    """Put a service together; connects to nothing yet."""
    from shared.files import open_files

    vault = Vault(settings.secret_keys)
    gateway = service.open_gateway(settings) if service.open_gateway else None
    tools = Tools(service.name, vault, clock, open_files(settings, vault), gateway)
    database = Database(open_engine(settings.database_url(service.name)), tools, role)
    return Runtime(with_kernel(service), settings, database, log, clock, carrier)
