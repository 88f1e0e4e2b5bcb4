"""Facts that notifications publishes."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.contracts.message import Event
from shared.vocabulary import Basis


@dataclass(frozen=True, kw_only=True)
class AboutNotice(Event):
    """Abstract: the facts of one notice share topic and key."""

    name = ""
    topic = "heed.notifications.notice"
    keyed_by = "notice_id"
    notice_id: str
    case_id: str


@dataclass(frozen=True, kw_only=True)
class NoticeDue(AboutNotice):
    """A rule says somebody must, may or should tell somebody. `duty_of` is who has it (employer, provider,
    lado, …), `recipient` the body to be told; `due_on` None means without delay or no number in law. Comes
    again with the same id when facts move its day, when it fires again after a withdrawal, or when an
    uncertain letter turned out not to have left.
    """

    name = "notice.due"
    contact_id: str
    rule: str
    basis: Basis
    duty_of: str
    recipient: str
    adult_id: str
    due_on: date | None
    raised_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeAdvised(AboutNotice):
    """The officer told whoever has the duty to do it. Advised is not sent."""

    name = "notice.advised"
    advised_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeSent(AboutNotice):
    """It left: by Heed's own mail (`method` email), in intake's written advice (advice), or recorded by hand
    with evidence (portal, phone, post).
    """

    name = "notice.sent"
    method: str
    sent_at: datetime
    recipient: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class NoticeAcknowledged(AboutNotice):
    """The recipient confirmed that they have it."""

    name = "notice.acknowledged"
    acknowledged_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeDeclined(AboutNotice):
    """A person decided with a reason, approved by another, that it will not be sent."""

    name = "notice.declined"
    declined_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeOverdue(AboutNotice):
    """Its day has passed and it is neither sent nor declined. Once per notice."""

    name = "notice.overdue"
    due_on: date
    rule: str


@dataclass(frozen=True, kw_only=True)
class NoticeWithdrawn(AboutNotice):
    """The facts changed so that the rule no longer fires, before anything was sent."""

    name = "notice.withdrawn"
    withdrawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeUncertain(AboutNotice):
    """Sending was interrupted: it may or may not have left. A person must look; it is never sent again by
    itself.
    """

    name = "notice.uncertain"
    since: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeBounced(AboutNotice):
    """The mail server refused the letter for good: it did not leave, and the notice stands as before."""

    name = "notice.bounced"
    bounced_at: datetime


@dataclass(frozen=True, kw_only=True)
class AboutDisclosure(Event):
    """Abstract: one authority's side of a request that another disclose what is behind a pointer.

    Both sides publish facts with the same `disclosure_id`; `side` is asking or holding, `contact_id` the own
    contact it is about (empty when the asker searched for none). What was written is in neither.
    """

    name = ""
    topic = "heed.notifications.disclosure"
    keyed_by = "disclosure_id"
    disclosure_id: str
    side: str
    contact_id: str


@dataclass(frozen=True, kw_only=True)
class DisclosureRequested(AboutDisclosure):
    """An authority asked `other`, or was asked by it, quoting the pointer's `reference`."""

    name = "disclosure.requested"
    other: str
    reference: str
    requested_at: datetime
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DisclosureReminded(AboutDisclosure):
    """Nobody of the holder has answered and `due_on` is near: told once, to the holder."""

    name = "disclosure.reminded"
    due_on: date


@dataclass(frozen=True, kw_only=True)
class DisclosureOverdue(AboutDisclosure):
    """Nobody of the holder answered by `due_on`: told once, to both sides."""

    name = "disclosure.overdue"
    due_on: date


@dataclass(frozen=True, kw_only=True)
class DisclosureGiven(AboutDisclosure):
    """A manager of the holder decided to disclose something."""

    name = "disclosure.given"
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class DisclosureRefused(AboutDisclosure):
    """A manager of the holder decided to disclose nothing."""

    name = "disclosure.refused"
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecipientChanged(Event):
    """Somebody vouched for the address of a body in an authority's directory (`confirmed`), or took that
    back. `recipient_id` is authority and kind; `reason` says where the address was taken from. The address
    stays in notifications.
    """

    name = "recipient.changed"
    topic = "heed.notifications.recipient"
    keyed_by = "recipient_id"
    recipient_id: str
    kind: str
    confirmed: bool
    changed_by: str
    changed_at: datetime
    reason: str = ""
