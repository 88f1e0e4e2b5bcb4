"""Details of adults that intake put right, in a case or for a case to come."""

from dataclasses import replace

from services.casework.actions.chronology import tell
from services.casework.domain import subject as subject_rules
from services.casework.domain.chronology import Source
from services.casework.domain.subject import Subject
from services.casework.store import cases, contacts, subjects
from shared.contracts.intake import ContactCorrected
from shared.contracts.people import Person
from shared.store.transaction import Transaction


def correct_contact(tx: Transaction, corrected: ContactCorrected) -> None:
    """The case has the adults as they stand now, and its chronology says what was put right; a case that
    opens later begins with them.
    """
    known = contacts.find(tx, corrected.contact_id)
    if known is not None:
        contacts.remember(tx, replace(known.told, adults=corrected.adults))
    case_id = cases.take_by_contact(tx, corrected.contact_id)
    if case_id is not None:
        _correct_case(tx, case_id, corrected)


def _correct_case(tx: Transaction, case_id: str, corrected: ContactCorrected) -> None:
    dossier, now = cases.get(tx, case_id), {adult.id: adult for adult in corrected.adults}
    wrong = [one for one in dossier.subjects if now.get(one.id, one.person) != one.person]
    for one in wrong:
        _correct(tx, one, now[one.id], corrected)
    if wrong:
        # A new version: what somebody was about to decide was about other details.
        cases.save(tx, dossier.case)


def _correct(tx: Transaction, one: Subject, person: Person, corrected: ContactCorrected) -> None:
    right = replace(one, person=person)
    subjects.save(tx, right)
    what = ", ".join(subject_rules.differences(one.person, person))
    tell(
        tx,
        one.case_id,
        "Details of an adult were put right",
        words=f"{right.name}: {what}. The reason, and the report as it was given, stand with the contact.",
        source=Source.CONTACT,
        at=corrected.corrected_at,
    )
