"""What casework makes of facts does not depend on which of them come in one batch."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.casework.store import cases
from shared.contracts import intake, notifications, search
from shared.contracts.message import Event
from shared.contracts.people import Child
from shared.contracts.platform import ConfigurationChanged
from shared.vocabulary import Decision
from tests.batches import Fact, Group, Listener, Twins
from tests.casework.builders import MONDAY, TERMS, a_contact, a_decision, an_adult, system
from tests.casework.test_consumers import a_duty, a_match, an_own_record
from tests.casework.test_patterns import found as a_pattern
from tests.casework.test_patterns import reviewed
from tests.platform import SetClock

# Two have a case; the third is to be decided on, and of the fourth nobody has heard yet.
CONTACTS = ("c-1", "c-2", "c-3", "c-4")


def told(listener: Listener) -> Sequence[Group]:
    """Two open cases and a contact; then all that other services may say of these and of a fourth."""
    listener.hear(
        *(Fact(_known(code), code) for code in ("dorset", "wiltshire")),
        *(Fact(a_contact(contact_id=one)) for one in CONTACTS[:3]),
        *(Fact(a_decision(contact_id=one)) for one in CONTACTS[:2]),
    )
    with listener.database.transaction(system()) as tx:
        opened = [cases.find_by_contact(tx, one) for one in CONTACTS[:2]]
    about = [*map(_about_contact, CONTACTS), *(_about_case(one) for one in opened if one), _patterns()]
    there = [Fact(a_contact(contact_id="w-1"), "wiltshire"), Fact(a_decision(contact_id="w-1"), "wiltshire")]
    return [*([Fact(event) for event in events] for events in about), there]


def _known(code: str) -> ConfigurationChanged:
    return ConfigurationChanged(
        configuration_id=f"{code}/authority",
        kind="authority",
        value=json.dumps({**json.loads(TERMS), "display_name": code}),
        effective_from=MONDAY - timedelta(days=400),
        changed_by="test",
    )


def _about_contact(contact: str) -> list[Event]:
    judged: dict[str, Any] = {"contact_id": contact, "judged_by": "officer-1", "judged_at": MONDAY}
    match = a_match(f"m-{contact}")
    own = a_match(f"o-{contact}", own=an_own_record())
    better = an_adult(born="1987-05-04")
    return [
        a_contact(contact_id=contact),
        a_decision(contact_id=contact),
        a_decision(contact_id=contact, decision=Decision.NOT_MET_LOW_LEVEL),
        replace(match, contact_id=contact),
        replace(own, contact_id=contact),
        search.MatchWithdrawn(match_id=f"m-{contact}", contact_id=contact),
        search.LinkConfirmed(match_id=f"m-{contact}", **judged),
        search.LinkRejected(match_id=f"o-{contact}", **judged),
        search.LinkUnsure(match_id=f"o-{contact}", **judged),
        intake.AdviceSent(contact_id=contact, advice_id="a-1", kind="MET", sent_at=MONDAY),
        intake.ContactClosed(contact_id=contact, decision=Decision.MET, closed_at=MONDAY),
        intake.ContactRestricted(contact_id=contact, only=("officer-1",)),
        intake.ContactUnrestricted(contact_id=contact),
        intake.ContactCorrected(
            contact_id=contact, adults=(better,), children=(Child(id="child-1", name="Philippa Example"),),
            corrected_by="officer-1", corrected_at=MONDAY,
        ),
        intake.ContactMerged(contact_id=contact, into="c-2", merged_by="officer-1", merged_at=MONDAY),
        intake.ContactUnmerged(contact_id=contact, was_in="c-2", unmerged_by="officer-1", unmerged_at=MONDAY),
        intake.ContactHeld(contact_id=contact, held_by="officer-1", held_at=MONDAY),
        intake.ContactReleased(contact_id=contact, released_by="officer-1", released_at=MONDAY),
        intake.ContactErased(contact_id=contact, erased_at=MONDAY),
    ]  # fmt: skip


def _about_case(case_id: str) -> list[Event]:
    notice = {"notice_id": f"n-{case_id}", "case_id": case_id}
    return [
        a_duty(case_id, notice_id=f"n-{case_id}"),
        notifications.NoticeAdvised(**notice, advised_at=MONDAY),
        notifications.NoticeAcknowledged(**notice, acknowledged_at=MONDAY),
        notifications.NoticeWithdrawn(**notice, withdrawn_at=MONDAY),
        notifications.NoticeUncertain(**notice, since=MONDAY),
    ]


def _patterns() -> list[Event]:
    return [
        a_pattern(contact_ids=("c-1", "c-3"), added=("c-1", "c-3")),
        a_pattern(contact_ids=("c-1", "c-2", "c-4"), added=("c-2", "c-4")),
        a_pattern(contact_ids=("c-2", "c-9"), added=()),
        reviewed("concern"),
        search.PatternWithdrawn(pattern_id="pt-1"),
    ]


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    """Casework twice."""
    made = Twins("casework", SetClock(MONDAY), told)
    yield made
    made.close()


@settings(max_examples=60)
@given(st.data())
def test_facts_in_one_batch_do_what_they_do_one_by_one(twins: Twins, data: st.DataObject):
    only_alone, only_together = twins.differ(data.draw(twins.batches()))
    assert (only_alone, only_together) == (Counter(), Counter())
