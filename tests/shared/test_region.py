"""All services of a region in one process: opened, moved by hand, observed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, inspect

from shared import replicas
from shared.contracts import all_topics
from shared.contracts.intake import ContactClosed
from shared.contracts.platform import ConfigurationChanged
from shared.errors import Refused
from shared.messaging.ports import Message
from shared.region import Region, Stepper, open_region, state
from shared.service import Office, Service, Subscriptions
from shared.settings import Settings
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from tests.platform import Letterbox, SetClock


def talkative(office: Office) -> int:
    """A pump that always has something left to do."""
    return 1


def pair(*, restless: bool = False) -> list[Service]:
    """One service that talks, one that answers each closed contact by looking at it."""
    answers = Subscriptions()

    @answers.on(ContactClosed)
    def answer(tx: Transaction, event: ContactClosed) -> None:
        if event.contact_id == "no":
            raise Refused("The test says no.")
        tx.accessed("viewed", "contact", event.contact_id)

    pumps = (talkative,) if restless else ()
    return [
        Service("intake", MetaData(), Subscriptions(), tuple, pumps),
        Service("casework", MetaData(), answers, tuple),
    ]


@pytest.fixture
def region(settings: Settings, clock: SetClock) -> Iterator[Region]:
    made = open_region(settings, pair(), Letterbox(), clock)
    yield made
    made.close()


def close(region: Region, *contacts: str) -> None:
    intake = region["intake"]
    with intake.database.transaction(intake.system("dorset")) as tx:
        for contact in contacts:
            tx.publish(ContactClosed(contact_id=contact, decision=Decision.MET, closed_at=tx.now))


def test_an_opened_region_has_its_tables_and_topics(region: Region):
    for runtime in region.runtimes.values():
        assert {"journal", "outbox", "letter", "known_user"} <= set(
            inspect(runtime.database.engine).get_table_names()
        )
    assert {one.topic for one in region.log.standing("casework", all_topics())} == all_topics()


def test_a_region_can_be_opened_again_over_what_is_there(region: Region, settings: Settings, clock: SetClock):
    close(region, "a")
    again = open_region(settings, pair(), Letterbox(), clock)
    assert state(again)["intake"]["outbox"] == 1
    again.close()


def test_settling_brings_every_consequence_about(region: Region):
    close(region, "a", "b")
    stepper = Stepper(region)
    stepper.settle()
    assert state(region) == {
        "intake": {"outbox": 0, "outbox_age": 0.0},
        "casework": {"outbox": 0, "outbox_age": 0.0},
    }
    stepper.close()


def test_one_services_turn_moves_only_what_is_its_own(region: Region):
    close(region, "a")
    stepper = Stepper(region)
    assert stepper.move("casework") == 0
    assert stepper.move("intake") >= 1
    assert stepper.move("casework") >= 1
    stepper.close()


def test_a_region_that_never_comes_to_rest_says_so(settings: Settings, clock: SetClock):
    region = open_region(settings, pair(restless=True), Letterbox(), clock)
    worked = Stepper(region)
    worked.settle(rounds=3)
    _open_dorset(region)
    with pytest.raises(RuntimeError, match="does not come to rest"):
        worked.settle(rounds=3)
    region.close()


def _open_dorset(region: Region) -> None:
    intake = region["intake"]
    with intake.database.transaction(intake.system("dorset")) as tx:
        event = ConfigurationChanged(
            configuration_id="dorset/authority",
            kind="authority",
            value='{"display_name": "Dorset Council"}',
            effective_from=tx.now,
            changed_by="a",
        )
        replicas.apply_configuration(tx, event)


def test_where_each_service_stands_can_be_read_at_once(region: Region, clock: SetClock):
    region.log.append([Message("heed.intake.contact", "k", b"?")])
    close(region, "no", "yes")
    before = state(region)["intake"]
    assert (before["outbox"], before["outbox_age"]) == (2, 0.0)
    stepper = Stepper(region)
    stepper.settle()
    assert state(region)["casework"]["refused"] == 2
    stepper.close()
