"""Who does something, and in which authority's name."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.message import Envelope, Origin
from shared.vocabulary import Role


@dataclass(frozen=True)
class Actor:
    """A person or a part of Heed. `id` is a user's id, `referrer:<id>` or `system:<name>`, never a name."""

    id: str
    roles: frozenset[Role] = frozenset()
    display_name: str = ""

    @property
    def is_system(self) -> bool:
        """Whether a part of Heed acts by itself."""
        return self.id.startswith("system:")

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Scope:
    """The authority bound to a transaction, who acts, and the thread that ties a click to its last
    consequence.

    `as_of` is the moment of the cause: a history (origin import or demo) is worked through in its own time.
    """

    authority: str
    actor: Actor
    correlation_id: str
    origin: Origin = Origin.LIVE
    as_of: datetime | None = None


def system_scope(service: str, authority: str, correlation_id: str) -> Scope:
    """A service acting by itself (pumps)."""
    return Scope(authority, Actor(f"system:{service}"), correlation_id)


def consequence_of(envelope: Envelope, service: str) -> Scope:
    """A service acting because of a fact: in its authority, thread and origin."""
    # A rebuild is no history: it repeats live facts, which were applied at the time of hearing.
    history = envelope.origin in {Origin.IMPORT, Origin.DEMO}
    return Scope(
        envelope.authority,
        Actor(f"system:{service}"),
        envelope.correlation_id,
        envelope.origin,
        envelope.occurred_at if history else None,
    )
