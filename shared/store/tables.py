"""The kernel's tables: the same in every service's database.

Journal, outbox, inbox, order and deferred records carry the authority as data but are worked by the service
itself for all authorities, so they are marked exempt from the tenant guard and granted to the worker only.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from shared.store.types import UtcDateTime

metadata = MetaData()

EXEMPT = {"tenancy": "exempt"}
# A page adds facts and may learn the numbers they got; what others published it cannot read.
_ADDED_TO = EXEMPT | {"application": "INSERT, SELECT (position)"}
_GROWING = BigInteger().with_variant(Integer, "sqlite")

journal = Table(
    "journal",
    metadata,
    Column("position", _GROWING, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("type", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("key", String(120), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("authority", String(40), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("journal_order", "topic", "key", "sequence", unique=True),
    info=_ADDED_TO,
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", _GROWING, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    info=_ADDED_TO,
    sqlite_autoincrement=True,
)

sequence_out = Table(
    "sequence_out",
    metadata,
    Column("topic", String(64), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("last", BigInteger, nullable=False),
    info=EXEMPT | {"application": "SELECT, INSERT, UPDATE"},
)

sequence_in = Table(
    "sequence_in",
    metadata,
    Column("topic", String(64), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("last", BigInteger, nullable=False),
    info=EXEMPT,
)

inbox = Table(
    "inbox",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("claimed_at", UtcDateTime, nullable=False),
    info=EXEMPT,
)

deferred = Table(
    "deferred",
    metadata,
    Column("position", _GROWING, primary_key=True, autoincrement=True),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("topic", String(64), nullable=False),
    Column("key", String(120), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("authority", String(40), nullable=False),
    Column("type", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("waits_for", String(120), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("since", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("deferred_order", "topic", "key", "sequence"),
    Index("deferred_waiting", "waits_for"),
    Index("deferred_state", "state", "since"),
    info=EXEMPT,
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("authority", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("authority", String(40), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("event_id", String(36), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("content", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("audit_subject", "authority", "subject"),
    info={"kept": True},
)

# When each part that a service works with was last well; pages tell what may be missing by it.
vital = Table(
    "vital",
    metadata,
    Column("part", String(10), primary_key=True),
    Column("well_at", UtcDateTime, nullable=False),
    info=EXEMPT | {"application": "SELECT"},
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    info=EXEMPT,
)
