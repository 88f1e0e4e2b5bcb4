"""Letters on their way out. In every service's database; the service that owns the words sends them."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table

from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

metadata = MetaData()

letter = Table(
    "letter",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("about", String(120), nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_try", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("proof", String(300), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("letter_due", "authority", "state", "next_try"),
    Index("letter_about", "authority", "about"),
)
