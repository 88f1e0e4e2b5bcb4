"""Every page with every role, one's own record, another authority's and a closed one: who comes in, who
does not."""

from collections.abc import Iterator

import pytest

from shared import replicas
from shared.clock import new_id
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.architecture.walk import Address, Walk
from tests.conftest import MONDAY_MORNING
from tests.platform import Platform, SetClock
from tests.rehearsed import rehearse
from tests.servers import made_on_server

STARTS = [
    "/",
    "/intake/",
    "/casework/",
    "/notifications/",
    "/search/",
    "/reporting/",
    "/intake/administration",
    "/intake/account",
]
CONTACTS = 72
INSIDE = {200, 204, 301, 302, 303, 304, 307}
NOT_THERE = {403, 404}
SENT_AWAY = {302, 303, 307, 401}
REFUSALS = {400, 403, 404, 409, 412, 422, 428}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def region(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Four authorities with a short invented history; on PostgreSQL pages work in the application's role."""
    given = {"HEED_DATA": str(tmp_path_factory.mktemp("region"))}
    if request.param == "postgresql":
        given |= request.getfixturevalue("postgres_server").environment
    settings = from_environment(given)
    if request.param == "postgresql":
        made_on_server(settings)
    platform = Platform(settings, SetClock(MONDAY_MORNING))
    rehearse(platform, CONTACTS)
    yield platform
    platform.close()


@pytest.fixture(scope="module")
def walk(region: Platform) -> Walk:
    """The walk through that region."""
    return Walk(region)


@pytest.fixture(scope="module")
def addresses(walk: Walk) -> list[Address]:
    """What the people of Dorset come to, whatever their role; each door at most twice for each role."""
    found = {
        one.path: one for role in Role for kind in walk.found(role, "dorset", STARTS).values() for one in kind
    }
    return [one for one in found.values() if not one.rule.is_public]


@pytest.fixture(scope="module")
def doors(walk: Walk, addresses: list[Address]) -> list[Address]:
    """The same and one address for each door that nobody came to, with the ids that were seen."""
    known = {one.door for one in addresses}
    return addresses + [one for one in walk.built("GET", walk.arguments(addresses)) if one.door not in known]


@pytest.fixture(scope="module")
def writing(walk: Walk, addresses: list[Address]) -> list[Address]:
    """One address for each door that changes something, also where the address names nothing."""
    return [
        one
        for method in ("POST", "PUT", "PATCH", "DELETE")
        for one in walk.built(method, walk.arguments(addresses))
    ]


def test_there_is_something_to_walk_through(addresses: list[Address]):
    doors = {one.door for one in addresses if one.ids}
    for service in ("intake", "casework", "notifications"):
        assert any(door.startswith(service) for door in doors), (
            f"No page of a record of {service} was reached: {sorted(doors)}"
        )


def test_everybody_sees_the_pages_of_their_role(walk: Walk, addresses: list[Address]):
    shut = {
        (one.door, role.value): status
        for one in addresses
        for role in one.rule.roles
        if (status := walk.first_status(one, role)) not in INSIDE
    }
    assert not shut, shut


def test_nobody_sees_the_pages_of_another_role(walk: Walk, doors: list[Address]):
    open_doors = {
        (one.door, role.value): status
        for one in doors
        for role in set(Role) - one.rule.roles
        if (status := walk.status(one, role)) not in NOT_THERE
    }
    assert not open_doors, open_doors


def test_nobody_comes_in_without_signing_in(walk: Walk, doors: list[Address]):
    open_doors = {one.door: status for one in doors if (status := walk.status(one, None)) not in SENT_AWAY}
    assert not open_doors, open_doors


def test_the_record_of_another_authority_is_not_there(walk: Walk, doors: list[Address]):
    """Not there, or the same answer as for an id that nobody has: an empty list, a page that waits for a
    case to open."""
    open_doors = {
        (one.door, role.value): status
        for one in doors
        if one.ids
        for role in one.rule.roles
        if (status := walk.status(one, role, "wiltshire")) != 404 and not _says_nothing(walk, one, role)
    }
    assert not open_doors, open_doors


def _says_nothing(walk: Walk, one: Address, role: Role) -> bool:
    client, nothing = walk.client(role, "wiltshire"), one.path
    for record in one.ids:
        nothing = nothing.replace(record, new_id())
    asked, unknown = (client._fetch("GET", path, {}) for path in (one.path, nothing))
    return (asked.status, asked.text or asked.body) == (unknown.status, unknown.text or unknown.body)


def test_nothing_can_be_done_to_the_record_of_another_authority(walk: Walk, writing: list[Address]):
    done = {
        (one.door, role.value): status
        for one in writing
        if one.ids
        for role in one.rule.roles
        if (status := walk.status(one, role, "wiltshire")) not in REFUSALS
    }
    assert not done, done


def test_nothing_can_be_done_by_the_wrong_role_or_by_nobody(walk: Walk, writing: list[Address]):
    assert {"intake: POST /intake/contacts/new", "search: POST /search/people"} <= {
        one.door for one in writing
    }
    done = {
        (one.door, role.value): status
        for one in writing
        for role in set(Role) - one.rule.roles
        if (status := walk.status(one, role)) not in NOT_THERE
    }
    done |= {
        (one.door, "nobody"): status
        for one in writing
        if (status := walk.status(one, None)) not in SENT_AWAY | NOT_THERE
    }
    assert not done, done


def test_a_closed_record_is_not_there_for_those_it_is_closed_to(
    region: Platform, walk: Walk, addresses: list[Address]
):
    """Closed to everybody but one other person, in every service: as the fact would do it."""
    records = [one for one in addresses if one.ids and Role.OFFICER in one.rule.roles]
    known = {one.path: walk.status(one, Role.OFFICER) for one in records}
    ids = {record for one in records for record in one.ids}
    for runtime in region.region.runtimes.values():
        with runtime.database.transaction(runtime.system("dorset")) as tx:
            for record in ids:
                replicas.restrict(tx, record, only=("somebody-else",))
    about = {"contact", "case"}
    seen = {
        one.door: status
        for one in records
        if known[one.path] == 200 and any(word in one.door for word in about)
        if (status := walk.status(one, Role.OFFICER)) != 404
    }
    assert not seen, seen
