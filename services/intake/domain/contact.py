"""An approach to an authority's officers, from the first word to the end of intake's part."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.errors import Conflict, Refused
from shared.vocabulary import Decision


class State(StrEnum):
    """Where an approach stands."""

    NEW = "new"
    TAKEN = "taken"
    WAITING = "waiting"
    TRANSFERRING = "transferring"
    MET = "met"
    CASE = "case"
    CLOSED = "closed"


LABELS: dict[State, str] = {
    State.NEW: "New",
    State.TAKEN: "With an officer",
    State.WAITING: "More information needed",
    State.TRANSFERRING: "Being handed over",
    State.MET: "Case being opened",
    State.CASE: "In a case",
    State.CLOSED: "Closed",
}

# The states in which the officers still owe an answer.
OPEN = frozenset({State.NEW, State.TAKEN, State.WAITING})


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Ids, codes and moments only; everything personal is in its `Report`.

    `respond_by` is fixed when it arrives. `token` makes a repeated submission find the first one.
    `case_id` is casework's; `checked_at` is search's, None until earlier concerns were looked for.
    """

    id: str
    reference: str
    state: State
    channel: str
    contact_type: str
    received_at: datetime
    respond_by: datetime
    origin: str
    token: str = ""
    sector: str = "UNKNOWN"
    owner: str = ""
    decision: Decision | None = None
    known_to_employer_at: datetime | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    case_id: str = ""
    merged_into: str = ""
    checked_at: datetime | None = None
    version: int = 1

    @property
    def answered_in_time(self) -> bool | None:
        """Whether the first decision came by the time it was due; None while there is none."""
        return None if self.decided_at is None else self.decided_at <= self.respond_by

    def overdue(self, now: datetime) -> bool:
        """Whether an answer is owed and its time has passed."""
        return self.state in OPEN and self.decided_at is None and now > self.respond_by


def expect(contact: Contact, version: int | None) -> Contact:
    """Raises Conflict when the page that was answered showed an older state."""
    if version is not None and version != contact.version:
        raise Conflict("Somebody else changed this contact. Look at it again, then repeat your change.")
    return contact


def take(contact: Contact, officer: str) -> Contact:
    """An officer answers for it from now on; another officer may take it over while it is open."""
    if contact.state not in OPEN:
        raise Refused("This contact has been decided, so there is nothing left to take on.")
    # One that waits for information goes on waiting, whoever answers for it.
    state = State.TAKEN if contact.state is State.NEW else contact.state
    return replace(contact, owner=officer, state=state)


def close(contact: Contact, now: datetime) -> Contact:
    """End a hand-over that came to nothing more, or whose other side has taken it on."""
    if contact.state is not State.TRANSFERRING:
        raise Refused("Only a contact being handed over is closed by hand. Record a decision instead.")
    return replace(contact, state=State.CLOSED, closed_at=now)


def merge(contact: Contact, into: Contact, now: datetime) -> Contact:
    """It is another report of the same concern, which is answered there."""
    if contact.id == into.id:
        raise Refused("This is the same contact. Give the reference of the other one.")
    if contact.state not in OPEN:
        raise Refused("This contact has been decided. Join the other one to it instead.")
    if into.merged_into:
        raise Refused("The other contact was joined to a third. Give the reference of that one.")
    return replace(contact, state=State.CLOSED, closed_at=now, merged_into=into.id)


def unmerge(contact: Contact) -> Contact:
    """It is a concern of its own after all."""
    if not contact.merged_into:
        raise Refused("This contact is not joined to another.")
    state = State.TAKEN if contact.owner else State.NEW
    return replace(contact, state=state, closed_at=None, merged_into="")


def case_opened(contact: Contact, case_id: str) -> Contact:
    """Casework has taken it on."""
    return replace(contact, state=State.CASE, case_id=case_id)


def case_closed(contact: Contact, case_id: str, closed_at: datetime) -> Contact:
    """The case it led to has ended."""
    return replace(contact, state=State.CLOSED, case_id=case_id, closed_at=closed_at)
