"""A service put together: kernel parts added, nothing connected, its own scope everywhere."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from shared import replicas
from shared.contracts.platform import ConfigurationChanged
from shared.messaging.open import open_log
from shared.runtime import Runtime, Turn, assemble, with_kernel
from shared.service import Office, Service, Subscriptions
from shared.settings import Settings
from shared.store.schema import create
from tests.platform import Letterbox, SetClock


def pump(office: Office) -> int:
    """Nothing due."""
    return 0


def service(**more: object) -> Service:
    return Service("reporting", MetaData(), Subscriptions(), tuple, (pump,), **more)  # type: ignore[arg-type]


@pytest.fixture
def runtime(settings: Settings, clock: SetClock) -> Iterator[Runtime]:
    made = assemble(service(), settings, open_log(settings), Letterbox(), clock)
    yield made
    made.database.close()
    made.log.close()


def test_putting_a_service_together_connects_to_nothing(settings: Settings, clock: SetClock):
    assemble(service(), settings, open_log(settings), Letterbox(), clock)
    assert not list(Path(settings.data).glob("reporting.db*"))


def test_every_service_hears_users_sessions_and_rules_and_sweeps_its_files():
    whole = with_kernel(service())
    assert {
        "user.changed",
        "session.ended",
        "configuration.changed",
        "contact.restricted",
    } <= whole.subscriptions.heard
    assert whole.pumps[0] is pump
    assert len(whole.pumps) == 2


def test_a_gateway_is_opened_once_from_the_settings(settings: Settings, clock: SetClock):
    opened: list[Settings] = []

    def open_index(chosen: Settings) -> str:
        opened.append(chosen)
        return "the index"

    built = service(open_gateway=open_index)
    made = assemble(built, settings, open_log(settings), Letterbox(), clock)
    assert opened == [settings]
    assert made.database.tools.gateway == "the index"


def test_a_service_acts_by_itself_under_its_own_name_each_time_in_a_new_thread(runtime: Runtime):
    first, second = runtime.system("dorset"), runtime.system("dorset")
    assert first.actor.id == "system:reporting"
    assert first.actor.is_system
    assert first.correlation_id != second.correlation_id


def hear_of(runtime: Runtime, *codes: str) -> None:
    create(runtime.database.engine, runtime.service.metadata)
    for code in codes:
        with runtime.database.transaction(runtime.system(code)) as tx:
            event = ConfigurationChanged(
                configuration_id=f"{code}/authority",
                kind="authority",
                value=json.dumps({"display_name": code}),
                effective_from=tx.now,
                changed_by="a",
            )
            replicas.apply_configuration(tx, event)


def test_a_service_knows_the_authorities_it_has_heard_of(runtime: Runtime):
    hear_of(runtime)
    assert runtime.authorities() == []
    hear_of(runtime, "dorset", "bcp")
    assert runtime.authorities() == ["bcp", "dorset"]


def test_a_pump_works_for_one_authority_at_the_wall_clock(runtime: Runtime, clock: SetClock):
    hear_of(runtime, "dorset")
    turn = Turn(runtime, "dorset")
    assert turn.now == clock()
    with turn.transaction() as tx:
        assert (tx.authority, tx.live, tx.now) == ("dorset", True, clock())
        assert tx.scope.actor.id == "system:reporting"


def test_a_pump_hands_letters_to_the_carrier_and_gets_its_proof(runtime: Runtime):
    letter = EmailMessage()
    letter["Subject"] = "Note"
    assert Turn(runtime, "dorset").carry(letter).endswith("letterbox.example>")
    assert isinstance(runtime.carrier, Letterbox)
    assert runtime.carrier.letters == [letter]
