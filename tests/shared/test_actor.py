"""Who acts, and what a consequence inherits from its cause."""

from datetime import timedelta

import msgspec
import pytest

from shared.actor import Actor, consequence_of, system_scope
from shared.contracts.message import Envelope, Origin
from shared.vocabulary import Role
from tests.conftest import MONDAY_MORNING

THEN = MONDAY_MORNING - timedelta(days=400)


def cause(origin: Origin) -> Envelope:
    return Envelope(
        id="1",
        type="contact.closed",
        version=1,
        topic="heed.intake.contact",
        key="c",
        sequence=1,
        authority="wiltshire",
        actor="officer-9",
        correlation_id="thread",
        origin=origin,
        occurred_at=THEN,
        recorded_at=MONDAY_MORNING,
        data=msgspec.Raw(b"{}"),
    )


def test_an_actor_has_a_role_when_any_of_those_asked_for_is_held():
    actor = Actor("u", frozenset({Role.OFFICER, Role.MANAGER}))
    assert actor.has(Role.ANALYST, Role.MANAGER)
    assert not actor.has(Role.ANALYST)
    assert not actor.has()


@pytest.mark.parametrize(("user", "system"), [("system:intake", True), ("u-1", False), ("referrer:1", False)])
def test_only_a_part_of_heed_is_the_system(user: str, system: bool):
    assert Actor(user).is_system is system


def test_a_pump_acts_as_its_service_without_any_role():
    scope = system_scope("casework", "dorset", "thread")
    assert (scope.authority, scope.actor.id, scope.correlation_id) == ("dorset", "system:casework", "thread")
    assert scope.actor.roles == frozenset()
    assert scope.origin is Origin.LIVE
    assert scope.as_of is None


@pytest.mark.parametrize("origin", Origin)
def test_a_consequence_stays_in_the_authority_thread_and_origin_of_its_cause(origin: Origin):
    scope = consequence_of(cause(origin), "casework")
    assert (scope.authority, scope.correlation_id, scope.origin) == ("wiltshire", "thread", origin)
    assert scope.actor.id == "system:casework"


@pytest.mark.parametrize(
    ("origin", "moment"),
    [(Origin.LIVE, None), (Origin.REBUILD, None), (Origin.DEMO, THEN), (Origin.IMPORT, THEN)],
)
def test_only_a_history_happens_in_its_own_time(origin: Origin, moment):
    assert consequence_of(cause(origin), "casework").as_of == moment
