"""Intake's tables. Columns that queries need are plain; everything personal is in a sealed `body`."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

metadata = MetaData()

draft = Table(
    "draft",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("reference", String(24), nullable=False),
    Column("state", String(8), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("contact_id", String(36), nullable=False, default=""),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("draft_reference", "authority", "reference", unique=True),
    Index("draft_expiry", "authority", "state", "expires_at"),
)

# One code per draft: a new one ends the one before.
return_code = Table(
    "return_code",
    metadata,
    authority_column(primary_key=True),
    Column("draft_id", String(36), primary_key=True),
    Column("code_hash", String(64), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("lasting", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("tried_at", UtcDateTime),
)

contact = Table(
    "contact",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("reference", String(24), nullable=False),
    # Empty is NULL here, because a unique index lets NULLs stand side by side.
    Column("token", String(80)),
    Column("state", String(12), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("contact_type", String(40), nullable=False),
    Column("sector", String(40), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("owner", String(80), nullable=False, default=""),
    Column("decision", String(24)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("respond_by", UtcDateTime, nullable=False),
    Column("known_to_employer_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("case_id", String(36), nullable=False, default=""),
    Column("checked_at", UtcDateTime),
    # The contact that this one is another report of.
    Column("merged_into", String(36), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("contact_reference", "authority", "reference", unique=True),
    Index("contact_token", "authority", "token", unique=True),
    Index("contact_clock", "authority", "state", "respond_by"),
    Index("contact_received", "authority", "received_at"),
    Index("contact_owner", "authority", "owner", "respond_by"),
    # With the id, by which closed ones are left out: so counting a long list reads no contact.
    Index("contact_sector", "authority", "sector", "received_at", "id"),
    Index("contact_merged", "authority", "merged_into"),
    Index("contact_case", "authority", "case_id"),
)

# What was put right about one adult or child (`person_id`), each with its reason; the last one stands, the
# report stays as given.
correction = Table(
    "correction",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("contact_id", String(36), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("corrected_by", String(80), nullable=False),
    Column("corrected_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("correction_contact", "authority", "contact_id", "corrected_at"),
)

# What was asked and decided about erasing a contact; of an erased one nothing else is left.
erasure = Table(
    "erasure",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(36), primary_key=True),
    Column("reference", String(24), nullable=False),
    Column("ground", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decided_by", String(80), nullable=False),
    Column("decided_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    Index("erasure_state", "authority", "state", "asked_at"),
)

# What a manager keeps whatever the rules say, until it is lifted.
hold = Table(
    "hold",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(36), primary_key=True),
    Column("held_by", String(80), nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
    Column("lifted_by", String(80), nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
)

threshold_decision = Table(
    "threshold_decision",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("contact_id", String(36), nullable=False),
    Column("decision", String(24), nullable=False),
    Column("criteria", JSON, nullable=False),
    Column("tier", String(40), nullable=False),
    Column("decided_by", String(80), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("threshold_decision_contact", "authority", "contact_id"),
)

advice = Table(
    "advice",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("contact_id", String(36), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("method", String(12), nullable=False),
    Column("written_by", String(80), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("corrects", String(36), nullable=False, default=""),
    Column("letter_id", String(36), nullable=False, default=""),
    Column("delivery", String(10), nullable=False),
    Column("sent_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    Index("advice_contact", "authority", "contact_id"),
)

# No foreign key to the contact: facts of search and of casework arrive in an order of their own.
prior_concern = Table(
    "prior_concern",
    metadata,
    authority_column(primary_key=True),
    Column("match_id", String(80), primary_key=True),
    Column("contact_id", String(36), nullable=False),
    Column("person_id", String(80), nullable=False),
    Column("other_contact_id", String(36), nullable=False, default=""),
    Column("state", String(10), nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("judged_by", String(80), nullable=False, default=""),
    Column("judged_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    Index("prior_concern_contact", "authority", "contact_id", "state"),
)

# Ids and codes only; whom a pattern is about stays with search.
pattern = Table(
    "pattern",
    metadata,
    authority_column(primary_key=True),
    Column("pattern_id", String(36), primary_key=True),
    Column("reference", String(24), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("signs", JSON, nullable=False),
    Column("needs", Integer, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("finding", String(10), nullable=False),
)

pattern_contact = Table(
    "pattern_contact",
    metadata,
    authority_column(primary_key=True),
    Column("pattern_id", String(36), primary_key=True),
    Column("contact_id", String(36), primary_key=True),
    Index("pattern_contact_of", "authority", "contact_id"),
)

app_user = Table(
    "app_user",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("email_hash", String(64), nullable=False),
    # NULL until the identity provider has vouched for them once.
    Column("subject_hash", String(64)),
    Column("roles", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("app_user_email", "authority", "email_hash", unique=True),
    Index("app_user_subject", "authority", "subject_hash", unique=True),
)

session = Table(
    "session",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("user_id", String(36), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("step_up_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("provider_session_hash", String(64)),
    Column("body", LargeBinary),
    Index("session_user", "authority", "user_id", "ended_at"),
    Index("session_age", "authority", "started_at"),
)
