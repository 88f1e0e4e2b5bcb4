"""Contacts put right: what is known of an adult or a child, and which contacts are one concern."""

from services.intake.actions.permits import require
from services.intake.domain import contact as domain
from services.intake.domain.contact import Contact, State
from services.intake.domain.permission import Act
from services.intake.store import contacts, corrections
from services.intake.store.erasures import holding
from shared.contracts.intake import ContactCorrected, ContactMerged, ContactUnmerged
from shared.contracts.people import Child, Person
from shared.errors import Invalid, NotFound, Refused
from shared.store.transaction import Transaction


def adults_of(tx: Transaction, contact_id: str) -> tuple[Person, ...]:
    """The adults of a contact as they stand now."""
    last = {one.person.id: one.person for one in corrections.of_contact(tx, contact_id) if one.person}
    return tuple(last.get(one.id, one) for one in contacts.report_of(tx, contact_id).adults)


def adult_of(tx: Transaction, contact_id: str, person_id: str) -> Person:
    """One of them. Raises NotFound."""
    found = next((one for one in adults_of(tx, contact_id) if one.id == person_id), None)
    if found is None:
        raise NotFound("This contact names no such adult. Open the contact again.")
    return found


def children_of(tx: Transaction, contact_id: str) -> tuple[Child, ...]:
    """The children of a contact as they stand now."""
    last = {one.child.id: one.child for one in corrections.of_contact(tx, contact_id) if one.child}
    return tuple(last.get(one.id, one) for one in contacts.report_of(tx, contact_id).children)


def child_of(tx: Transaction, contact_id: str, child_id: str) -> Child:
    """One of them. Raises NotFound."""
    found = next((one for one in children_of(tx, contact_id) if one.id == child_id), None)
    if found is None:
        raise NotFound("This contact names no such child. Open the contact again.")
    return found


def correct_adult(tx: Transaction, contact_id: str, person: Person, reason: str) -> None:
    """The adult is as given from now on, here, in the case that grew from it and wherever they are looked
    for. Raises Invalid without a reason or a difference, Refused while the case is being opened.
    """
    require(tx, Act.CORRECT)
    _correct(tx, contact_id, adult_of(tx, contact_id, person.id), person, reason)


def correct_child(tx: Transaction, contact_id: str, child: Child, reason: str) -> None:
    """The child is as given from now on, here, in the case that grew from it and in letters. Raises as
    `correct_adult`.
    """
    require(tx, Act.CORRECT)
    _correct(tx, contact_id, child_of(tx, contact_id, child.id), child, reason)


def _correct(
    tx: Transaction, contact_id: str, before: Person | Child, right: Person | Child, reason: str
) -> None:
    one = contacts.get(tx, contact_id)
    # Which details the case begins with is settled, and nobody knows its id yet.
    if one.state is State.MET and not one.case_id:
        raise Refused("The case is being opened with these details. Put them right in a moment.")
    if not reason.strip():
        raise Invalid("Enter the reason.", {"reason": ["Enter why this has to be put right."]})
    if right == before:
        raise Invalid("Nothing is different from what is known already.")
    corrections.add(tx, contact_id, right, reason.strip())
    # A new version: what somebody was about to decide was about other details.
    contacts.save(tx, one)
    tx.publish(
        ContactCorrected(
            contact_id=contact_id,
            adults=adults_of(tx, contact_id),
            corrected_by=tx.scope.actor.id,
            corrected_at=tx.now,
            case_id=one.case_id,
            children=children_of(tx, contact_id),
        )
    )


def merge_contact(tx: Transaction, contact_id: str, reference: str, version: int | None = None) -> Contact:
    """It is another report of the concern of the contact with that reference. Both reports are kept."""
    require(tx, Act.MERGE)
    one = domain.expect(contacts.get(tx, contact_id), version)
    into = contacts.find_by_reference(tx, reference)
    if into is None:
        problem = "There is no contact with this reference in your authority."
        raise Invalid(problem, {"reference": [problem]})
    # Joined to one whose case is erased it would go with that.
    if holding.stands(tx, contact_id):
        raise Refused("This contact is under a legal hold. Hold the other one, and lift this hold first.")
    # Else what was joined to it would hang from a contact that is itself joined.
    if contacts.all_merged_into(tx, contact_id):
        raise Refused("Other contacts are joined to this one. Join the other contact to this one instead.")
    merged = contacts.save(tx, domain.merge(one, into, tx.now))
    actor = tx.scope.actor.id
    tx.publish(ContactMerged(contact_id=one.id, into=into.id, merged_by=actor, merged_at=tx.now))
    return merged


def unmerge_contact(tx: Transaction, contact_id: str, version: int | None = None) -> Contact:
    """It is a concern of its own after all."""
    require(tx, Act.MERGE)
    one = domain.expect(contacts.get(tx, contact_id), version)
    alone = contacts.save(tx, domain.unmerge(one))
    actor = tx.scope.actor.id
    tx.publish(
        ContactUnmerged(contact_id=one.id, was_in=one.merged_into, unmerged_by=actor, unmerged_at=tx.now)
    )
    return alone
