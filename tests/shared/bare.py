"""Services without any work of their own, to try the kernel's parts on."""

from sqlalchemy import MetaData

from shared.actor import Actor, Scope
from shared.contracts.message import Origin
from shared.service import Service, Subscriptions
from shared.settings import Settings
from shared.store.database import Database
from tests.platform import SetClock, alone


def bare(name: str, settings: Settings, clock: SetClock, tables: MetaData | None = None) -> Database:
    """The database of a service that only has the kernel's tables, and these."""
    return alone(Service(name, tables or MetaData(), Subscriptions(), tuple), settings, clock)


def officer(authority: str = "dorset", origin: Origin = Origin.LIVE) -> Scope:
    """Somebody who acts there."""
    return Scope(authority, Actor("officer-1"), "correlation-1", origin)
