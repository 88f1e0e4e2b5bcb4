"""Two at one contact at the same moment, to erase or to hold it, where neither sees what the other did."""

from collections.abc import Iterator

import pytest

import services
from services.intake.actions import contacts, erasing, threshold
from services.intake.store import contacts as store
from services.intake.store.erasures import holding, requests
from shared.actor import Actor, Scope
from shared.errors import Conflict
from shared.keeping.erasure import Ground
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from tests.intake.builders import a_report
from tests.intake.test_righting import NO
from tests.meeting import meet, on_server
from tests.platform import SetClock

pytestmark = pytest.mark.servers


def officer(name: str, role: Role = Role.OFFICER) -> Scope:
    """Of Dorset."""
    return Scope("dorset", Actor(name, frozenset({role})), "thread")


def manager(name: str) -> Scope:
    """Who may hold and erase."""
    return officer(name, Role.MANAGER)


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("intake"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_the_second_is_told_that_somebody_asked_and_the_first_reason_stands(database: Database):
    with database.transaction(officer("first")) as tx:
        contact_id = contacts.receive_contact(tx, a_report()).id
        threshold.decide_threshold(tx, contact_id, NO)

    def ask(who: str) -> None:
        with database.transaction(officer(who)) as tx:
            erasing.ask_erasure(tx, contact_id, Ground.DECISION, f"The {who} reason.")

    asked, refused = meet(database, lambda: ask("first"), lambda: ask("second"))
    assert asked is None and isinstance(refused, Conflict)
    with database.transaction(officer("first")) as tx:
        kept = requests.find(tx, contact_id)
    assert kept is not None and (kept.asked_by, kept.reason) == ("first", "The first reason.")


def test_what_is_held_at_the_moment_of_its_erasure_is_kept(database: Database):
    with database.transaction(officer("first")) as tx:
        contact_id = contacts.receive_contact(tx, a_report()).id
        threshold.decide_threshold(tx, contact_id, NO)
        erasing.ask_erasure(tx, contact_id, Ground.DECISION, "It was ordered.")

    def hold() -> None:
        with database.transaction(manager("second")) as tx:
            erasing.hold_contact(tx, contact_id, "A court may ask for it.")

    def erase() -> None:
        with database.transaction(manager("third")) as tx:
            erasing.decide_erasure(tx, contact_id, approve=True)

    held, refused = meet(database, hold, erase)
    assert held is None and isinstance(refused, Conflict)
    with database.transaction(manager("second")) as tx:
        assert store.get(tx, contact_id).id == contact_id and holding.stands(tx, contact_id)
