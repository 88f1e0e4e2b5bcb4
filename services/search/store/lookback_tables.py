"""The tables of look-backs: a setting's last years, record by record, until a manager signs."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from services.search.store.tables import KEPT, metadata
from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

lookback = Table(
    "lookback",
    metadata,
    authority_column(primary_key=True),
    Column("lookback_id", String(36), primary_key=True),
    Column("setting_id", String(36), nullable=False),
    Column("state", String(10), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("opened_by", String(80), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("signed_by", String(80), nullable=False),
    Column("signed_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    Index("lookback_setting", "authority", "setting_id"),
    Index("lookback_state", "authority", "state", "opened_at"),
    info=KEPT,
)

# `code` and `state` are those of the happening when it was marked: when they change, somebody looks again.
marked = Table(
    "lookback_mark",
    metadata,
    authority_column(primary_key=True),
    Column("lookback_id", String(36), primary_key=True),
    Column("happening_id", String(160), primary_key=True),
    Column("contact_id", String(64), nullable=False),
    Column("actioned", Boolean, nullable=False),
    Column("code", String(60), nullable=False),
    Column("state", String(40), nullable=False),
    Column("marked_by", String(80), nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    Column("times", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("lookback_mark_contact", "authority", "contact_id"),
    info=KEPT,
)
