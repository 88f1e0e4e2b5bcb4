"""The embedded platform for tests: real stores, a real log, a clock that is set by hand, no threads, nothing
patched.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

import services
from shared import logs
from shared.actor import Actor, Scope
from shared.settings import Settings, from_environment
from shared.store.database import Database
from shared.vocabulary import Role
from tests import overheard
from tests.platform import Platform, SetClock, alone

# A busy machine draws slowly; how long that took says nothing about what is tested.
hypothesis.settings.register_profile(
    "heed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("heed")

MONDAY_MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A test whose log holds what it typed into a personal box has failed, whatever else it proved."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when != "call":
        overheard.forget()
        return
    try:
        overheard.check_lines(report.capstderr)
    except overheard.Overheard as problem:
        report.outcome, report.longrepr = "failed", str(problem)


@pytest.fixture(autouse=True)
def strict_log() -> Iterator[None]:
    """A command that a test runs in here makes the log lenient; the next test has it strict again."""
    yield
    logs._Strictness.raises = True


@pytest.fixture
def clock() -> SetClock:
    """A Monday morning in March 2026 until told otherwise."""
    return SetClock(MONDAY_MORNING)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The embedded defaults in a folder of the test's own."""
    return from_environment({"HEED_DATA": str(tmp_path / "data")})


@pytest.fixture
def database(settings: Settings, clock: SetClock) -> Iterator[Callable[[str], Database]]:
    """One service's database alone, without a bus."""
    opened: list[Database] = []

    def make(name: str) -> Database:
        opened.append(alone(services.load(name), settings, clock))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def scope() -> Callable[..., Scope]:
    """Who acts: an officer of Dorset unless told otherwise."""

    def make(authority: str = "dorset", *roles: Role, user: str = "officer-1") -> Scope:
        return Scope(
            authority, Actor(user, frozenset(roles or (Role.OFFICER,)), "Test person"), "test-correlation"
        )

    return make


@pytest.fixture
def platform(settings: Settings, clock: SetClock) -> Iterator[Platform]:
    """All five services, four authorities, demo accounts."""
    made = Platform(settings, clock)
    yield made
    made.close()


@pytest.fixture
def page(platform: Platform) -> "object":
    """A client of the whole platform that checks every page it fetches."""
    from tests.page_client import PageClient

    return PageClient(platform)
