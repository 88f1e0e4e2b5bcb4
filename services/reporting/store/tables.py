"""Reporting's tables: one per kind of fact, the sums kept of them, and the register of access.

Nothing here names a person: ids, codes and dates only; the reason of an access is somebody's own words and is
sealed. Columns carry the names of the fields of `domain.facts`, so that a row is a fact.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table

from services.reporting.domain import facts
from shared.store.guard import authority_column
from shared.store.tables import EXEMPT
from shared.store.types import UtcDateTime

metadata = MetaData()


def _id() -> Column[str]:
    return Column("id", String(36), primary_key=True)


def _code(name: str, length: int = 60) -> Column[str]:
    return Column(name, String(length), nullable=False)


contact = Table(
    "contact_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("reference"),
    Column("received_at", UtcDateTime),
    Column("received_on", Date),
    Column("respond_by", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("employer_on_time", Boolean),
    _code("channel"),
    _code("contact_type"),
    _code("concern_time"),
    _code("agency"),
    _code("sector"),
    _code("role"),
    _code("category"),
    _code("criteria", 200),
    _code("decision"),
    _code("repeat", 10),
    Column("met_on", Date),
    _code("case_id", 36),
    Column("case_opened_on", Date),
    Column("first_meeting_on", Date),
    Column("closed_on", Date),
    Index("contact_fact_received", "authority", "received_on", "id"),
    # Of those without an answer there are few, of the others a hundred thousand.
    Index("contact_fact_unanswered", "authority", "answered_at", "respond_by"),
    Index("contact_fact_reference", "authority", "reference"),
)

case = Table(
    "case_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("contact_id", 36),
    _code("reference"),
    Column("received_on", Date),
    Column("opened_on", Date),
    Column("first_meeting_due", Date),
    Column("first_meeting_on", Date),
    Column("concluded_on", Date),
    Column("closed_on", Date),
    Column("police", Boolean),
    Column("serious_harm", Boolean),
    Index("case_fact_open", "authority", "closed_on", "opened_on"),
    Index("case_fact_awaited", "authority", "first_meeting_on", "first_meeting_due"),
)

allegation = Table(
    "allegation_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("case_id", 36),
    _code("category"),
    _code("sector"),
    _code("outcome"),
    _code("scheme"),
    Column("outcome_on", Date),
    Index("allegation_fact_case", "authority", "case_id", "outcome"),
    Index("allegation_fact_outcome", "authority", "outcome"),
)

meeting = Table(
    "meeting_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("case_id", 36),
    _code("kind"),
    Column("starts_on", Date),
    Column("held_on", Date),
    Index("meeting_fact_case", "authority", "case_id"),
)

notice = Table(
    "notice_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("case_id", 36),
    _code("rule"),
    _code("basis"),
    _code("duty_of"),
    _code("standing", 20),
    Column("raised_on", Date),
    Column("due_on", Date),
    Column("sent_on", Date),
    Index("notice_fact_open", "authority", "standing", "due_on"),
    Index("notice_fact_case", "authority", "case_id"),
)

match = Table(
    "match_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("contact_id", 36),
    _code("place", 10),
    Column("sure", Boolean, nullable=False),
    _code("judgement", 20),
    Index("match_fact_contact", "authority", "contact_id"),
)

pattern = Table(
    "pattern_fact",
    metadata,
    authority_column(primary_key=True),
    _id(),
    _code("kind", 20),
    _code("signs", 400),
    Column("found_on", Date),
    _code("review", 20),
)

OF_KIND: dict[type[facts.Fact], Table] = {
    facts.Contact: contact,
    facts.Case: case,
    facts.Allegation: allegation,
    facts.Meeting: meeting,
    facts.Notice: notice,
    facts.Match: match,
    facts.Pattern: pattern,
}

tally = Table(
    "tally",
    metadata,
    authority_column(primary_key=True),
    Column("grain", String(5), primary_key=True),
    Column("measure", String(30), primary_key=True),
    Column("dimension", String(20), primary_key=True),
    Column("starts", Date, primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("count", Integer, nullable=False),
)

# Counts only, of every authority, for the region's comparison: `store/region.py` alone reads it.
region_tally = Table(
    "region_tally",
    metadata,
    Column("measure", String(30), primary_key=True),
    Column("dimension", String(20), primary_key=True),
    Column("starts", Date, primary_key=True),
    Column("holder", String(40), primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("count", Integer, nullable=False),
    info=EXEMPT | {"crossed": "holder"},
)

heard = Table(
    "heard",
    metadata,
    authority_column(primary_key=True),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("count", BigInteger, nullable=False),
)

access = Table(
    "access_entry",
    metadata,
    authority_column(primary_key=True),
    _id(),
    Column("at", UtcDateTime, nullable=False),
    _code("service", 20),
    _code("actor_id", 80),
    _code("act", 20),
    _code("subject_kind", 40),
    _code("subject_id", 80),
    _code("purpose"),
    Column("reason", LargeBinary, nullable=False),
    Column("found", Integer, nullable=False),
    Index("access_entry_at", "authority", "at", "id"),
    Index("access_entry_actor", "authority", "actor_id", "at"),
)

# One row per id that an access showed: its own subject and every result of a search.
access_subject = Table(
    "access_subject",
    metadata,
    authority_column(primary_key=True),
    Column("subject_id", String(80), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("entry_id", String(36), primary_key=True),
)

# Everybody in the register, so that a page can offer them to choose from.
access_actor = Table(
    "access_actor",
    metadata,
    authority_column(primary_key=True),
    Column("actor_id", String(80), primary_key=True),
)

# What each authority calls a referral: no secret, and every benchmark must say it.
region_definition = Table(
    "region_definition",
    metadata,
    Column("holder", String(40), primary_key=True),
    Column("referral", String(30), nullable=False),
    info=EXEMPT | {"crossed": "holder"},
)
