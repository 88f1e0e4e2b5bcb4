"""A notice: one duty to tell somebody, from the moment it is raised to the proof that it was done, or the
reason it was not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from services.notifications.domain.dates import Dates
from services.notifications.domain.facts import CaseFacts, ContactKnown
from shared.errors import Refused
from shared.vocabulary import Basis


class State(StrEnum):
    """Where a notice stands. ADVISED means only that whoever has the duty was told to do it."""

    DUE = "due"
    ADVISED = "advised"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[State, frozenset[State]] = {
    State.DUE: frozenset({State.ADVISED, State.SENT, State.DECLINED, State.WITHDRAWN, State.UNCERTAIN}),
    State.ADVISED: frozenset({State.SENT, State.DECLINED, State.WITHDRAWN, State.UNCERTAIN}),
    # Back to DUE only by a person who found out: nothing statutory is ever sent twice by itself.
    State.UNCERTAIN: frozenset({State.SENT, State.DUE, State.ADVISED, State.WITHDRAWN}),
    State.SENT: frozenset({State.ACKNOWLEDGED}),
    State.ACKNOWLEDGED: frozenset(),
    State.DECLINED: frozenset(),
    # The facts may turn again; the notice keeps its identity and its past.
    State.WITHDRAWN: frozenset({State.DUE}),
}
UNSENT = frozenset({State.DUE, State.ADVISED})


class Standing(StrEnum):
    """How far a notice binds anybody: raised from a live fact, or by a history that a person must confirm
    first.
    """

    LIVE = "live"
    TO_CONFIRM = "to_confirm"
    HISTORIC = "historic"


class Method(StrEnum):
    """How a notice left: by Heed's own mail, in intake's written advice, or by hand."""

    EMAIL = "email"
    ADVICE = "advice"
    PORTAL = "portal"
    PHONE = "phone"
    POST = "post"


BY_HAND = (Method.PORTAL, Method.PHONE, Method.POST, Method.EMAIL)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """`fires` says whether its rule still holds; `letter_id` is set while a letter is on its way.
    `answers` complete the content list by hand, `because` says why it was raised.
    """

    id: str
    case_id: str
    contact_id: str
    reference: str
    rule: str
    basis: Basis
    duty_of: str
    recipient: str
    adult_id: str
    dates: Dates
    raised_at: datetime
    aware_at: datetime | None = None
    state: State = State.DUE
    standing: Standing = Standing.LIVE
    fires: bool = True
    letter_id: str = ""
    advised_at: datetime | None = None
    sent_at: datetime | None = None
    method: Method | None = None
    acknowledged_at: datetime | None = None
    overdue_at: datetime | None = None
    uncertain_since: datetime | None = None
    decline_asked_by: str = ""
    declined_by: str = ""
    declined_at: datetime | None = None
    because: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    advised_by: str = ""
    advice: str = ""
    sent_by: str = ""
    sent_to: str = ""
    evidence: str = ""
    acknowledgement: str = ""
    decline_reason: str = ""
    version: int = 1

    @property
    def sending(self) -> bool:
        """Whether a letter was handed to the mail and has neither left nor failed."""
        return bool(self.letter_id) and self.state in UNSENT

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed unsent."""
        return self.state in UNSENT and today > self.dates.late_after


def standing_for(facts: CaseFacts | ContactKnown, *, live: bool) -> Standing:
    """What a newly raised notice counts for: closed histories are historic, open ones wait for a person."""
    if live:
        return Standing.LIVE
    return Standing.HISTORIC if facts.closed_at else Standing.TO_CONFIRM


def advise(notice: Notice, by: str, advice: str, now: datetime) -> Notice:
    """Whoever has the duty was told to do it. Refused for the officer's own duties: there is nobody to
    advise.
    """
    if notice.duty_of == "lado":
        raise Refused("This notice is yours to send. Send it, or record that it will not be sent.")
    return replace(_moved(notice, State.ADVISED), advised_by=by, advice=advice, advised_at=now)


def check_sendable(notice: Notice) -> None:
    """Refused when a letter is on its way, when it has left, or when it may have left."""
    _refuse_while_sending(notice)
    if notice.state is State.UNCERTAIN:
        raise Refused("A letter for this notice may have left already. Find out and record it first.")
    _check(notice, State.SENT)


def start_sending(notice: Notice, letter_id: str) -> Notice:
    """A letter was handed to the mail. The state does not change until it has left."""
    check_sendable(notice)
    return replace(notice, letter_id=letter_id)


def letter_left(notice: Notice, now: datetime) -> Notice:
    """The letter was carried away."""
    return replace(_moved(notice, State.SENT), method=Method.EMAIL, sent_at=now, uncertain_since=None)


def sent_by_hand(notice: Notice, by: str, method: Method, evidence: str, sent_at: datetime) -> Notice:
    """Somebody sent it another way and says how that is known."""
    _refuse_while_sending(notice)
    # An uncertain letter may be overtaken by a telephone call; its own end no longer matters.
    told = replace(_moved(notice, State.SENT), method=method, evidence=evidence, sent_at=sent_at)
    return replace(told, sent_by=by, letter_id="", uncertain_since=None)


