"""Casework alone: its database, and its pages in a browser that checks each of them."""

from collections.abc import Callable, Iterator
from functools import cached_property

import flask
import pytest

import services
from shared.region import Stepper, open_region
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from tests.casework.builders import open_a_case
from tests.moulds import cast
from tests.page_client import PageClient
from tests.platform import Letterbox, SetClock


@pytest.fixture
def casework(database: Callable[[str], Database]) -> Database:
    """Casework's database alone."""
    return database("casework")


class Desk:
    """One service on its own bus, with its web side."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.clock = clock
        present = [services.load("casework")]
        cast(present, settings)
        self.region = open_region(settings, present, Letterbox(), clock)
        self.stepper = Stepper(self.region)

    @property
    def database(self) -> Database:
        """Casework's database."""
        return self.region["casework"].database

    @cached_property
    def apps(self) -> dict[str, flask.Flask]:
        """The web side."""
        from shared.web.app import create_app

        return {"casework": create_app(self.region["casework"])}

    def close(self) -> None:
        """Give everything back."""
        self.stepper.close()
        self.region.close()


@pytest.fixture
def desk(settings: Settings, clock: SetClock) -> Iterator[Desk]:
    """Casework with its pages."""
    made = Desk(settings, clock)
    yield made
    made.close()


@pytest.fixture
def browser(desk: Desk) -> PageClient:
    """Somebody who looks at casework's pages."""
    return PageClient(desk)


@pytest.fixture
def case(desk: Desk, browser: PageClient) -> str:
    """The address of an open case, an officer looking."""
    case_id = open_a_case(desk.database)
    browser.as_(Role.OFFICER)
    return f"/casework/cases/{case_id}"


def case_id_of(address: str) -> str:
    """The id in the address of a case."""
    return address.rsplit("/", 1)[1]
