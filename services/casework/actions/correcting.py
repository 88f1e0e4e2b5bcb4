"""Details of adults and children that intake put right, in a case or for a case to come."""

from dataclasses import replace

from services.casework.actions.chronology import tell
from services.casework.domain import case as case_rules
from services.casework.domain import subject as subject_rules
from services.casework.domain.case import Case
from services.casework.domain.chronology import Source
from services.casework.domain.subject import Subject
from services.casework.store import cases, contacts, subjects
from shared.contracts.intake import ContactCorrected
from shared.contracts.people import Child, Person
from shared.store.transaction import Transaction


def correct_contact(tx: Transaction, corrected: ContactCorrected) -> None:
    """The case has the adults and children as they stand now, and its chronology says what was put right; a
    case that opens later begins with them.
    """
    known = contacts.find(tx, corrected.contact_id)
    if known is not None:
        children = corrected.children or known.told.children
        contacts.remember(tx, replace(known.told, adults=corrected.adults, children=children))
    case_id = cases.take_by_contact(tx, corrected.contact_id)
    if case_id is not None:
        _correct_case(tx, case_id, corrected)


def _correct_case(tx: Transaction, case_id: str, corrected: ContactCorrected) -> None:
    dossier, now = cases.get(tx, case_id), {adult.id: adult for adult in corrected.adults}
    wrong = [one for one in dossier.subjects if now.get(one.id, one.person) != one.person]
    for one in wrong:
        _correct(tx, one, now[one.id], corrected)
    children = _children(tx, dossier.case, corrected)
    if wrong or children != dossier.case.children:
        # A new version: what somebody was about to decide was about other details.
        cases.save(tx, replace(dossier.case, children=children))


def _correct(tx: Transaction, one: Subject, person: Person, corrected: ContactCorrected) -> None:
    right = replace(one, person=person)
    subjects.save(tx, right)
    what = subject_rules.differences(one.person, person)
    _tell(tx, one.case_id, "an adult", right.name, what, corrected)


def _children(tx: Transaction, case: Case, corrected: ContactCorrected) -> tuple[Child, ...]:
    now = {child.id: child for child in corrected.children}
    right = tuple(now.get(one.id, one) for one in case.children)
    for before, after in zip(case.children, right, strict=True):
        if before != after:
            what = case_rules.differences(before, after)
            _tell(tx, case.id, "a child", after.name or "Child not named", what, corrected)
    return right


def _tell(
    tx: Transaction, case_id: str, whose: str, name: str, what: tuple[str, ...], corrected: ContactCorrected
) -> None:
    tell(
        tx,
        case_id,
        f"Details of {whose} were put right",
        words=f"{name}: {', '.join(what)}. The reason, and the report as given, stand with the contact.",
        source=Source.CONTACT,
        at=corrected.corrected_at,
    )
