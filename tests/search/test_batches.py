"""What stands in search does not depend on which facts come in one batch.

What is told on the way does: a match that the next fact of the batch takes back is not found at all, and a
pattern that grew at once did not grow.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts import intake
from shared.contracts.casework import CaseErased, CaseRestricted, CaseUnrestricted, OutcomeRecorded
from shared.contracts.message import Event
from shared.contracts.people import Child
from shared.contracts.platform import ConfigurationChanged
from shared.vocabulary import Decision, Outcome
from tests.batches import Fact, Group, Listener, Row, Tables, Twins
from tests.platform import SetClock
from tests.search.adults import MONDAY, adult, bare, case, contact

# One adult is named again and again, here and in the other authority; another turns out to be meant.
SAME, OTHER = adult(), bare("Zebedee", "Oakapple", "1951-01-30")
CONTACTS = ("c-1", "c-2", "c-3")


def told(listener: Listener) -> Sequence[Group]:
    """Two pooled authorities and a contact in each; then all that is said of these and of others."""
    listener.hear(*(Fact(_known(code), code) for code in ("dorset", "wiltshire")))
    listener.hear(Fact(contact("c-1")), Fact(contact("w-1"), "wiltshire"))
    return [
        *([Fact(event) for event in _about(one)] for one in CONTACTS),
        [Fact(event, "wiltshire") for event in _about("w-1")],
    ]


def _known(code: str) -> ConfigurationChanged:
    return ConfigurationChanged(
        configuration_id=f"{code}/authority",
        kind="authority",
        value=json.dumps({"display_name": code, "contact_route": "", "pooled": True}),
        effective_from=MONDAY - timedelta(days=400),
        changed_by="test",
    )


def _about(one: str) -> list[Event]:
    right = {"contact_id": one, "corrected_by": "officer-1", "corrected_at": MONDAY}
    better = replace(SAME, emails=("rosalind@post.example",))
    outcome = OutcomeRecorded(
        case_id=f"k-{one}", allegation_id="a-1", adult_id=SAME.id, category="PHYSICAL",
        outcome=Outcome.SUBSTANTIATED, scheme="england-2023", recorded_on=MONDAY,
    )  # fmt: skip
    return [
        contact(one),
        contact(one, SAME, replace(OTHER, id="adult-2"), children=(Child(id="ch", placed_by="wiltshire"),)),
        case(f"k-{one}", one),
        case(f"k-{one}", one, OTHER),
        intake.ContactCorrected(adults=(better,), **right),  # type: ignore[arg-type]
        intake.ContactCorrected(adults=(OTHER,), case_id=f"k-{one}", **right),  # type: ignore[arg-type]
        intake.ThresholdDecided(
            contact_id=one, decision=Decision.MET, criteria=(), tier="T3", reasons="So.",
            decided_by="officer-1", decided_at=MONDAY + timedelta(days=1),
        ),
        intake.ContactClosed(contact_id=one, decision=Decision.MET, closed_at=MONDAY + timedelta(days=2)),
        intake.ContactMerged(contact_id=one, into="c-3", merged_by="officer-1", merged_at=MONDAY),
        intake.ContactUnmerged(contact_id=one, was_in="c-3", unmerged_by="officer-1", unmerged_at=MONDAY),
        intake.ContactRestricted(contact_id=one, only=("officer-1",)),
        intake.ContactUnrestricted(contact_id=one),
        CaseRestricted(case_id=f"k-{one}", only=("officer-1",)),
        CaseUnrestricted(case_id=f"k-{one}"),
        outcome,
        replace(outcome, outcome=Outcome.UNFOUNDED),
        intake.ContactErased(contact_id=one, erased_at=MONDAY),
        CaseErased(case_id=f"k-{one}", contact_id=one, erased_at=MONDAY),
    ]  # fmt: skip


def standing(tables: Tables) -> Iterator[object]:
    """All but what was withdrawn, which of two was found by the other, and what a pattern grew by."""
    gone = {row["pattern_id"] for row in tables["pattern"] if row["state"] == "withdrawn"}
    for row in tables.pop("match"):
        sides = {(row["contact_id"], row["person_id"]), (row["other_contact_id"], row["other_person_id"])}
        if row["state"] != "withdrawn":
            yield sorted(sides), _only(row, "authority", "holder", "band", "percent", "state", "data_mark")
    for row in tables.pop("pattern"):
        if row["pattern_id"] not in gone:
            yield _only(row, "pattern_id", "authority", "kind", "subject", "state")
    for row in tables.pop("pattern_record"):
        if row["pattern_id"] not in gone:
            yield _only(row, "pattern_id", "authority", "contact_id", "person_id")
    yield from (row for row in tables.pop("term") if row["mentions"])
    yield from _numbered(tables)


def _numbered(tables: Tables) -> Iterator[object]:
    """The rest, with whose mention it is instead of its number."""
    numbers = {row["number"]: _only(row, "authority", "contact_id", "person_id") for row in tables["mention"]}
    for table, rows in tables.items():
        for row in rows:
            yield table, row | {"number": numbers[row["number"]]} if "number" in row else row


def _only(row: Row, *names: str) -> list[object]:
    return [row[name] for name in names]


def lawful(batches: Sequence[Sequence[Fact]]) -> list[list[Fact]]:
    """Without what intake cannot say: anything of a contact before its receipt, and that twice."""
    known = {"c-1", "w-1"}
    return [[fact for fact in batch if _may_come(fact, known)] for batch in batches]


def _may_come(fact: Fact, known: set[str]) -> bool:
    if not isinstance(fact.event, intake.AboutContact):
        return True
    about, first = fact.event.contact_id, isinstance(fact.event, intake.ContactReceived)
    may = first is (about not in known)
    known |= {about} if first else set()
    return may


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    """Search twice."""
    made = Twins("search", SetClock(MONDAY + timedelta(days=3)), told, standing)
    yield made
    made.close()


@settings(max_examples=60)
@given(st.data())
def test_after_facts_in_one_batch_stands_what_stands_after_each_alone(twins: Twins, data: st.DataObject):
    only_alone, only_together = twins.differ(lawful(data.draw(twins.batches())))
    assert (only_alone, only_together) == (Counter(), Counter())
