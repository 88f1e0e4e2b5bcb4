"""A service is a value: the kernel runs it, nothing is copied from one to the next."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import MetaData

from shared.contracts.message import Event
from shared.store.transaction import Transaction

if TYPE_CHECKING:
    import click
    from flask_smorest import Blueprint

    from shared.settings import Settings

E = TypeVar("E", bound=Event)
Handler = Callable[[Transaction[Any], Any], None]


class Subscriptions:
    """What a service hears, and the action each fact triggers: one readable list per service."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}
        self._topics: set[str] = set()

    def on(
        self, *kinds: type[E]
    ) -> Callable[[Callable[[Transaction[Any], E], None]], Callable[[Transaction[Any], E], None]]:
        """Call the function for each fact of these kinds, in order per aggregate, exactly once in effect."""

        def register(handler: Callable[[Transaction[Any], E], None]) -> Callable[[Transaction[Any], E], None]:
            for kind in kinds:
                self._handlers.setdefault(kind.name, []).append(handler)
                self._topics.add(kind.topic)
            return handler

        return register

    def handlers(self, name: str) -> Sequence[Handler]:
        """Those that listen to a fact of this name."""
        return self._handlers.get(name, ())

    @property
    def heard(self) -> frozenset[str]:
        """The names of the facts that are heard."""
        return frozenset(self._handlers)

    @property
    def topics(self) -> frozenset[str]:
        """The topics as the contracts write them (`{service}` not filled in)."""
        return frozenset(self._topics)

    def with_(self, other: "Subscriptions") -> "Subscriptions":
        """Both lists as one; the other's handlers run first."""
        both = Subscriptions()
        both._topics = self._topics | other._topics
        for source in (other, self):
            for name, handlers in source._handlers.items():
                both._handlers.setdefault(name, []).extend(handlers)
        return both


class Office(Protocol):
    """One authority's turn of a pump: due work is found and done in short transactions."""

    @property
    def authority(self) -> str:
        """Whose turn it is."""

    @property
    def now(self) -> datetime:
        """The wall clock."""

    def transaction(self) -> AbstractContextManager[Transaction[Any]]:
        """A transaction as the system, in this authority."""

    def carry(self, message: Any) -> str:
        """Hand a mail message to the outside; returns the carrier's proof. Raises Refused or Unavailable."""


Pump = Callable[[Office], int]


class Stage(Protocol):
    """What a service plays its part of a demo on: transactions at past moments, origin `demo`."""

    @property
    def now(self) -> datetime:
        """The wall clock: the history ends here."""

    @property
    def contacts(self) -> int:
        """How many contacts the history is to have in all."""

    def transaction(
        self, authority: str, at: datetime, user: str = ""
    ) -> AbstractContextManager[Transaction[Any]]:
        """Act there and then, as that user (else as the system). Acts that follow each other in one authority
        may share a commit; each call ends its own savepoint.
        """


Rehearse = Callable[[Stage], int]


@dataclass(frozen=True)
class Service:
    """What the kernel needs to know of a service.

    `blueprints` and `commands` load what workers do not import (Flask, click groups). `open_gateway` builds
    the service's own outside from the settings. Pumps do due work for one authority and return how much they
    did. `late` says, for a part of `shared.vitals` that has not been well for a while, what may be missing on
    the pages; the worker looks after `OUTSIDE` where that is named. `rehearse` plays the next part of an
    invented history through the service's own actions and returns how many acts that were.
    """

    name: str
    metadata: MetaData
    subscriptions: Subscriptions
    blueprints: Callable[[], Sequence["Blueprint"]]
    pumps: Sequence[Pump] = ()
    commands: Callable[[], Sequence["click.Command"]] = field(default=tuple)
    open_gateway: "Callable[[Settings], Any] | None" = None
    late: Mapping[str, str] = field(default_factory=dict)
    rehearse: Rehearse | None = None
