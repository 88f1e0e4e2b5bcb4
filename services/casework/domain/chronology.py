"""The story of a case, line by line: what was done here, what was heard from elsewhere, what people added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Where a line comes from; also the filter on the page."""

    CASE = "case"
    CONTACT = "contact"
    MATCH = "match"
    NOTICE = "notice"
    NOTE = "note"


SOURCE_WORDS: Mapping[str, str] = {
    Source.CASE: "Work on the case",
    Source.CONTACT: "The contact",
    Source.MATCH: "Earlier concerns",
    Source.NOTICE: "Duties to tell",
    Source.NOTE: "Notes",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line. `at` is when it happened, `recorded_at` when it was written down; lines never change or go.

    `corrects` is the id of an earlier note that this one puts right.
    """

    id: str
    case_id: str
    source: Source
    title: str
    at: datetime
    recorded_at: datetime
    actor: str
    words: str = ""
    corrects: str = ""
