"""How notices look on pages: words and colours of their states, rows of their tables, the buttons they
offer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import flask
from markupsafe import Markup

from services.notifications.domain.disclosure import Disclosure
from services.notifications.domain.notice import MOVES, UNSENT, Notice, Standing, State
from services.notifications.domain.rule import Rule, Unit
from services.notifications.domain.words import body_name, holder_name
from services.notifications.web.blueprint import APPROVERS, CLERKS, DECIDERS
from shared.actor import Actor
from shared.clock import LONDON
from shared.store.transaction import Transaction
from shared.vocabulary import Basis, Role
from shared.web.wording import date_words

STATES: Mapping[State, tuple[str, str]] = {
    State.DUE: ("To send", "yellow"),
    State.ADVISED: ("Advised, not sent", "light-blue"),
    State.UNCERTAIN: ("Uncertain", "orange"),
    State.SENT: ("Sent", "blue"),
    State.ACKNOWLEDGED: ("Acknowledged", ""),
    State.DECLINED: ("Not sent, approved", ""),
    State.WITHDRAWN: ("No longer needed", ""),
}
BASES: Mapping[Basis, str] = {
    Basis.DUTY: "Legal duty",
    Basis.POWER: "Legal power",
    Basis.PRACTICE: "Good practice",
}
METHODS: Mapping[str, str] = {
    "email": "By e-mail",
    "advice": "In the written advice of intake",
    "portal": "Through the recipient’s online form",
    "phone": "By telephone",
    "post": "By post",
}
DISCLOSED: Mapping[str, tuple[str, str]] = {
    "requested": ("To be decided", "yellow"),
    "given": ("Disclosed", "green"),
    "refused": ("Refused", ""),
}
DONE = {
    "advised": "The advice is recorded. The notice itself is still to be sent.",
    "sending": "The letter is on its way. The notice counts as sent once it has left.",
    "sent": "The notice is recorded as sent.",
    "acknowledged": "The acknowledgement is recorded.",
    "proposed": "Your proposal not to send it waits for another person's approval.",
    "resolved": "What you found out is recorded.",
    "written": "The content is saved.",
    "decided": "The decision is recorded.",
    "confirmed": "The notice is confirmed. Its days count from now on.",
}


@dataclass(frozen=True)
class Act:
    """A button of a notice: the page behind it, its words and who may press it."""

    slug: str
    words: str
    kind: str
    roles: tuple[Role, ...]


def today(tx: Transaction) -> date:
    """London's day."""
    return tx.now.astimezone(LONDON).date()


def state_words(notice: Notice, today: date) -> tuple[str, str]:
    """The words of a state with its colour; lateness and a letter on its way come first."""
    if notice.sending:
        return "Letter on its way", "light-blue"
    # Nobody is late for what nobody has confirmed.
    if notice.standing is Standing.TO_CONFIRM and notice.state in UNSENT:
        return "To confirm", "purple"
    if notice.is_overdue(today) and notice.standing is Standing.LIVE:
        late = "Advised, overdue" if notice.state is State.ADVISED else "Overdue"
        return late, "red"
    return STATES[notice.state]


def disclosure_words(one: Disclosure, today: date) -> tuple[str, str]:
    """The words of a request's state with its colour; that it is late, or soon will be, comes first."""
    if one.is_overdue(today):
        return "Overdue", "red"
    return ("Answer soon", "orange") if one.is_due_soon(today) else DISCLOSED[one.state]


def due_words(notice: Notice, rule: Rule | None) -> str:
    """By when, in words."""
    if notice.dates.due_on:
        return date_words(notice.dates.due_on)
    if rule is not None and rule.deadline.unit is Unit.NO_NUMBER:
        return f"No date in law; reminder {date_words(notice.dates.late_after)}"
    if rule is not None and rule.deadline.unit is Unit.WITHOUT_DELAY:
        return "Without delay"
    return "Not known: when the provider knew is not recorded"


def rows(found: Iterable[Notice], rules: Mapping[str, Rule], today: date) -> list[Sequence[object]]:
    """Table rows: reference, what, whose duty, state, by when."""
    return [_row(one, rules.get(one.rule), today) for one in found]


def _row(notice: Notice, rule: Rule | None, today: date) -> Sequence[object]:
    return [
        link(
            Markup('<span class="heed-reference">{}</span> {}').format(notice.reference, notice.rule),
            notice.id,
        ),
        f"{rule.title if rule else notice.rule}, to {body_name(notice.recipient)}",
        holder_name(notice.duty_of).capitalize(),
        tag(*state_words(notice, today)),
        due_words(notice, rule),
    ]


def tag(words: str, colour: str) -> Markup:
    """A state in a table; without colour it is plain text."""
    if not colour:
        return Markup("{}").format(words)
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, words)


HEAD = ["Notice", "What has to be said, and to whom", "Duty of", "State", "By when"]


def link(words: str, notice_id: str) -> Markup:
    """A link to the notice."""
    address = flask.url_for("notifications_pages.notice", notice_id=notice_id)
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, words)


def by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Rules by their ids."""
    return {rule.id: rule for rule in rules}


def acts_for(notice: Notice, actor: Actor) -> list[Act]:
    """The buttons that this person may press on this notice now; the same table of moves decides on pages
    and in acts.
    """
    return [act for act in _possible(notice) if actor.has(*act.roles)]


def _possible(notice: Notice) -> Iterable[Act]:
    moves = MOVES[notice.state]
    if notice.state is State.UNCERTAIN:
        yield Act("resolve", "Say whether it was sent", "", DECIDERS)
        return
    if notice.sending:
        return
    if State.SENT in moves:
        yield Act("send", "Send by e-mail", "", DECIDERS)
        yield Act("content", "Write the content", "secondary", CLERKS)
        yield Act("by-hand", "Record that it was sent another way", "secondary", CLERKS)
    if State.ADVISED in moves and notice.duty_of != "lado":
        yield Act("advise", "Record advice to whoever has the duty", "secondary", DECIDERS)
    if State.ACKNOWLEDGED in moves:
        yield Act("acknowledge", "Record the acknowledgement", "", CLERKS)
    yield from _declining(notice)


def _declining(notice: Notice) -> Iterable[Act]:
    if State.DECLINED not in MOVES[notice.state]:
        return
    if notice.decline_asked_by:
        yield Act("approval", "Decide on the proposal not to send it", "", APPROVERS)
    else:
        yield Act("decline", "Propose not to send it", "secondary", DECIDERS)
    if notice.standing is Standing.TO_CONFIRM:
        yield Act("confirm", "Confirm that it still stands", "secondary", DECIDERS)
