"""A contact from arrival to the end of intake's part."""

from collections.abc import Collection

from services.intake.actions.permits import require
from services.intake.domain import contact as domain
from services.intake.domain.contact import Contact, State
from services.intake.domain.permission import Act
from services.intake.domain.report import Report, check
from services.intake.store import contacts, rules, users
from shared import replicas
from shared.clock import new_id
from shared.contracts.intake import ContactClosed, ContactReceived, ContactRestricted, ContactUnrestricted
from shared.errors import Invalid
from shared.store.transaction import Transaction
from shared.vocabulary import Decision


def receive_contact(tx: Transaction, report: Report, token: str = "", reference: str = "") -> Contact:
    """Take in a report; its clock starts now. A token seen before gives the contact it became then."""
    # Asked first, so that a repeated submission is not judged by the rules of today.
    if token and (earlier := contacts.find_by_token(tx, token)):
        return earlier
    check(report, tx.now)
    one = _arrived(tx, report, token, reference)
    if contacts.add(tx, one, report):
        tx.publish(_received(tx, one, report))
        return one
    return contacts.find_by_token(tx, token) or one


def enter_contact(tx: Transaction, report: Report, token: str = "") -> Contact:
    """Somebody of the authority writes down what reached them by telephone, letter or another system."""
    require(tx, Act.ENTER)
    return receive_contact(tx, report, token)


def take_contact(tx: Transaction, contact_id: str, version: int | None = None) -> Contact:
    """The actor answers for it from now on."""
    require(tx, Act.TAKE)
    one = domain.expect(contacts.get(tx, contact_id), version)
    return contacts.save(tx, domain.take(one, tx.scope.actor.id))


def close_contact(tx: Transaction, contact_id: str, version: int | None = None) -> Contact:
    """End a contact that was handed over."""
    require(tx, Act.CLOSE)
    one = domain.close(domain.expect(contacts.get(tx, contact_id), version), tx.now)
    tx.publish(ContactClosed(contact_id=one.id, decision=one.decision or Decision.TRANSFER, closed_at=tx.now))
    return contacts.save(tx, one)


def restrict_contact(
    tx: Transaction, contact_id: str, only: Collection[str] = (), never: Collection[str] = ()
) -> Contact:
    """Close it to all but `only`, or to `never` (conflict of interest): users' ids. Replaces the last."""
    require(tx, Act.RESTRICT)
    one = contacts.get(tx, contact_id)
    if not only and not never:
        raise Invalid("Choose who may see it, or who may not.", {"only": ["Choose at least one person."]})
    for user_id in {*only, *never}:
        users.get(tx, user_id)
    if only and not set(only) - set(never):
        raise Invalid(
            "Nobody could see it any more.", {"only": ["Leave at least one person who may see it."]}
        )
    # Applied here at once as well: the next page must not show what the bus will close in a second.
    event = ContactRestricted(contact_id=one.id, only=tuple(sorted(only)), never=tuple(sorted(never)))
    tx.publish(event)
    replicas.restrict(tx, one.id, only=event.only, never=event.never)
    return one


def unrestrict_contact(tx: Transaction, contact_id: str) -> Contact:
    """Open it again to its authority's usual readers."""
    require(tx, Act.UNRESTRICT)
    one = contacts.get(tx, contact_id)
    tx.publish(ContactUnrestricted(contact_id=one.id))
    replicas.restrict(tx, one.id)
    return one


def _arrived(tx: Transaction, report: Report, token: str, reference: str) -> Contact:
    contact_id = new_id()
    return Contact(
        id=contact_id,
        reference=reference or rules.new_reference(tx, contact_id),
        token=token,
        state=State.NEW,
        channel=report.channel,
        contact_type=report.contact_type,
        sector=report.sector,
        origin=tx.scope.origin.value,
        received_at=tx.now,
        respond_by=rules.clock(tx, "answer", tx.now).at,
        known_to_employer_at=report.known_to_employer_at,
    )


def _received(tx: Transaction, one: Contact, report: Report) -> ContactReceived:
    return ContactReceived(
        contact_id=one.id,
        reference=one.reference,
        channel=one.channel,
        contact_type=one.contact_type,
        received_at=one.received_at,
        respond_by=one.respond_by,
        known_to_employer_at=report.known_to_employer_at,
        concern_time=report.concern_time,
        referrer=report.referrer,
        adults=report.adults,
        children=report.children,
        allegations=report.allegations,
        files=tx.tools.files.named(tx, [file.id for file in report.files]),
    )
