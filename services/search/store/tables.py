"""The tables of search.

Mentions, matches, searches and settings are an authority's own. The index is the region's: it holds keyed
hashes and
sealed portraits only, and `crossing` is the one file that goes from it to a mention.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from shared.store.guard import authority_column
from shared.store.tables import EXEMPT
from shared.store.types import UtcDateTime

metadata = MetaData()

# Own decisions and the record of searches are derived from no other service's facts, so a rebuild keeps them.
KEPT = {"rebuild": "kept"}
_GROWING = BigInteger().with_variant(Integer, "sqlite")


def _ids() -> tuple[Column[str], Column[str]]:
    return Column("contact_id", String(64), nullable=False), Column("person_id", String(64), nullable=False)


mention = Table(
    "mention",
    metadata,
    Column("number", _GROWING, primary_key=True, autoincrement=True),
    authority_column(),
    *_ids(),
    Column("corrected", Boolean, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("authority", "contact_id", "person_id", name="mention_once"),
    Index("mention_seen", "authority", "seen_at"),
)

# Read across authorities by `crossing`, which opens a portrait under its own authority's key and gives away
# a Pointer.
portrait = Table(
    "portrait",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("authority", String(40), nullable=False),
    *_ids(),
    Column("active_at", UtcDateTime, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("portrait_contact", "authority", "contact_id"),
    info=EXEMPT,
)

# Keyed hashes without meaning outside this region; which mention a number stands for is told by `portrait`
# alone.
match_key = Table(
    "match_key",
    metadata,
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    info=EXEMPT,
    sqlite_with_rowid=False,
)

# How many mentions of the region have a term (keyed hash): a count of all, never whose.
term = Table(
    "term",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("mentions", Integer, nullable=False),
    info=EXEMPT,
    sqlite_with_rowid=False,
)

match = Table(
    "match",
    metadata,
    authority_column(primary_key=True),
    Column("match_id", String(36), primary_key=True),
    *_ids(),
    Column("other_contact_id", String(64), nullable=False),
    Column("other_person_id", String(64), nullable=False),
    Column("holder", String(40), nullable=False),
    Column("reference", String(36), nullable=False),
    Column("band", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("data_mark", String(64), nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("judged_by", String(80), nullable=False, default=""),
    Column("judged_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    Index("match_contact", "authority", "contact_id", "person_id"),
    Index("match_other", "authority", "other_contact_id"),
    Index("match_state", "authority", "state", "found_at"),
    info=KEPT,
)

search = Table(
    "search",
    metadata,
    authority_column(primary_key=True),
    Column("search_id", String(36), primary_key=True),
    Column("actor_id", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reach", String(10), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("contact_id", String(64), nullable=False),
    Column("prints", JSON, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("search_actor", "authority", "actor_id", "at"),
    Index("search_at", "authority", "at"),
    info=KEPT,
)

# The holder's own note of a pointer that a search in another authority was shown.
shown = Table(
    "shown_pointer",
    metadata,
    authority_column(primary_key=True),
    Column("reference", String(36), primary_key=True),
    *_ids(),
    Column("asker", String(40), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index("shown_pointer_contact", "authority", "contact_id"),
    Index("shown_pointer_listed", "authority", "last_at"),
    info=KEPT,
)

setting = Table(
    "setting",
    metadata,
    authority_column(primary_key=True),
    Column("setting_id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("listed_at", UtcDateTime, nullable=False),
    Column("named_at", UtcDateTime, nullable=False),
    Column("concerns", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("setting_named", "authority", "named_at"),
)

setting_key = Table(
    "setting_key",
    metadata,
    authority_column(primary_key=True),
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("setting_id", String(36), nullable=False),
)

employment = Table(
    "employment",
    metadata,
    authority_column(primary_key=True),
    Column("setting_id", String(36), primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("role", String(40), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("employment_contact", "authority", "contact_id", "person_id"),
    Index("employment_seen", "authority", "setting_id", "seen_at"),
)

case_of = Table(
    "case_of",
    metadata,
    authority_column(primary_key=True),
    Column("case_id", String(36), primary_key=True),
    Column("contact_id", String(64), nullable=False),
    Index("case_of_contact", "authority", "contact_id"),
)

reference = Table(
    "reference",
    metadata,
    authority_column(primary_key=True),
    Column("reference", String(60), primary_key=True),
    Column("contact_id", String(64), nullable=False),
    Index("reference_contact", "authority", "contact_id"),
)

# For an index on a server: what it must still be sent, how many mentions are under each key, and its name.
unsent = Table(
    "unsent",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("stamp", BigInteger, nullable=False),
    Column("keys", LargeBinary),
    Index("unsent_order", "stamp", "number"),
    info=EXEMPT,
)

key_count = Table(
    "key_count",
    metadata,
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("mentions", Integer, nullable=False),
    info=EXEMPT,
    sqlite_with_rowid=False,
)

index_name = Table("index_name", metadata, Column("name", String(80), primary_key=True), info=EXEMPT)
