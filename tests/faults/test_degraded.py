"""The broker is taken away while people report concerns, and comes back: nobody is turned away, pages say
what is not known meanwhile, and nobody has to do anything."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import services
from shared.cli.private import free_port
from shared.mail.carriers import open_carrier
from shared.region import open_region
from shared.rehearsal import Rehearsal
from shared.settings import from_environment
from tests.faults.callers import Accepted, DutyOfficer, Notebook, Pile, Stories, sign_in
from tests.faults.crew import Crew, post
from tests.ports.secured_broker import SecuredBroker

pytestmark = pytest.mark.servers
PATIENCE = 90.0
UNKNOWN = "Not yet checked for earlier concerns"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[SecuredBroker]:
    made = SecuredBroker(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.kill()


class House:
    """Intake and search, each web and worker a process of its own, and one officer's program."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._notebook = Notebook()
        port = str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        self._stories = Stories(7)
        self._officer = DutyOfficer(0, {"intake": self.url}, self._notebook, Pile(), self._stories)
        workers = [post("worker", name, "worker", name) for name in ("intake", "search")]
        self.crew = Crew(
            [*workers, post("web", "intake", "web", "intake", "--port", port)], environment, folder
        )

    def report(self) -> Accepted:
        """One more concern, answered with 201 and decided."""
        self._officer.report(self._stories.take())
        return self._notebook.accepted[-1]

    def says(self, one: Accepted) -> str:
        """The contact's page."""
        path = f"{self.url}/intake/contacts/{one.contact_id}"
        answer = sign_in(self.url, one.authority).get(path, timeout=20)
        answer.raise_for_status()
        return answer.text


@pytest.fixture
def house(broker: SecuredBroker, tmp_path: Path) -> Iterator[House]:
    environment = {"HEED_DATA": str(tmp_path / "heed"), "HEED_BUS_URL": broker.url()}
    settings = from_environment(environment)
    region = open_region(settings, [services.load(name) for name in services.NAMES], open_carrier(settings))
    Rehearsal(region, None).turn()
    region.close()
    made = House(environment, tmp_path)
    with made.crew:
        yield made


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "It did not come about."
        time.sleep(0.3)


def test_concerns_are_taken_in_without_a_broker_and_checked_when_it_is_back(
    house: House, broker: SecuredBroker
):
    before = house.report()
    eventually(lambda: UNKNOWN not in house.says(before))
    broker.kill()
    meanwhile = [house.report() for _ in range(3)]
    assert all(UNKNOWN in house.says(one) for one in meanwhile)
    assert UNKNOWN not in house.says(before)
    broker.run()
    eventually(lambda: not any(UNKNOWN in house.says(one) for one in meanwhile))
    assert house.crew.exits == 0, "No process had to be started again."
