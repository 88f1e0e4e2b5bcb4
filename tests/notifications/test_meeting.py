"""Two managers decide on one request for disclosure; two officers make one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import services
from services.notifications.actions import disclosing
from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State
from services.notifications.store import disclosures
from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.platform import ConfigurationChanged
from shared.errors import Conflict
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from tests.meeting import meet, on_server
from tests.platform import SetClock

pytestmark = pytest.mark.servers
ASKED = Asked("Allegation", "The adult moved here.", "What was decided")


def manager(name: str) -> Scope:
    """Of the holder."""
    return Scope("dorset", Actor(name, frozenset({Role.MANAGER})), "thread")


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("notifications"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_what_one_manager_gave_another_cannot_refuse_at_the_same_moment(database: Database):
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    one = Disclosure("d-1", Side.HOLDING, "wiltshire", "P-7", "", State.REQUESTED, at, ASKED)
    with database.transaction(manager("first")) as tx:
        disclosures.save(tx, one)

    def decide(who: str, state: State) -> None:
        with database.transaction(manager(who)) as tx:
            disclosing.decide(tx, "d-1", state, Answer(words="This is what we say."))

    given, refused = meet(
        database, lambda: decide("first", State.GIVEN), lambda: decide("second", State.REFUSED)
    )
    assert given is None
    assert isinstance(refused, Conflict)
    with database.transaction(manager("first")) as tx:
        assert disclosures.get(tx, "d-1").decided_by == "first"


def known(database: Database, code: str) -> None:
    """The front door opened that authority."""
    value = {"display_name": code.capitalize(), "contact_route": "", "pooled": True}
    opened = ConfigurationChanged(
        configuration_id=f"{code}/authority", kind="authority", value=json.dumps(value),
        effective_from=datetime(2020, 1, 1, tzinfo=UTC), changed_by="test",
    )  # fmt: skip
    with database.transaction(Scope(code, Actor("system:test"), "thread")) as tx:
        replicas.apply_configuration(tx, opened)
        disclosures.note_pointer(tx, "dorset", "P-9", "w-1")


def test_two_who_ask_at_the_same_moment_make_one_request(database: Database):
    known(database, "wiltshire")

    def ask(who: str) -> str:
        with database.transaction(manager(who)) as tx:
            return disclosing.request(tx, "wiltshire", "P-9", ASKED)

    first, second = meet(database, lambda: ask("first"), lambda: ask("second"))
    assert first == second
    with database.transaction(manager("first")) as tx:
        assert [one.asked_by for one in disclosures.listed(tx, Side.ASKING, 0, 9)[0]] == ["first"]
