"""Codes are shown in the words of the work, whichever service shows them."""

from services.intake.domain import codes
from services.notifications.domain.words import BODIES, HOLDERS
from shared.code_words import code_words, shipped
from shared.vocabulary import Decision, Outcome

LISTS = {
    "sector": "employment_sector", "role": "role", "category": "harm_category", "agency": "referrer_agency",
    "contact_type": "contact_type", "decision": "decision",
}  # fmt: skip


def test_every_code_that_intake_ships_has_words_in_the_other_services():
    bare = {
        (kind, code)
        for kind, name in LISTS.items()
        for code in codes.shipped()[name]
        if code not in shipped()[kind]
    }
    assert not bare


def test_every_closed_list_has_words():
    assert {*Decision} <= set(shipped()["decision"])
    assert {*Outcome} == set(shipped()["outcome"])
    assert {*BODIES, *HOLDERS} <= set(shipped()["body"])


def test_a_code_that_an_authority_added_reads_as_it_is_spelt():
    assert code_words("sector", "NEW_LA_SERVICE") == "New LA service"
    assert code_words("sector", "") == ""
    assert code_words("nothing", "OPEN") == "Open"
