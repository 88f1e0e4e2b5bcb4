"""The tables of settings: the register, under what each is found again, and who was named there."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, LargeBinary, String, Table

from services.search.store.tables import metadata
from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

# What an import, a person or an earlier contact settled decides which setting the next contact means, so a
# rebuild reads it instead of deciding anew.
KNOWN = {"rebuild": "known"}

# `mark` changes with the row of a register it was entered from, empty when it was only ever named.
setting = Table(
    "setting",
    metadata,
    authority_column(primary_key=True),
    Column("setting_id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("listed_at", UtcDateTime, nullable=False),
    Column("named_at", UtcDateTime),
    Column("concerns", Integer, nullable=False),
    Column("mark", String(64), nullable=False, server_default=""),
    Column("provider_id", String(36), nullable=False, server_default=""),
    Column("head_count", Integer),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("joined_to", String(36), nullable=False, server_default=""),
    Column("body", LargeBinary, nullable=False),
    Index("setting_named", "authority", "named_at"),
    Index("setting_provider", "authority", "provider_id"),
    info=KNOWN,
)

# `scheme` is that of a number, `PLACE` for a name in its postal district, empty for a name in its town.
setting_key = Table(
    "setting_key",
    metadata,
    authority_column(primary_key=True),
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("setting_id", String(36), nullable=False),
    Column("scheme", String(20), nullable=False, server_default=""),
    Index("setting_key_setting", "authority", "setting_id"),
    info=KNOWN,
    sqlite_with_rowid=False,
)

# The setting under key `k` was followed by that setting: an academy by its successor, a home by its new name.
succession = Table(
    "succession",
    metadata,
    authority_column(primary_key=True),
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("setting_id", String(36), primary_key=True),
    Index("succession_setting", "authority", "setting_id"),
    info=KNOWN,
    sqlite_with_rowid=False,
)

# The body that runs settings: a trust, a company, a charity.
provider = Table(
    "provider",
    metadata,
    authority_column(primary_key=True),
    Column("provider_id", String(36), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    info=KNOWN,
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
    # Who was named at one setting lies together, and nothing is kept twice.
    sqlite_with_rowid=False,
)

# What is searched for in a setting's name, place and numbers: keyed hashes of words.
setting_word = Table(
    "setting_word",
    metadata,
    authority_column(primary_key=True),
    Column("k", BigInteger, primary_key=True, autoincrement=False),
    Column("setting_id", String(36), primary_key=True),
    Index("setting_word_setting", "authority", "setting_id"),
    info=KNOWN,
    sqlite_with_rowid=False,
)

# Everything that happened about a contact, whatever was decided: the contact, its case, outcomes and notices.
# Empty `person_id`: about all adults of the contact.
happening = Table(
    "happening",
    metadata,
    authority_column(primary_key=True),
    Column("happening_id", String(160), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("contact_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("case_id", String(64), nullable=False),
    Column("code", String(60), nullable=False),
    Column("about", String(60), nullable=False),
    Column("state", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("happening_contact", "authority", "contact_id", "person_id"),
)

# Which authorities placed the children of a contact, in the words of whoever told.
placing = Table(
    "placing",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
