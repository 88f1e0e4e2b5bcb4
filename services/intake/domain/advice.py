"""Advice to whoever told us: written once. What turns out wrong is corrected by a further piece of advice."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.errors import Invalid, Refused

# What one e-mail can hold and one person can read.
LONGEST = 20_000


class Delivery(StrEnum):
    """How far a piece of advice has come."""

    QUEUED = "queued"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"


LABELS: dict[Delivery, str] = {
    Delivery.QUEUED: "Waiting to be sent",
    Delivery.SENT: "Sent",
    Delivery.UNCERTAIN: "Not known whether it left: ask whether it arrived",
    Delivery.REFUSED: "Could not be delivered: give it another way",
}


@dataclass(frozen=True, kw_only=True)
class Advice:
    """`method` is email, or how it was given by hand; `corrects` is the id of the piece it puts right."""

    id: str
    contact_id: str
    kind: str
    method: str
    text: str
    written_by: str
    written_at: datetime
    corrects: str = ""
    letter_id: str = ""
    sent_at: datetime | None = None
    delivery: Delivery = Delivery.QUEUED


def check(advice: Advice, *, reachable: bool) -> Advice:
    """The same, when it can be given this way. Raises Invalid."""
    problems: dict[str, list[str]] = {}
    if not advice.text.strip():
        problems["text"] = ["Write the advice."]
    elif len(advice.text) > LONGEST:
        problems["text"] = [f"Shorten the advice to {LONGEST:,} characters or fewer."]
    if advice.method == "email" and not reachable:
        problems["method"] = ["We have no e-mail address for them. Say how you gave the advice instead."]
    if problems:
        raise Invalid("The advice is not complete. Correct the parts named.", problems)
    return advice


def sent(advice: Advice, at: datetime) -> Advice:
    """It left. Raises Refused when that was known before."""
    if advice.sent_at:
        raise Refused("This advice was sent before.")
    return replace(advice, sent_at=at, delivery=Delivery.SENT)
