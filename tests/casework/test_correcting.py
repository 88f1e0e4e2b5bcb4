"""What intake puts right reaches the case, and its chronology says what it was."""

from collections.abc import Callable
from dataclasses import replace

from services.casework.store import cases, chronology, contacts
from shared.actor import Scope
from shared.contracts.intake import ContactCorrected
from shared.contracts.people import Child, Name
from shared.store.database import Database
from tests.casework.builders import CONTACT, MONDAY, a_contact, an_adult, open_a_case, system
from tests.casework.test_consumers import hear

Scopes = Callable[..., Scope]


def test_a_correction_reaches_the_case_and_its_chronology_says_what_was_put_right(
    casework: Database, scope: Scopes
):
    case_id = open_a_case(casework)
    right = an_adult(names=(Name(given="Morag", surname="Testwyck"),), born="1988-05-14")
    told = ContactCorrected(
        contact_id=CONTACT, adults=(right,), corrected_by="officer-1", corrected_at=MONDAY, case_id=case_id
    )
    with casework.transaction(system()) as tx:
        before = cases.get(tx, case_id).case.version
        hear(tx, told, told)
        dossier = cases.get(tx, case_id)
        lines = [one for one in chronology.of_case(tx, case_id) if "put right" in one.title]
    assert dossier.subjects[0].person == right and dossier.subjects[0].regulated_activity is True
    assert dossier.case.version == before + 1
    assert [one.words.partition(".")[0] for one in lines] == ["Morag Testwyck: name, date of birth"]


def test_a_childs_correction_reaches_the_case_and_its_chronology(casework: Database, scope: Scopes):
    case_id = open_a_case(casework)
    right = Child(id="child-1", name="Pippa Exemplar", placed_by="Kestrel Council")
    with casework.transaction(system()) as tx:
        before = cases.get(tx, case_id)
        told = ContactCorrected(
            contact_id=CONTACT, adults=tuple(one.person for one in before.subjects), children=(right,),
            corrected_by="officer-1", corrected_at=MONDAY, case_id=case_id,
        )  # fmt: skip
        hear(tx, told, told, replace(told, children=()))
        after = cases.get(tx, case_id)
        lines = [one for one in chronology.of_case(tx, case_id) if "put right" in one.title]
    assert after.case.children == (right,) and after.case.version == before.case.version + 1
    assert [(one.title, one.words.partition(".")[0]) for one in lines] == [
        ("Details of a child were put right", "Pippa Exemplar: name, who placed them")
    ]


def test_a_case_that_opens_later_begins_with_the_child_as_put_right(casework: Database):
    right = Child(id="child-1", name="Pippa Exemplar")
    told = a_contact()
    corrected = ContactCorrected(
        contact_id=CONTACT, adults=told.adults, children=(right,), corrected_by="u", corrected_at=MONDAY
    )
    with casework.transaction(system()) as tx:
        hear(tx, told, corrected)
        known = contacts.find(tx, CONTACT)
    assert known is not None and known.told.children == (right,)
