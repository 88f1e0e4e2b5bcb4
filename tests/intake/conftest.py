"""Intake alone, with Dorset and Wiltshire open."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import MultiDict

import services
from services.intake.actions.configuration import open_authority
from services.intake.actions.users import add_user
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.session import User
from shared.actor import Actor, Scope
from shared.contracts.message import Origin
from shared.region import Stepper, open_region
from shared.settings import Settings
from shared.store.database import Database
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from shared.web import csrf
from tests.moulds import cast
from tests.page import Page
from tests.page_client import PageClient
from tests.platform import Letterbox, Platform, SetClock

Open = Callable[..., AbstractContextManager[Transaction[Any]]]
NAMES = {"dorset": "Dorset Council", "wiltshire": "Wiltshire Council"}


class House(Platform):
    """Intake on a bus of its own: what it publishes is seen, what it hears is said by the test."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.clock = clock
        self.letterbox = Letterbox()
        present = [services.load("intake")]
        cast(present, settings)
        self.region = open_region(settings, present, self.letterbox, clock)
        self.stepper = Stepper(self.region)

    def trouble_with_mail(self, carrier: Letterbox) -> None:
        """From here on letters go through this carrier."""
        self.stepper.close()
        self.letterbox = carrier
        self.region.runtimes["intake"] = replace(self.region["intake"], carrier=carrier)
        self.stepper = Stepper(self.region)


class Visitor(PageClient):
    """A browser that is always on some page."""

    @property
    def here(self) -> Page:
        """That page."""
        assert self.page is not None
        return self.page

    def token_of_this_browser(self) -> str:
        """The token that its own forms carry."""
        return self._token()

    def get_anything(self, path: str, query: Mapping[str, str]) -> int:
        """Ask for a list with any filters; the status."""
        return self._fetch("GET", f"{path}?{urlencode(query)}", {}).status

    def post_anything(self, path: str, answers: Mapping[str, Any]) -> int:
        """Send any answers, following to where they lead; the status."""
        data = MultiDict({csrf.FIELD: self._token(), **answers})
        page = self._fetch("POST", path, {"data": data})
        return self._fetch("GET", page.headers["Location"], {}).status if page.status == 302 else page.status

    def send_anything(self, method: str, path: str, body: Any) -> int:
        """Send any JSON; the status."""
        return self._fetch(method, path, {"json": body, "headers": {}}).status


@pytest.fixture
def house(settings: Settings, clock: SetClock) -> Iterator[House]:
    """Intake, with two authorities open."""
    made = House(settings, clock)
    for code, name in NAMES.items():
        with made["intake"].database.transaction(Scope(code, Actor("system:test"), "opening")) as tx:
            open_authority(tx, AuthorityRecord(display_name=name, phone="01632 960 100"))
    made.settle()
    yield made
    made.close()


@pytest.fixture
def intake(house: House) -> Database:
    """Its database."""
    return house["intake"].database


@pytest.fixture
def browser(house: House) -> Visitor:
    """A browser, nobody signed in."""
    return Visitor(house)


@pytest.fixture
def opened(intake: Database) -> Open:
    """A transaction as somebody: `opened(Role.OFFICER, authority="dorset", user="officer-1", origin=…)`."""

    @contextmanager
    def make(
        *roles: Role, authority: str = "dorset", user: str = "officer-1", origin: Origin = Origin.LIVE
    ) -> Iterator[Transaction[Any]]:
        actor = Actor(user, frozenset(roles or (Role.OFFICER,)), "Test person")
        with intake.transaction(Scope(authority, actor, "test-thread", origin)) as tx:
            yield tx

    return make


@pytest.fixture
def people(intake: Database) -> dict[Role, str]:
    """An account of Dorset for each role: its id."""
    with intake.transaction(Scope("dorset", Actor("system:test"), "opening")) as tx:
        return {role: add_user(tx, _account(role)).id for role in Role}


@pytest.fixture
def bare(settings: Settings, clock: SetClock) -> Iterator[Visitor]:
    """A browser in a region that has not been opened yet."""
    made = House(settings, clock)
    yield Visitor(made)
    made.close()


def _account(role: Role) -> User:
    name = f"{role.value.capitalize()} Person"
    return User(id="", display_name=name, email=f"{role.value}@dorset.example", roles=frozenset({role}))
