"""Two at one case at the same moment, where neither sees what the other did."""

from collections.abc import Callable, Iterator

import pytest

import services
from services.casework.actions import erasing
from services.casework.store import cases
from services.casework.store.erasing import holding
from shared.actor import Scope
from shared.errors import Conflict
from shared.keeping.erasure import Ground
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from tests.casework.builders import CONTACT
from tests.casework.test_erasing import close
from tests.meeting import meet, on_server
from tests.platform import SetClock

pytestmark = pytest.mark.servers


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("casework"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_what_is_held_at_the_moment_of_its_erasure_is_kept(database: Database, scope: Callable[..., Scope]):
    case_id = close(database, scope)
    with database.transaction(scope()) as tx:
        erasing.ask_erasure(tx, case_id, Ground.DECISION, "A court ordered it.")

    def hold() -> None:
        with database.transaction(scope("dorset", Role.MANAGER, user="second")) as tx:
            erasing.hold_case(tx, case_id, "An inquiry may ask for it.")

    def erase() -> None:
        with database.transaction(scope("dorset", Role.MANAGER, user="third")) as tx:
            erasing.decide_erasure(tx, case_id, approve=True)

    held, refused = meet(database, hold, erase)
    assert held is None and isinstance(refused, Conflict)
    with database.transaction(scope()) as tx:
        assert cases.get(tx, case_id).case.id == case_id and holding.stands(tx, CONTACT)
