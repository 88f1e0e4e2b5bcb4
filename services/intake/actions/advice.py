"""Advice: written once, sent to whoever told us, proved by the letter that left."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.actions.permits import require
from services.intake.domain import advice as domain
from services.intake.domain.advice import Advice, Delivery
from services.intake.domain.permission import Act
from services.intake.store import contacts, judgements
from shared import mail, replicas
from shared.clock import new_id
from shared.contracts.intake import AdviceSent
from shared.errors import Invalid
from shared.store.transaction import Transaction

ABOUT = "advice/"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an officer wrote. `method` is email, or how it was given by hand; `corrects` an earlier id."""

    text: str
    kind: str = "GENERAL"
    method: str = "email"
    corrects: str = ""


def send_advice(tx: Transaction, contact_id: str, words: Wording) -> Advice:
    """Give advice. By e-mail it is sent when the letter leaves; given by hand it is sent now."""
    require(tx, Act.ADVISE)
    one = contacts.get(tx, contact_id)
    email = contacts.report_of(tx, contact_id).referrer.email
    written = domain.check(_written(tx, contact_id, words), reachable=bool(email))
    if words.corrects and words.corrects not in {
        earlier.id for earlier in judgements.advice_of(tx, contact_id)
    }:
        raise Invalid("The advice to correct is not part of this contact.")
    # In a history the letter left long ago, or never will.
    if written.method == "email" and tx.live:
        letter_id = mail.plan(
            tx, to=email, subject=f"Advice on your report {one.reference}",
            body=_letter(tx, one.reference, words.text), about=f"{ABOUT}{written.id}",
        )  # fmt: skip
        written = replace(written, letter_id=letter_id)
        judgements.add_advice(tx, written)
        return written
    # Said over the telephone it has already been given; the record is made afterwards.
    return _given(tx, written)


def letter_left(tx: Transaction, letter: mail.Letter) -> None:
    """A letter left; advice in it counts as sent from that moment."""
    sent_at = letter.sent_at or tx.now
    found = judgements.find_advice(tx, letter.about.removeprefix(ABOUT))
    if found and judgements.mark_delivery(tx, found.id, Delivery.SENT, sent_at):
        _tell(tx, found, sent_at)


def letter_uncertain(tx: Transaction, letter: mail.Letter) -> None:
    """Nobody knows whether a letter left; the contact's page says so."""
    judgements.mark_delivery(tx, letter.about.removeprefix(ABOUT), Delivery.UNCERTAIN, None)


def letter_refused(tx: Transaction, letter: mail.Letter) -> None:
    """The address does not take it; the contact's page says so."""
    judgements.mark_delivery(tx, letter.about.removeprefix(ABOUT), Delivery.REFUSED, None)


def _given(tx: Transaction, written: Advice) -> Advice:
    given = domain.sent(written, tx.now)
    judgements.add_advice(tx, given)
    _tell(tx, given, tx.now)
    return given


def _tell(tx: Transaction, one: Advice, at: datetime) -> None:
    tx.publish(AdviceSent(contact_id=one.contact_id, advice_id=one.id, kind=one.kind, sent_at=at))


def _written(tx: Transaction, contact_id: str, words: Wording) -> Advice:
    return Advice(
        id=new_id(),
        contact_id=contact_id,
        kind=words.kind,
        method=words.method,
        text=words.text.strip(),
        written_by=tx.scope.actor.id,
        written_at=tx.now,
        corrects=words.corrects,
    )


def _letter(tx: Transaction, reference: str, text: str) -> str:
    authority = replicas.authority(tx, tx.authority)
    contact_us = f"\n\nTo talk about it, telephone {authority.phone}." if authority.phone else ""
    return (
        f"{text.strip()}{contact_us}\n\nYour reference: {reference}\n{authority.display_name}\n\n"
        "Keep this message safe. Do not pass it on to the adult it is about."
    )
