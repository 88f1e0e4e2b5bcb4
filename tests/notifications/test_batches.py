"""What notifications makes of facts does not depend on which of them come in one batch."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.casework import CaseClosed, CaseErased
from shared.contracts.findings import PlacingAuthority
from shared.contracts.intake import AdviceSent, ContactClosed, ContactCorrected, ContactErased
from shared.contracts.message import Event
from shared.contracts.people import Pointer
from shared.contracts.platform import ConfigurationChanged
from shared.contracts.search import (
    LookbackSigned,
    MatchFound,
    MatchWithdrawn,
    PointerShown,
    PointerWithdrawn,
)
from shared.vocabulary import Band, Decision, Recency
from tests.batches import Fact, Group, Listener, Twins
from tests.notifications.scenes import AWARE, MARLOWE, OPENED, adult, facts, opened, outcome, received
from tests.platform import SetClock

# The first has a case with duties, the second is a contact, of the third nobody has heard.
NUMBERS = (1, 2, 3)


def told(listener: Listener) -> Sequence[Group]:
    """A case and a contact; then all that other services may say of these and of a third."""
    listener.hear(
        *(Fact(_known(code), code) for code in ("dorset", "wiltshire")),
        *map(Fact, (_received(1), _opened(1), _facts(1), _received(2))),
    )
    there = (received(contact_id="w-1"), ContactClosed(
        contact_id="w-1", decision=Decision.NOT_MET_INTERNAL, closed_at=OPENED
    ))  # fmt: skip
    return [
        *([Fact(event) for event in _about(number)] for number in NUMBERS),
        [Fact(event) for event in _signed()],
        [Fact(event, "wiltshire") for event in there],
    ]


def _known(code: str) -> ConfigurationChanged:
    return ConfigurationChanged(
        configuration_id=f"{code}/authority",
        kind="authority",
        value=json.dumps({"display_name": code}),
        effective_from=OPENED - timedelta(days=400),
        changed_by="test",
    )


def _received(number: int) -> Event:
    return received(contact_id=f"c-{number}", reference=f"DOR-{number}")


def _opened(number: int) -> Event:
    return opened(case_id=f"k-{number}", contact_id=f"c-{number}", reference=f"DOR-{number}")


def _facts(number: int, *adults: object, **changes: object) -> Event:
    about = {"case_id": f"k-{number}", "contact_id": f"c-{number}", "reference": f"DOR-{number}"}
    return facts(*adults, **about, **changes)  # type: ignore[arg-type]


def _about(number: int) -> list[Event]:
    contact, case = f"c-{number}", f"k-{number}"
    corrected = {"contact_id": contact, "adults": (MARLOWE,), "corrected_by": "officer-1"}
    pointer = Pointer(
        holder="wiltshire", contact_route="", reference=f"w-{number}", band=Band.STRONG,
        recency=Recency.UNDER_1_YEAR, agrees=("name",),
    )  # fmt: skip
    return [
        _received(number),
        _opened(number),
        _facts(number),
        _facts(number, provider_aware_at=AWARE - timedelta(days=3)),
        _facts(number, adult(sectors=("EDUCATION_MAINTAINED",), roles=("TEACHER",))),
        _facts(number, adult(removed=True, harm_test=True), outcomes=(outcome("SEXUAL"),)),
        _facts(number, closed_at=OPENED),
        ContactCorrected(**corrected, corrected_at=OPENED),  # type: ignore[arg-type]
        ContactCorrected(**corrected, corrected_at=OPENED, case_id=case),  # type: ignore[arg-type]
        AdviceSent(contact_id=contact, advice_id="a-1", kind="NOT_MET", sent_at=OPENED),
        ContactClosed(contact_id=contact, decision=Decision.NOT_MET_INTERNAL, closed_at=OPENED),
        ContactClosed(contact_id=contact, decision=Decision.MET, closed_at=OPENED),
        CaseClosed(case_id=case, contact_id=contact, closed_at=OPENED),
        MatchFound(
            match_id=f"m-{number}", contact_id=contact, person_id="p", found_at=OPENED, pointer=pointer
        ),
        MatchWithdrawn(match_id=f"m-{number}", contact_id=contact),
        PointerShown(
            reference=f"s-{number}", contact_id=contact, person_id="p", asker="wiltshire", purpose="CHECK",
            shown_at=OPENED,
        ),
        PointerWithdrawn(reference=f"s-{number}", withdrawn_at=OPENED),
        ContactErased(contact_id=contact, erased_at=OPENED),
        CaseErased(case_id=case, contact_id=contact, erased_at=OPENED),
    ]  # fmt: skip


_PLACING = PlacingAuthority(name="Wiltshire", contact_ids=("c-1", "c-2"))


def _signed() -> list[Event]:
    return [
        LookbackSigned(
            lookback_id=f"l-{number}", setting_id="s-1", reference=f"LB-{number}", display_name="Larch House",
            town="Poole", since=OPENED, until=OPENED, actioned=1, not_actioned=len(outstanding),
            outstanding=outstanding, placing=(_PLACING,),
            signed_by="manager-1", signed_at=OPENED,
        )
        for number, outstanding in enumerate([(), ("c-1",), ("c-1", "c-2"), ("c-3",)])
    ]  # fmt: skip


@pytest.fixture(scope="module")
def twins() -> Iterator[Twins]:
    """Notifications twice."""
    made = Twins("notifications", SetClock(OPENED), told)
    yield made
    made.close()


@settings(max_examples=60)
@given(st.data())
def test_facts_in_one_batch_do_what_they_do_one_by_one(twins: Twins, data: st.DataObject):
    only_alone, only_together = twins.differ(data.draw(twins.batches()))
    assert (only_alone, only_together) == (Counter(), Counter())
