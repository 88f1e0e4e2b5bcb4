"""A request to erase a record: one person asks with a ground, another decides. Once it is done no words are
left of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.errors import Invalid, NotAllowed, Refused


class Ground(StrEnum):
    """Why a record is to be erased."""

    RETENTION = "retention"
    DECISION = "decision"


class Standing(StrEnum):
    """Where a request to erase stands."""

    ASKED = "asked"
    REFUSED = "refused"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """A request about one record."""

    record_id: str
    reference: str
    ground: Ground
    asked_by: str
    asked_at: datetime
    reason: str = ""
    state: Standing = Standing.ASKED
    decided_by: str = ""
    decided_at: datetime | None = None
    answer: str = ""


def decide(one: Erasure, by: str, now: datetime, *, approve: bool, answer: str) -> Erasure:
    """A second person decides. Raises NotAllowed for whoever asked, Refused when it is decided already."""
    if one.state is not Standing.ASKED:
        raise Refused("This request has been decided already.")
    if one.asked_by == by:
        raise NotAllowed("Somebody else must decide: you asked for it yourself.")
    if not approve and not answer.strip():
        raise Invalid("Enter why it is kept.", {"answer": ["Enter why it is kept."]})
    decided = replace(one, decided_by=by, decided_at=now)
    if approve:
        return replace(decided, state=Standing.DONE, reason="", answer="")
    return replace(decided, state=Standing.REFUSED, answer=answer.strip())
