"""The tables. What queries ask for is plain; everything personal is in the sealed `body`."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table

from shared.store.guard import authority_column
from shared.store.types import UtcDateTime

metadata = MetaData()

notice = Table(
    "notice",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), nullable=False),
    Column("contact_id", String(36), nullable=False),
    Column("reference", String(40), nullable=False),
    Column("rule", String(20), nullable=False),
    Column("basis", String(10), nullable=False),
    Column("duty_of", String(40), nullable=False),
    Column("recipient", String(40), nullable=False),
    Column("adult_id", String(36), nullable=False),
    Column("state", String(14), nullable=False),
    Column("standing", String(12), nullable=False),
    Column("fires", Boolean, nullable=False),
    Column("due_on", Date),
    Column("act_on", Date, nullable=False),
    Column("late_after", Date, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("aware_at", UtcDateTime),
    Column("letter_id", String(36), nullable=False),
    Column("advised_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("method", String(10)),
    Column("acknowledged_at", UtcDateTime),
    Column("overdue_at", UtcDateTime),
    Column("uncertain_since", UtcDateTime),
    Column("decline_asked_by", String(80), nullable=False),
    Column("declined_by", String(80), nullable=False),
    Column("declined_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("notice_case", "authority", "case_id"),
    Index("notice_contact", "authority", "contact_id"),
    Index("notice_act", "authority", "state", "act_on"),
    Index("notice_late", "authority", "state", "late_after"),
    Index("notice_listed", "authority", "late_after", "raised_at", "id"),
    Index("notice_decline", "authority", "decline_asked_by"),
    Index("notice_letter", "authority", "letter_id"),
    Index("notice_raised", "authority", "raised_at"),
)

case_known = Table(
    "case_known",
    metadata,
    authority_column(primary_key=True),
    Column("case_id", String(36), primary_key=True),
    Column("contact_id", String(36), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("case_known_contact", "authority", "contact_id"),
)

contact_known = Table(
    "contact_known",
    metadata,
    authority_column(primary_key=True),
    Column("contact_id", String(36), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

recipient = Table(
    "recipient",
    metadata,
    authority_column(primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("confirmed_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# The contacts that a notice of a look-back rests on; `outstanding` are those that nobody acted on.
lookback_contact = Table(
    "lookback_contact",
    metadata,
    authority_column(primary_key=True),
    Column("notice_id", String(36), primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("outstanding", Boolean, nullable=False),
    Index("lookback_contact_of", "authority", "contact_id"),
)

# The own contact behind a reference that another authority was shown, and which one may quote it.
pointed = Table(
    "pointed",
    metadata,
    authority_column(primary_key=True),
    Column("reference", String(36), primary_key=True),
    Column("other", String(40), nullable=False),
    Column("contact_id", String(64), nullable=False),
    Index("pointed_contact", "authority", "contact_id"),
)

disclosure = Table(
    "disclosure",
    metadata,
    authority_column(primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("side", String(10), nullable=False),
    Column("other", String(40), nullable=False),
    Column("reference", String(36), nullable=False),
    Column("contact_id", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", String(80), nullable=False),
    # Requests from before answers had a clock have no day.
    Column("due_on", Date),
    # Of the holding side alone.
    Column("remind_on", Date),
    Column("reminded_at", UtcDateTime),
    Column("overdue_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("disclosure_listed", "authority", "side", "asked_at"),
    Index("disclosure_late", "authority", "state", "due_on"),
    Index("disclosure_about", "authority", "reference"),
)
