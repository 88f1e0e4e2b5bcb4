"""The letter of a notice as it would go out now."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files

from services.notifications.actions.rules import rule_of
from services.notifications.domain.content import Completeness, complete
from services.notifications.domain.items import Material
from services.notifications.domain.letter import Letter, Sender, Stationery, write_letter
from services.notifications.domain.notice import Notice
from services.notifications.domain.recipient import Recipient, usable_address
from services.notifications.domain.rule import Rule
from services.notifications.domain.words import body_name
from services.notifications.store import known, recipients
from shared import documents, replicas
from shared.clock import LONDON
from shared.errors import NotFound, Refused
from shared.store.transaction import Transaction

REFERRER = "referrer"


@dataclass(frozen=True)
class Draft:
    """A letter with the rule behind it and how complete it is."""

    rule: Rule
    content: Completeness
    letter: Letter


def draft(tx: Transaction[Stationery], notice: Notice) -> Draft:
    """Write the letter from what is known now."""
    rule = rule_of(tx, notice.rule)
    content = complete(rule, _material(tx, notice), notice.answers)
    authority = replicas.authority(tx, tx.authority)
    sender = Sender(authority.display_name, authority.contact_route, tx.gateway)
    day = tx.now.astimezone(LONDON).date()
    return Draft(rule, content, write_letter(notice, rule, content, sender, _addressee(tx, notice), day))


def as_pdf(letter: Letter, at: datetime) -> bytes:
    """The letter as a tagged PDF, made at that moment."""
    # In an installed package the template may lie in an archive.
    with as_file(files(__package__) / "notice.typ") as template:
        return documents.pdf(template, letter, at=at)


def address_of(tx: Transaction, notice: Notice) -> str:
    """Where the letter goes. Refused while the address is missing or nobody has confirmed it."""
    if notice.recipient != REFERRER:
        return usable_address(recipients.get(tx, notice.recipient))
    contact = known.find_contact(tx, notice.contact_id)
    if contact is None or not contact.referrer.email:
        raise Refused("The referrer gave no e-mail address. Tell them another way and record how.")
    return contact.referrer.email


def entry_of(tx: Transaction, notice: Notice) -> Recipient | None:
    """The directory's entry for a notice's recipient; None for the referrer, who is not in it."""
    return None if notice.recipient == REFERRER else _entry(tx, notice.recipient)


# An authority's own rule may name a body that nobody has put into the directory yet.
def _entry(tx: Transaction, kind: str) -> Recipient | None:
    try:
        return recipients.get(tx, kind)
    except NotFound:
        return None


def _material(tx: Transaction, notice: Notice) -> Material:
    case = known.find_case(tx, notice.case_id) if notice.case_id else None
    return Material(notice.adult_id, case, known.find_contact(tx, notice.contact_id))


def _addressee(tx: Transaction, notice: Notice) -> str:
    entry = entry_of(tx, notice)
    if entry:
        return entry.name
    contact = known.find_contact(tx, notice.contact_id)
    named = contact.referrer.name or contact.referrer.organisation if contact else ""
    return named or body_name(notice.recipient)
