"""What is kept about cases.

Ids, codes, dates and states are plain; everything personal is in a sealed `body`.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    true,
)

from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

metadata = MetaData()


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _case_id() -> Column[str]:
    return Column("case_id", String(36), nullable=False)


def _body() -> Column[bytes]:
    return Column("body", LargeBinary, nullable=False)


known_contact = Table(
    "known_contact",
    metadata,
    authority_column(primary_key=True),
    # Ids that intake gave; their form is its own affair.
    _id("contact_id"),
    Column("received_at", UtcDateTime, nullable=False),
    Column("only", JSON, nullable=False, default=list),
    Column("never", JSON, nullable=False, default=list),
    _body(),
)

case_file = Table(
    "case_file",
    metadata,
    authority_column(primary_key=True),
    _id(),
    Column("contact_id", String(36), nullable=False),
    Column("reference", String(40), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("owner", String(80), nullable=False),
    Column("live", Boolean, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("first_meeting_due", Date, nullable=False),
    Column("provider_aware_at", UtcDateTime),
    Column("serious_harm", Boolean),
    Column("police_involved", Boolean),
    Column("outcome_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    _body(),
    UniqueConstraint("authority", "contact_id", name="case_once_per_contact"),
    Index("case_file_listed", "authority", "stage", "opened_at"),
    Index("case_file_opened", "authority", "opened_at", "id"),
    Index("case_file_reference", "authority", "reference"),
    Index("case_file_owner", "authority", "owner", "stage"),
    Index("case_file_touched", "authority", "stage", "touched_at"),
    Index("case_file_closed", "authority", "stage", "closed_at"),
)

# What was asked and decided about erasing a case; of an erased one nothing else is left.
erasure = Table(
    "erasure",
    metadata,
    authority_column(primary_key=True),
    Column("case_id", String(36), primary_key=True),
    Column("reference", String(40), nullable=False),
    Column("ground", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decided_by", String(80), nullable=False),
    Column("decided_at", UtcDateTime),
    _body(),
    Index("erasure_state", "authority", "state", "asked_at"),
)

# What is kept whatever the rules say: a contact, and the case that grows from it.
hold = Table(
    "hold",
    metadata,
    authority_column(primary_key=True),
    _id("contact_id"),
    Column("held_by", String(80), nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
    Column("lifted_by", String(80), nullable=False),
    Column("lifted_at", UtcDateTime),
    _body(),
)

subject = Table(
    "subject",
    metadata,
    authority_column(primary_key=True),
    Column("case_id", String(36), primary_key=True),
    _id(),
    Column("regulated_activity", Boolean),
    Column("removed", Boolean),
    Column("removed_on", Date),
    Column("harm_test", Boolean),
    Column("told_on", Date),
    _body(),
)

allegation = Table(
    "allegation",
    metadata,
    authority_column(primary_key=True),
    Column("case_id", String(36), primary_key=True),
    _id(),
    Column("adult_id", String(64), nullable=False),
    Column("category", String(60), nullable=False),
    Column("outcome", String(20)),
    Column("scheme", String(40)),
    Column("recorded_at", UtcDateTime),
    Column("recorded_by", String(80)),
    _body(),
)

clock = Table(
    "clock",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _case_id(),
    Column("rule_id", String(60), nullable=False),
    Column("rule", JSON, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("period", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("overdue_after", UtcDateTime, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("pauses", JSON, nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("called_off", Boolean, nullable=False),
    Column("marked_at", UtcDateTime),
    Column("live", Boolean, nullable=False),
    Column("counted_by", String(16), nullable=False, server_default=""),
    Index("clock_of_case", "authority", "case_id"),
    Index("clock_running", "authority", "stopped_at", "overdue_after"),
    Index("clock_counted", "authority", "stopped_at", "counted_by"),
)

meeting = Table(
    "meeting",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _case_id(),
    Column("kind", String(20), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("held_at", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    _body(),
    Index("meeting_of_case", "authority", "case_id"),
    Index("meeting_to_come", "authority", "held_at", "starts_at"),
)

safeguard = Table(
    "safeguard",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _case_id(),
    Column("adult_id", String(64), nullable=False),
    Column("code", String(30), nullable=False),
    Column("step", String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _body(),
    Index("safeguard_of_case", "authority", "case_id", "at"),
)

entry = Table(
    "entry",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _case_id(),
    Column("number", Integer, nullable=False),
    Column("source", String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("corrects", String(36), nullable=False),
    _body(),
    Index("entry_of_case", "authority", "case_id", "at", "number"),
)

prior = Table(
    "prior",
    metadata,
    authority_column(primary_key=True),
    _id(),
    Column("contact_id", String(36), nullable=False),
    Column("state", String(12), nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    _body(),
    Index("prior_of_contact", "authority", "contact_id"),
)

# Which contacts a pattern is about, with or without a case; `told` once the chronology of the case says so.
pattern = Table(
    "pattern",
    metadata,
    authority_column(primary_key=True),
    _id("pattern_id"),
    Column("contact_id", String(64), primary_key=True),
    Column("reference", String(40), nullable=False),
    Column("kind", String(10), nullable=False, server_default=""),
    Column("needs", Integer, nullable=False, server_default="2"),
    Column("told", Boolean, nullable=False, server_default=true()),
    Column("finding", String(20), nullable=False, server_default=""),
    Index("pattern_of_contact", "authority", "contact_id"),
)

# Contacts that are gone for good: what comes late about one must not bring its id back.
erased = Table(
    "erased",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

duty = Table(
    "duty",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _case_id(),
    Column("rule", String(12), nullable=False),
    Column("basis", String(12), nullable=False),
    Column("duty_of", String(40), nullable=False),
    Column("recipient", String(60), nullable=False),
    Column("adult_id", String(64), nullable=False),
    Column("due_on", Date),
    Column("state", String(14), nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    Index("duty_of_case", "authority", "case_id"),
    Index("duty_listed", "authority", "state", "due_on"),
)
