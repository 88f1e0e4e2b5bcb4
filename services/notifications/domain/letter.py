"""The words of a notice, once: the same letter becomes an e-mail, a page and a PDF."""

from dataclasses import dataclass
from datetime import date

from services.notifications.domain.content import Completeness
from services.notifications.domain.dates import in_full
from services.notifications.domain.notice import Notice
from services.notifications.domain.rule import Rule
from services.notifications.domain.words import holder_name

CLASSIFICATION = "OFFICIAL-SENSITIVE"
INVENTED = "Invented data: nobody in this document exists."


@dataclass(frozen=True)
class Letter:
    """`subject` and `cover` hold no name of a person: they travel as plain mail. Everything personal is in
    the rest, which becomes the attached document.
    """

    subject: str
    cover: str
    title: str
    sender: str
    addressee: str
    reference: str
    dated: str
    opening: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    closing: tuple[str, ...]
    invented: str
    classification: str = CLASSIFICATION


@dataclass(frozen=True)
class Stationery:
    """What every letter of this installation bears; `invented` marks a demonstration."""

    invented: bool


@dataclass(frozen=True)
class Sender:
    """Who writes: the authority, how its officers are reached, and on what paper."""

    authority: str
    contact_route: str
    stationery: Stationery


def write_letter(
    notice: Notice, rule: Rule, content: Completeness, sender: Sender, addressee: str, day: date
) -> Letter:
    """Put the letter together. Missing required items are said to be missing, not left out."""
    return Letter(
        # A reference, never a name: subjects are shown on locked screens and kept in logs.
        subject=f"Notice {notice.reference}-{rule.id} from {sender.authority}",
        cover=_cover(notice, rule, sender),
        title=rule.title,
        sender=sender.authority,
        addressee=addressee,
        reference=f"{notice.reference}-{rule.id}",
        dated=in_full(day),
        opening=_opening(notice, rule),
        # Unknown and not required is left out; unknown and required is said to be unknown.
        lines=tuple((one.label, one.text) for one in content.lines if one.text),
        missing=tuple(one.label for one in content.missing),
        closing=_closing(sender),
        invented=INVENTED if sender.stationery.invented else "",
    )


def _cover(notice: Notice, rule: Rule, sender: Sender) -> str:
    lines = [
        f"The designated officer of {sender.authority} sends you the attached notice.",
        f"Reference: {notice.reference}-{rule.id}",
        *([] if notice.recipient == "referrer" else [f"Legal basis: {rule.law}"]),
        "The attachment holds personal data. Keep it where only those who need it can read it.",
        f"Please confirm that you have it: {sender.contact_route}"
        if sender.contact_route
        else "Please confirm that you have it by answering this message.",
    ]
    return "\n\n".join(lines) + "\n"


def _opening(notice: Notice, rule: Rule) -> tuple[str, ...]:
    if notice.recipient == "referrer":
        return ("You told us about a concern. This is what became of it.",)
    if notice.duty_of == "lado":
        duty = "The designated officer tells you this as a matter of good practice."
    else:
        duty = f"The duty to tell you lies with {holder_name(notice.duty_of)}. {_advised(notice)}"
    return (f"Legal basis: {rule.law}.", duty)


def _advised(notice: Notice) -> str:
    if notice.advised_at is None:
        return "The designated officer sends you this notice on their behalf."
    return "The designated officer has advised them of it and sends you this notice on their behalf."


def _closing(sender: Sender) -> tuple[str, ...]:
    reach = (
        f"You can reach the designated officer here: {sender.contact_route}" if sender.contact_route else ""
    )
    return tuple(one for one in ("Please confirm that you have received this notice.", reach) if one)


def as_text(letter: Letter) -> str:
    """The letter as plain text, for the record and for readers without a PDF."""
    parts = [
        letter.classification,
        letter.invented,
        letter.title,
        f"To: {letter.addressee}",
        f"From: {letter.sender}",
        f"Date: {letter.dated}",
        f"Reference: {letter.reference}",
        *letter.opening,
    ]
    parts += [f"{label}: {text}" for label, text in letter.lines]
    if letter.missing:
        parts.append(f"Not known when this was written: {', '.join(letter.missing)}.")
    return "\n\n".join(part for part in (*parts, *letter.closing) if part) + "\n"
