"""Closed lists travel in facts and lie in databases: their codes never change."""

from enum import StrEnum

import pytest

from shared import vocabulary
from shared.vocabulary import Band, Basis, Criterion, Decision, Outcome, Recency, Role

KEPT: dict[type[StrEnum], set[str]] = {
    Role: {"officer", "coordinator", "manager", "auditor", "analyst", "administrator", "operator"},
    Criterion: {"HARM", "OFFENCE", "RISK", "SUITABILITY"},
    Decision: {
        "MET",
        "MORE_INFO",
        "NOT_MET_INTERNAL",
        "NOT_MET_LOW_LEVEL",
        "NOT_MET_COMPLAINT",
        "NOT_MET_SIGNPOST",
        "TRANSFER",
    },
    Outcome: {"SUBSTANTIATED", "MALICIOUS", "FALSE", "UNSUBSTANTIATED", "UNFOUNDED"},
    Band: {"strong", "likely", "possible"},
    Recency: {"under 1 year", "1 to 5 years", "over 5 years"},
    Basis: {"DUTY", "POWER", "PRACTICE"},
}


@pytest.mark.parametrize("kind", KEPT, ids=lambda kind: kind.__name__)
def test_no_code_that_was_ever_written_down_is_lost(kind: type[StrEnum]):
    assert {one.value for one in kind} >= KEPT[kind]


def test_every_closed_list_is_kept_by_this_test():
    lists = {one for one in vars(vocabulary).values() if isinstance(one, type) and issubclass(one, StrEnum)}
    assert lists - {StrEnum} == set(KEPT)


def test_the_five_outcomes_of_england_are_exactly_five():
    assert len(Outcome) == 5