def covered_by_advice(notice: Notice, sent_at: datetime) -> Notice:
    """Intake's written advice told the referrer already."""
    return replace(_moved(notice, State.SENT), method=Method.ADVICE, sent_at=sent_at, letter_id="")


def became_uncertain(notice: Notice, now: datetime) -> Notice:
    """Sending was interrupted: it may or may not have left."""
    return replace(_moved(notice, State.UNCERTAIN), uncertain_since=now)


def not_accepted(notice: Notice, reason: str) -> Notice:
    """The mail refused the letter for good, so that it certainly did not leave."""
    return replace(notice, letter_id="", evidence=reason)


def resolve(notice: Notice, by: str, *, left: bool, evidence: str, now: datetime) -> Notice:
    """A person looked: it left, or it did not and stands as before (or falls, when its rule no longer
    holds).
    """
    if left:
        # It left when sending broke off, not when somebody found out.
        told = replace(_moved(notice, State.SENT), method=Method.EMAIL, sent_at=notice.uncertain_since or now)
        return replace(told, sent_by=by, evidence=evidence, uncertain_since=None)
    before = State.ADVISED if notice.advised_at else State.DUE
    target = before if notice.fires else State.WITHDRAWN
    return replace(_moved(notice, target), letter_id="", uncertain_since=None, evidence=evidence)


def acknowledge(notice: Notice, acknowledgement: str, at: datetime) -> Notice:
    """The recipient confirmed that they have it."""
    # People say the minute, the sending knows the second: within the same minute it is after.
    if notice.sent_at and at < notice.sent_at.replace(second=0, microsecond=0):
        raise Refused("It cannot be acknowledged before it was sent. Check the date.")
    at = max(at, notice.sent_at or at)
    return replace(_moved(notice, State.ACKNOWLEDGED), acknowledgement=acknowledgement, acknowledged_at=at)


def ask_decline(notice: Notice, by: str, reason: str) -> Notice:
    """Propose that it will not be sent; another person decides."""
    _refuse_while_sending(notice)
    _check(notice, State.DECLINED)
    return replace(notice, decline_asked_by=by, decline_reason=reason)


def approve_decline(notice: Notice, by: str, now: datetime) -> Notice:
    """The second person agrees that it will not be sent."""
    if not notice.decline_asked_by:
        raise Refused("Nobody has proposed not to send this notice. Give the reason first.")
    # Whatever the roles are: a manager too needs a second person.
    if notice.decline_asked_by == by:
        raise Refused("Another person must approve this: whoever proposed it may not.")
    _refuse_while_sending(notice)
    return replace(_moved(notice, State.DECLINED), declined_by=by, declined_at=now)


def drop_decline(notice: Notice) -> Notice:
    """The proposal falls; the notice stands as before."""
    if not notice.decline_asked_by or notice.state is State.DECLINED:
        raise Refused("There is no open proposal not to send this notice.")
    return replace(notice, decline_asked_by="", decline_reason="")


def write(notice: Notice, answers: Mapping[str, str]) -> Notice:
    """Other words for its content list; what has left cannot change."""
    _refuse_while_sending(notice)
    if notice.state not in UNSENT:
        raise Refused(f"A notice that is {notice.state} cannot be written any more.")
    return replace(notice, answers=answers)


def without_words(notice: Notice, kept: Collection[str], because: tuple[str, ...]) -> Notice:
    """Nothing that anybody wrote for it, save these answers; where it stands does not change."""
    answers = {item: text for item, text in notice.answers.items() if item in kept}
    return replace(
        notice,
        answers=answers,
        because=because,
        advice="",
        evidence="",
        acknowledgement="",
        decline_reason="",
    )


def withdraw(notice: Notice) -> Notice:
    """The facts no longer ask for it."""
    return replace(_moved(notice, State.WITHDRAWN), fires=False, decline_asked_by="", decline_reason="")


def raise_again(notice: Notice, dates: Dates, because: tuple[str, ...], now: datetime) -> Notice:
    """The facts ask for it once more, after it had been withdrawn."""
    fresh = replace(_moved(notice, State.DUE), fires=True, dates=dates, because=because, raised_at=now)
    return replace(fresh, advised_at=None, advised_by="", advice="", overdue_at=None)


def _refuse_while_sending(notice: Notice) -> None:
    if notice.sending:
        raise Refused("A letter for this notice is on its way. Wait until it has left.")


def _moved(notice: Notice, target: State) -> Notice:
    _check(notice, target)
    return replace(notice, state=target)


def _check(notice: Notice, target: State) -> None:
    if target not in MOVES[notice.state]:
        raise Refused(
            f"A notice that is {notice.state} cannot become {target}. Look at it again: it may have changed."
        )
