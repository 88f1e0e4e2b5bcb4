"""The one argument of infrastructure that an action takes: state, facts, audit and outbox in one commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol

from sqlalchemy import Connection
from typing_extensions import TypeVar

from shared.actor import Scope
from shared.clock import Clock
from shared.contracts.message import Envelope, Event, Origin
from shared.contracts.platform import AccessRecorded
from shared.crypto import Vault
from shared.store import publication, roles
from shared.store.engine import bind

G = TypeVar("G", default=Any)


@dataclass(frozen=True)
class Tools:
    """What every transaction of one service has at hand. `gateway` is the service's own outside (index, …),
    if any.
    """

    service: str
    vault: Vault
    clock: Clock
    files: Any = None
    gateway: Any = None


class Held(Protocol):
    """Changes that are gathered over a transaction and written together."""

    def write(self, tx: "Transaction[Any]") -> None:
        """Into the database, in whatever scope is bound."""


H = TypeVar("H", bound=Held)


class Transaction(Generic[G]):
    """Reads and writes one authority's rows and publishes its facts. Committed by whoever opened it.

    `cause` is the envelope of the fact that is being applied, None when a person or a pump acts. `coming` is
    what the batch tells each authority, for who reads ahead for all of it; empty when facts are worked alone.
    """

    def __init__(self, db: Connection, tools: Tools, scope: Scope) -> None:
        self.db = db
        self.tools = tools
        self.scope = scope
        # Read once: everything in a transaction happens at one moment.
        self.recorded_at = tools.clock()
        self.cause: Envelope | None = None
        self.coming: dict[str, list[Event]] = {}
        # Read once for all who ask again; whoever changes the row takes it out.
        self.remembered: dict[Any, Any] = {}
        self._facts: list[publication.Fact] = []
        self._held: dict[type[Held], Held] = {}

    @property
    def pending(self) -> int:
        """How many facts wait for the commit."""
        return len(self._facts)

    @property
    def authority(self) -> str:
        """The authority that is bound."""
        return self.scope.authority

    @property
    def now(self) -> datetime:
        """The moment this happens: the wall clock, or the history's own time."""
        return self.scope.as_of or self.recorded_at

    @property
    def live(self) -> bool:
        """Whether deliveries, alerts and escalations may follow."""
        return self.scope.origin is Origin.LIVE

    @property
    def gateway(self) -> G:
        """The service's outside."""
        gateway: G = self.tools.gateway
        return gateway

    def publish(self, event: Event, *, at: datetime | None = None) -> None:
        """Add a fact; it is journalled, audited and queued for the bus when the transaction commits.

        While a read model is rebuilt nothing is published: its facts are in the journals already.
        """
        if self.scope.origin is Origin.REBUILD:
            return
        self._facts.append(publication.Fact(event, self.scope, at or self.now, self.recorded_at))

    def accessed(
        self,
        act: str,
        kind: str,
        subject: str,
        *,
        purpose: str = "",
        reason: str = "",
        found: tuple[str, ...] = (),
    ) -> None:
        """Record that personal data were viewed, searched, exported or refused (one entry per page shown)."""
        self.publish(
            AccessRecorded(
                actor_id=self.scope.actor.id,
                act=act,
                subject_kind=kind,
                subject_id=subject,
                at=self.now,
                purpose=purpose,
                reason=reason,
                result_ids=found,
            )
        )

    def seal(self, place: str, plain: bytes) -> bytes:
        """Encrypt a personal value for its place (`table/record/column`)."""
        return self.tools.vault.seal(self.authority, f"{self.tools.service}/{place}", plain)

    def open(self, place: str, sealed: bytes) -> bytes:
        """Decrypt a personal value from its place."""
        return self.tools.vault.open(self.authority, f"{self.tools.service}/{place}", sealed)

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        """Act in another scope for a while: each record of a batch has its own."""
        before = self.scope
        self.rescope(scope)
        try:
            yield
        finally:
            self.rescope(before)

    @contextmanager
    def crossing(self) -> Iterator[None]:
        """Read what the region knows together, in the role that can do only that. The caller lets nothing
        out but what one authority may learn of another.
        """
        with roles.within(self.db, roles.Role.CROSSING):
            yield

    @contextmanager
    def journal(self) -> Iterator[None]:
        """Read what this service published, which the application alone may not. The caller asks for the
        bound authority's facts only.
        """
        with roles.within(self.db, roles.Role.WORKER):
            yield

    def overwrite(self, gone: Event) -> None:
        """In the journal, put this fact in the place of all earlier ones of its key: whoever reads them anew
        learns nothing but that it is gone.
        """
        # What the transaction itself said before is not in the journal yet.
        self._facts = [one.overwritten(gone, self.authority) for one in self._facts]
        with self.journal():
            publication.overwrite(self.db, self.tools, self.authority, gone)

    def held(self, kind: type[H]) -> H:
        """What is gathered of that kind. It is written before a savepoint begins and ends, and before the
        commit; with a savepoint that is undone goes what was gathered in it.
        """
        found = self._held.get(kind)
        if found is None:
            found = self._held[kind] = kind()
        assert isinstance(found, kind)  # noqa: S101  put there under its type
        return found

    def write_held(self) -> None:
        """Now, because a query is to see it."""
        # One by one: what is written may hold more, for itself or for others.
        while self._held:
            self._held.pop(next(iter(self._held))).write(self)

    def rescope(self, scope: Scope) -> None:
        """Bind another scope from here on."""
        if scope.authority != self.scope.authority:
            bind(self.db, scope.authority)
        self.scope = scope

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only this block when it raises: its facts, and the authority and role it went over to."""
        self.write_held()
        # The database takes back what a savepoint undoes, its own settings included; we do not by ourselves.
        kept, before, known = len(self._facts), self.scope, dict(self.db.info)
        try:
            with self.db.begin_nested():
                yield
                self.write_held()
        except BaseException:
            del self._facts[kept:]
            self._held.clear()
            self.remembered.clear()
            self.scope = before
            # A connection that broke has nothing to remember, and asking it would hide why.
            if not self.db.invalidated:
                self.db.info.update(known)
            raise

    def flush(self) -> int:
        """Write the facts gathered so far into journal, audit and outbox; the opener calls it. Returns how
        many.
        """
        self.write_held()
        facts, self._facts = self._facts, []
        publication.write(self.db, self.tools, facts)
        return len(facts)
