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
    SmallInteger,
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
# Only the worker files a mention; a search looks it up.
_INDEX = EXEMPT | {"application": "SELECT"}
# On SQLite a table whose rows are little more than their key keeps that key once (`sqlite_with_rowid`).
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
# a Pointer. Its own authority comes to it by the number of the mention.
portrait = Table(
    "portrait",
    metadata,
    Column("number", _GROWING, primary_key=True, autoincrement=False),
    Column("authority", String(40), nullable=False),
    *_ids(),
    Column("active_at", UtcDateTime, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info=EXEMPT | {"crossed": "authority"},
)

# Keyed hashes without meaning outside this region; which mention a number stands for is told by `portrait`
# alone.
match_key = Table(
    "match_key",
    metadata,
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    info=_INDEX,
    sqlite_with_rowid=False,
)

# How many mentions of the region have a term (keyed hash): a count of all, never whose.
term = Table(
    "term",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("mentions", Integer, nullable=False),
    info=_INDEX,
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
    # Empty for a pointer: how sure another authority's record is stays there.
    Column("percent", SmallInteger),
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

# Records that people judged to be of one adult. Derived from judgements, so a rebuild keeps them.
profile = Table(
    "profile",
    metadata,
    authority_column(primary_key=True),
    Column("profile_id", String(36), primary_key=True),
    Column("records", Integer, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("profile_listed", "authority", "changed_at"),
    info=KEPT,
)

profile_member = Table(
    "profile_member",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("profile_id", String(36), nullable=False),
    Index("profile_member_of", "authority", "profile_id"),
    info=KEPT,
)

profile_change = Table(
    "profile_change",
    metadata,
    authority_column(primary_key=True),
    Column("change_id", String(36), primary_key=True),
    Column("profile_id", String(36), nullable=False),
    *_ids(),
    Column("kind", String(10), nullable=False),
    Column("match_id", String(36), nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("profile_change_of", "authority", "profile_id", "at"),
    Index("profile_change_record", "authority", "contact_id", "person_id"),
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
    Index("search_contact", "authority", "contact_id"),
    info=KEPT,
)

# Which own contacts a search was shown, so that an erased one is found in what was kept of it.
search_found = Table(
    "search_found",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("search_id", String(36), primary_key=True),
    info=KEPT,
)

# That a contact or a case was erased, and nothing else of it: what is heard late must not bring it back.
erased = Table(
    "erased",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
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
    Column("withdrawn_at", UtcDateTime),
    Index("shown_pointer_contact", "authority", "contact_id"),
    Index("shown_pointer_listed", "authority", "last_at"),
    info=KEPT,
)

case_of = Table(
    "case_of",
    metadata,
    authority_column(primary_key=True),
    Column("case_id", String(36), primary_key=True),
    Column("contact_id", String(64), nullable=False),
    Index("case_of_contact", "authority", "contact_id"),
    sqlite_with_rowid=False,
)

# The contact is another report of the concern of the other, which is not merged itself.
merged = Table(
    "merged",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("into", String(64), nullable=False),
    Index("merged_into", "authority", "into"),
    sqlite_with_rowid=False,
)

reference = Table(
    "reference",
    metadata,
    authority_column(primary_key=True),
    Column("reference", String(60), primary_key=True),
    Column("contact_id", String(64), nullable=False),
    Index("reference_contact", "authority", "contact_id"),
    sqlite_with_rowid=False,
)

# For an index on a server: what it must still be sent, how many mentions are under each key, and its name.
unsent = Table(
    "unsent",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("stamp", BigInteger, nullable=False),
    Column("keys", LargeBinary),
    Index("unsent_order", "stamp", "number"),
    info=_INDEX,
)

key_count = Table(
    "key_count",
    metadata,
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("mentions", Integer, nullable=False),
    info=_INDEX,
    sqlite_with_rowid=False,
)

index_name = Table("index_name", metadata, Column("name", String(80), primary_key=True), info=_INDEX)
