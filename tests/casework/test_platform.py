"""Casework among the other services: what it hears from them and what they make of its facts."""

from datetime import timedelta
from typing import Any

import pytest

from services.casework.store import duties, priors
from shared.actor import Scope
from shared.contracts.casework import CaseFacts, CaseOpened
from shared.contracts.intake import ContactReceived, ThresholdDecided
from shared.contracts.platform import ConfigurationChanged
from shared.vocabulary import Role
from tests.casework.builders import CONTACT, a_contact, a_decision, an_adult, an_allegation, system
from tests.page_client import PageClient
from tests.platform import Platform


@pytest.fixture
def case(platform: Platform, page: PageClient) -> str:
    """The address of a case that came of a contact at intake."""
    page.as_(Role.OFFICER)
    tell(platform)
    return page.get(f"/casework/by-contact/{CONTACT}").path


def tell(platform: Platform, authority: str = "dorset", **told: Any) -> None:
    """Intake publishes a contact and its met threshold."""
    contact = a_contact(received_at=platform.clock(), respond_by=platform.clock() + timedelta(days=1), **told)
    decision = a_decision(
        contact_id=contact.contact_id, decided_at=platform.clock(), decided_by=f"{authority}-officer"
    )
    with platform["intake"].database.transaction(Scope(authority, system().actor, "thread-1")) as tx:
        tx.publish(contact)
        tx.publish(decision)
    platform.settle()


def pool(platform: Platform, *authorities: str) -> None:
    """These authorities take part in the regional search from now on."""
    value = '{"display_name": "Invented Council", "contact_route": "01632 960001", "pooled": true}'
    for authority in authorities:
        with platform["intake"].database.transaction(Scope(authority, system().actor, "thread-2")) as tx:
            tx.publish(
                ConfigurationChanged(
                    configuration_id=f"{authority}/authority",
                    kind="authority",
                    value=value,
                    effective_from=platform.clock(),
                    changed_by="test",
                )
            )
    platform.settle()


def test_a_met_threshold_at_intake_becomes_a_case_under_the_same_thread(platform: Platform, case: str):
    (opened,) = [one for one in platform.envelopes("casework") if one.type == "case.opened"]
    assert opened.correlation_id == "thread-1"
    assert len(platform.events(CaseOpened.name)) == 1
    assert len(platform.events(CaseFacts.name)) == 1
    assert {ContactReceived.name, ThresholdDecided.name} <= {one.type for one in platform.envelopes("intake")}
    assert case.startswith("/casework/cases/")


def test_recorded_facts_come_back_as_a_duty_on_the_case(platform: Platform, page: PageClient, case: str):
    page.get(f"{case}/people/adult-1/facts")
    page.submit({"regulated_activity": "yes", "removed": "yes", "harm_test": "yes"}, "Save")
    platform.settle()
    assert ["Disclosure and Barring Service", "N03"] in [
        [row[0], row[3]] for row in page.get(f"{case}/duties").rows("Duties on this case")
    ]
    assert "N03" in page.get(f"{case}/chronology?source=notice").text
    with platform["casework"].database.reading(system()) as tx:
        assert any(one.rule == "N03" for one in duties.of_case(tx, case.rsplit("/", 1)[1]))


def test_the_same_adult_named_again_stands_on_the_new_case(platform: Platform, page: PageClient, case: str):
    again = "00000000-0000-7000-8000-0000000000c2"
    told: dict[str, Any] = {
        "adults": (an_adult(id="adult-2"),),
        "allegations": (an_allegation(2, adult_id="adult-2"),),
    }
    tell(platform, contact_id=again, reference="DOR-2026-0002", **told)
    shown = page.get(f"/casework/by-contact/{again}")
    assert "Earlier concerns" in shown.text
    assert f"/intake/contacts/{CONTACT}" in shown.links.values()
    with platform["casework"].database.reading(system()) as tx:
        assert [one.own_contact_id for one in priors.of_contact(tx, again)] == [CONTACT]


def test_an_adult_named_in_another_authority_is_a_pointer_here(
    platform: Platform, page: PageClient, case: str
):
    elsewhere = "00000000-0000-7000-8000-0000000000c3"
    told: dict[str, Any] = {
        "adults": (an_adult(id="adult-3"),),
        "allegations": (an_allegation(3, adult_id="adult-3"),),
    }
    page.as_(Role.OFFICER, "wiltshire")
    pool(platform, "dorset", "wiltshire")
    tell(platform, contact_id="00000000-0000-7000-8000-0000000000c4", adults=(an_adult(id="adult-4"),))
    tell(platform, "wiltshire", contact_id=elsewhere, reference="WIL-2026-0001", **told)
    shown = page.get(f"/casework/by-contact/{elsewhere}")
    assert "Another authority holds" in shown.text
    assert "Invented Primary School" in shown.text
    assert not any("DOR-2026-0001" in one for one in (shown.text, shown.html))
    page.get(case, 404)


def test_a_closed_case_is_told_with_its_outcome(platform: Platform, page: PageClient, case: str):
    page.get(f"{case}/meetings/not-needed")
    page.submit({"reason": "Clear at once."}, "Save")
    page.get(f"{case}/allegations/allegation-1/outcome")
    found = {
        "proved": "no",
        "disproved": "no",
        "basis": "no",
        "outcome": "UNFOUNDED",
        "reasons": "It was misread.",
    }
    page.submit(found, "Record the outcome")
    page.get(f"{case}/child")
    page.submit({"no_voice_reason": "Too young.", "not_told_reason": "Too young."}, "Save")
    page.get(f"{case}/people/adult-1/support")
    page.submit({"no_support_reason": "She declined."}, "Save")
    page.get(f"{case}/close")
    page.submit({}, "Close the case")
    platform.settle()
    told = [one.type for one in platform.envelopes("casework") if one.topic == "heed.casework.case"]
    assert told[-2:] == ["case.closed", "case.facts"]
    assert "outcome.recorded" in told
