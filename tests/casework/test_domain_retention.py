"""How long the records of a closed case are kept."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.casework.domain import retention
from services.casework.domain.case import Stage
from services.casework.domain.outcomes import Verdict
from services.casework.domain.retention import REMAINING, Term, kept_until
from shared.vocabulary import Outcome
from tests.casework.builders import MONDAY, PROVED, UNPROVED, a_case, a_dossier, a_subject, an_adult, ended

TERMS = retention.terms_of(None, date(2026, 3, 2))
CLOSED: dict[str, Any] = {"closed_at": MONDAY, "stage": Stage.CLOSED}


@pytest.mark.parametrize(
    ("born", "outcome", "until"),
    [
        ("1988-05-04", UNPROVED, date(2055, 5, 4)),
        ("1988-05", PROVED, date(2055, 5, 31)),
        ("1988", PROVED, date(2055, 12, 31)),
        ("1950-01-01", PROVED, date(2036, 3, 2)),
        ("", PROVED, None),
        ("no date", PROVED, None),
        ("1988-02-31", PROVED, None),
    ],
)
def test_a_case_is_kept_to_pension_age_or_ten_years_whichever_is_later(
    born: str, outcome: Verdict, until: date | None
):
    adult = a_subject(person=an_adult(born=born))
    dossier = a_dossier(case=a_case(**CLOSED), subjects=(adult,), allegations=(ended(outcome),))
    assert kept_until(dossier, TERMS) == until


def test_what_was_found_to_be_false_is_kept_ten_years_whatever_the_age():
    false = ended(replace(PROVED, outcome=Outcome.FALSE))
    dossier = a_dossier(case=a_case(**CLOSED), subjects=(a_subject(),), allegations=(false,))
    assert kept_until(dossier, TERMS) == date(2036, 3, 2)
    assert kept_until(replace(dossier, case=a_case()), TERMS) is None
    assert kept_until(replace(dossier, subjects=()), TERMS) == date(2036, 3, 2)


def test_an_authority_keeps_cases_for_as_long_as_it_says():
    own = {REMAINING: {"years": 20, "age": 100}}
    assert retention.terms_of(own, date(2026, 3, 2))[REMAINING] == Term(years=20, age=100)
    assert TERMS[REMAINING] == Term(years=10, age=67)


def test_the_time_of_a_case_born_on_the_29th_of_february_passes_on_the_first_of_march():
    assert retention._later(date(2024, 2, 29), 10) == date(2034, 3, 1)
