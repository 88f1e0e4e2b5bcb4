"""Facts that intake publishes."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.files import NamedFile
from shared.contracts.message import Event
from shared.contracts.people import Allegation, Child, Person, Referrer
from shared.vocabulary import Decision


@dataclass(frozen=True, kw_only=True)
class AboutContact(Event):
    """Abstract: the facts of one contact share topic and key."""

    name = ""
    topic = "heed.intake.contact"
    keyed_by = "contact_id"
    contact_id: str


@dataclass(frozen=True, kw_only=True)
class ContactReceived(AboutContact):
    """Somebody told an authority's officers about a concern. Once per contact, as first given.

    `received_at` starts the officer's clock, `known_to_employer_at` the employer's. `respond_by` is the
    moment an answer is due under the authority's rule at that time. `channel` is online, phone, email, post,
    in_person or transfer. `files` are named only; a service that needs one grants it to itself.
    """

    name = "contact.received"
    reference: str
    channel: str
    contact_type: str
    received_at: datetime
    respond_by: datetime
    known_to_employer_at: datetime | None = None
    concern_time: str = "CURRENT"
    referrer: Referrer = field(default_factory=Referrer)
    adults: tuple[Person, ...] = ()
    children: tuple[Child, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    files: tuple[NamedFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ThresholdDecided(AboutContact):
    """An officer decided whether the harm threshold is met. May come again after MORE_INFO; the last one
    counts.
    """

    name = "threshold.decided"
    decision: Decision
    criteria: tuple[str, ...]
    tier: str
    reasons: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class AdviceSent(AboutContact):
    """Advice went to the referrer in writing; the words are kept by intake and never change."""

    name = "advice.sent"
    advice_id: str
    kind: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactClosed(AboutContact):
    """Intake's part has ended; `decision` is the last one. For MET the case goes on in casework."""

    name = "contact.closed"
    decision: Decision
    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactRestricted(AboutContact):
    """From now on the contact is closed to some. `only` non-empty: nobody else may see it; `never`: these may
    not (conflict of interest). Replaces what was said before.
    """

    name = "contact.restricted"
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContactUnrestricted(AboutContact):
    """The contact is open again to its authority's usual readers."""

    name = "contact.unrestricted"


@dataclass(frozen=True, kw_only=True)
class ContactCorrected(AboutContact):
    """What is known of the adults or children of a contact was put right. `adults` and `children` are all of
    them as they stand now, no children where they are unchanged; the report as first given stays in intake.
    `case_id` is the case that grew from it, which is put right as well; empty before there is one.
    """

    name = "contact.corrected"
    adults: tuple[Person, ...]
    corrected_by: str
    corrected_at: datetime
    case_id: str = ""
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContactMerged(AboutContact):
    """The contact turned out to be another report of the concern of `into`: the two count as one, and both
    reports are kept.
    """

    name = "contact.merged"
    into: str
    merged_by: str
    merged_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactUnmerged(AboutContact):
    """The contact is a concern of its own after all; its officers owe an answer again."""

    name = "contact.unmerged"
    was_in: str
    unmerged_by: str
    unmerged_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactHeld(AboutContact):
    """The contact is under a legal hold: it is kept, and a case that grows from it, until the hold is lifted.
    The reason stays in intake.
    """

    name = "contact.held"
    held_by: str
    held_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactReleased(AboutContact):
    """The legal hold of the contact was lifted."""

    name = "contact.released"
    released_by: str
    released_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactErased(AboutContact):
    """The contact is gone, with everything that was said in it. Whoever kept any of it deletes it; nothing
    about it that arrives later counts.
    """

    name = "contact.erased"
    erased_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """A person signed out, was signed out everywhere, or ran out of time. `ended_at` cuts every cookie issued
    before.
    """

    name = "session.ended"
    topic = "heed.intake.session"
    keyed_by = "user_id"
    user_id: str
    session_id: str
    everywhere: bool
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    """Who somebody is now: display name, roles, and whether they may sign in at all."""

    name = "user.changed"
    topic = "heed.intake.session"
    keyed_by = "user_id"
    user_id: str
    display_name: str
    email: str
    roles: tuple[str, ...]
    active: bool
