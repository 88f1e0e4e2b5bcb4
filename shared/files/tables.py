"""What a service knows of files: the ones it owns, and the ones it may open. In every service's database."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table

from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

metadata = MetaData()

stored_file = Table(
    "stored_file",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("address", String(64), nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Index("stored_file_removed", "authority", "removed_at"),
    Index("stored_file_address", "authority", "address"),
)

file_grant = Table(
    "file_grant",
    metadata,
    authority_column(primary_key=True),
    Column("file_id", String(36), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("type", String(80), nullable=False),
    Column("scan_state", String(20), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("name", LargeBinary, nullable=False),
)
