"""The tables of a notice's page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.notifications.actions.letters import Draft
from services.notifications.domain.content import Line
from services.notifications.domain.letter import Letter
from services.notifications.domain.notice import UNSENT, Notice, Standing
from services.notifications.domain.rule import Rule
from services.notifications.domain.verdict import Verdict
from services.notifications.domain.words import holder_name
from services.notifications.web import shown
from services.notifications.web.shown import BASES
from shared import mail
from shared.web.wording import moment_words

_POSTED = {
    mail.State.PLANNED: "Waiting to leave",
    mail.State.SENDING: "Leaving",
    mail.State.SENT: "Left",
    mail.State.UNCERTAIN: "Uncertain",
    mail.State.REFUSED: "Refused by the mail server",
}
_ANSWERS = {True: "A notice is due", False: "No notice", None: "Cannot be said yet"}
Rows = list[Sequence[Any]]


def rule_rows(notice: Notice, draft: Draft) -> Rows:
    """What stands behind the notice."""
    return [
        ("Basis", f"{BASES[notice.basis]}: {draft.rule.law}"),
        ("Source", draft.rule.source),
        ("Duty of", holder_name(notice.duty_of).capitalize()),
        ("To be told", draft.letter.addressee),
    ]


def clock_state(notice: Notice, day: date) -> str:
    """The look of its clock."""
    if notice.state not in UNSENT:
        return "met"
    if notice.standing is not Standing.LIVE:
        return "confirm"
    if notice.is_overdue(day):
        return "overdue"
    return "soon" if notice.dates.act_on <= day else "running"


def content_rows(lines: Iterable[Line]) -> Rows:
    """Item, text and where it is from."""
    return [(line.label, line.text, _from(line)) for line in lines]


def _from(line: Line) -> str:
    if line.missing:
        return "Missing" if line.required else "Not known"
    return "Written for this notice" if line.by_hand else "The case"


def letter_rows(letter: Letter) -> Rows:
    """The particulars of the letter."""
    return list(letter.lines)


def history(notice: Notice, names: Mapping[str, str]) -> Rows:
    """What happened, in order; only what did."""
    by, sent_how = names.get, shown.METHODS.get(notice.method or "", "")
    rows: Rows = [
        ("Raised", moment_words(notice.raised_at)),
        ("Advised", _told(moment_words(notice.advised_at), by(notice.advised_by), notice.advice)),
        ("Flagged as overdue", moment_words(notice.overdue_at)),
        ("Uncertain since", moment_words(notice.uncertain_since)),
        (
            "Sent",
            _told(moment_words(notice.sent_at), by(notice.sent_by), sent_how),
        ),
        ("Sent to", notice.sent_to if notice.sent_at or notice.sending else ""),
        ("Evidence", notice.evidence),
        ("Acknowledged", _told(moment_words(notice.acknowledged_at), "", notice.acknowledgement)),
        ("Proposed not to send", _told("", by(notice.decline_asked_by), notice.decline_reason)),
        ("Approved not to send", _told(moment_words(notice.declined_at), by(notice.declined_by), "")),
    ]
    # Empty rows would read as things that failed to happen.
    return [(key, text) for key, text in rows if text]


def _told(when: str, by: str | None, words: str) -> str:
    head = f"{when}, by {by}" if when and by else when or (f"By {by}" if by else "")
    return "\n".join(part for part in (head, words) if part)


def people_of(notice: Notice) -> set[str]:
    """The ids of those who did something with it."""
    return {notice.advised_by, notice.sent_by, notice.decline_asked_by, notice.declined_by} - {""}


def posted(letters: Iterable[mail.Letter]) -> Rows:
    """Its letters with their proof."""
    return [
        (moment_words(one.created_at), _POSTED[one.state], moment_words(one.sent_at), one.proof)
        for one in letters
    ]


def judged(found: Iterable[tuple[Rule, str, Verdict]], names: Mapping[str, str]) -> Rows:
    """Rule, adult, answer and the findings behind it."""
    return [
        (
            f"{rule.id} {rule.title}",
            names.get(adult_id, "Name not known"),
            _ANSWERS[verdict.fires],
            "\n".join(finding.words for finding in verdict.findings),
        )
        for rule, adult_id, verdict in found
    ]
