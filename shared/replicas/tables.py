"""The tables of the replicas, and how a fact gets into them."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import JSON, Boolean, Column, Index, LargeBinary, MetaData, String, Table

from shared.contracts.message import Event, Origin
from shared.service import Subscriptions
from shared.store.guard import authority_column
from shared.store.tables import EXEMPT
from shared.store.transaction import Transaction
from shared.store.types import UtcDateTime

E = TypeVar("E", bound=Event)
Apply = Callable[[Transaction[Any], E], None]

metadata = MetaData()
subscriptions = Subscriptions()

_EVERYBODYS = EXEMPT | {"application": "SELECT, INSERT, UPDATE, DELETE"}

# An authority is the tenant itself, and a session is looked up before any authority is bound.
authority = Table(
    "authority",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("effective_from", UtcDateTime, nullable=False),
    info=_EVERYBODYS,
)

known_user = Table(
    "known_user",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("authority", String(40), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info=_EVERYBODYS,
)

ended_session = Table(
    "ended_session",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("session_id", String(36), primary_key=True),
    Column("ended_at", UtcDateTime, nullable=False),
    info=_EVERYBODYS,
)

configuration = Table(
    "configuration",
    metadata,
    authority_column(primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("effective_from", UtcDateTime, primary_key=True),
    Column("value", JSON, nullable=False),
)

restriction = Table(
    "restriction",
    metadata,
    authority_column(primary_key=True),
    Column("record_id", String(36), primary_key=True),
    Column("effect", String(5), primary_key=True),
    Column("user_id", String(80), primary_key=True),
    Index("restriction_user", "authority", "user_id", "effect"),
)


def heard(kind: type[E]) -> Callable[[Apply[E]], Apply[E]]:
    """Apply the facts of this kind, save a service's own: it applied those when it decided them."""

    def register(apply: Apply[E]) -> Apply[E]:
        @subscriptions.on(kind)
        def unless_said_here(tx: Transaction[Any], event: E) -> None:
            # An own fact comes back late: taking it again would undo for a moment what was decided since.
            if not _said_here(tx):
                apply(tx, event)

        return apply

    return register


def _said_here(tx: Transaction[Any]) -> bool:
    cause = tx.cause
    # A rebuild starts from nothing and knows only what the journals say, its own among them.
    return (
        cause is not None
        and cause.origin is not Origin.REBUILD
        and cause.topic.startswith(f"heed.{tx.tools.service}.")
    )
