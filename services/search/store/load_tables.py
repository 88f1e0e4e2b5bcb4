"""The tables of loads: a register's file on its way into the register of settings."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from services.search.store.tables import KEPT, metadata
from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

load = Table(
    "register_load",
    metadata,
    authority_column(primary_key=True),
    Column("load_id", String(36), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("started_by", String(80), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("rows", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("same", Integer, nullable=False),
    Column("joined", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Index("register_load_state", "authority", "state", "started_at"),
    Index("register_load_started", "authority", "started_at"),
    info=KEPT,
)

# Gone as soon as its rows are entered.
chunk = Table(
    "register_chunk",
    metadata,
    authority_column(primary_key=True),
    Column("load_id", String(36), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    info=KEPT,
)

problem = Table(
    "register_problem",
    metadata,
    authority_column(primary_key=True),
    Column("load_id", String(36), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("column_name", String(200), nullable=False),
    Column("words", String(300), nullable=False),
    info=KEPT,
)
