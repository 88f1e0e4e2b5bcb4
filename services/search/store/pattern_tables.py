"""The tables of patterns: what was found, the records it rests on, and what concerns are usual."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from services.search.store.tables import KEPT, metadata
from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

# `subject` is a setting or a body that runs settings, empty for an adult, who is known by the records alone.
# `needs` is how many of its records somebody must be able to see to be told of it.
pattern = Table(
    "pattern",
    metadata,
    authority_column(primary_key=True),
    Column("pattern_id", String(36), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("subject", String(36), nullable=False),
    Column("state", String(10), nullable=False),
    Column("needs", Integer, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("finding", String(10), nullable=False),
    Column("reviewed_by", String(80), nullable=False),
    Column("reviewed_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    Index("pattern_state", "authority", "state", "found_at"),
    Index("pattern_subject", "authority", "kind", "subject"),
    info=KEPT,
)

# `later`: came while the pattern was open, and did not fire it.
pattern_record = Table(
    "pattern_record",
    metadata,
    authority_column(primary_key=True),
    Column("pattern_id", String(36), primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("later", Boolean, nullable=False),
    Index("pattern_record_contact", "authority", "contact_id"),
    info=KEPT,
)

# How many concerns came to all settings of a kind in so many months, and how many children are there: counted
# once a day, because it takes the whole register.
sector = Table(
    "sector",
    metadata,
    authority_column(primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("months", Integer, primary_key=True),
    Column("concerns", Integer, nullable=False),
    Column("heads", Integer, nullable=False),
    Column("counted_at", UtcDateTime, nullable=False),
)
