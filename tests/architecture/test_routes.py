"""Every route says who may come in, whose rows it touches and whether a closed record could be seen through
it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule as Route

from shared.vocabulary import Role
from shared.web.access import Restriction, Rule, Tenant, rule_of
from tests.platform import Platform

FRONT_DOOR = "intake"
SETTINGS_ONLY = {Role.ADMINISTRATOR, Role.OPERATOR, Role.ANALYST}


@dataclass(frozen=True)
class Door:
    """One method of one route, and its rule."""

    service: str
    method: str
    path: str
    arguments: frozenset[str]
    rule: Rule | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def doors_of(service: str, app: Flask) -> Iterator[Door]:
    """Every door of one service."""
    for route in app.url_map.iter_rules():
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            yield _door(service, app, route, method)


def _door(service: str, app: Flask, route: Route, method: str) -> Door:
    rule = rule_of(app.view_functions[route.endpoint], method)
    return Door(service, method, route.rule, frozenset(route.arguments), rule)


@pytest.fixture
def doors(platform: Platform) -> list[Door]:
    """Every door of the region."""
    return [door for name, app in platform.apps.items() for door in doors_of(name, app)]


def test_every_route_states_its_audience_tenant_and_restriction(doors: list[Door]):
    silent = [str(door) for door in doors if door.rule is None]
    assert not silent, f"Say access.allow(…) or access.public(…) on: {silent}"


def test_everything_of_a_service_lies_below_its_name(doors: list[Door]):
    outside = [
        str(door)
        for door in doors
        if not door.path.startswith(f"/{door.service}/") and door.service != FRONT_DOOR
    ]
    assert not outside, outside
    allowed = re.compile(r"/(intake/.*|refer(/.*)?|$|favicon\.ico|robots\.txt)")
    odd = [str(door) for door in doors if door.service == FRONT_DOOR and not allowed.fullmatch(door.path)]
    assert not odd, f"The front door owns / and /refer only: {odd}"


def test_a_public_route_names_the_authority_or_touches_nobodys_rows(doors: list[Door]):
    wrong = [
        str(door) for door in doors if door.rule and door.rule.is_public and not _public_tenant_is_known(door)
    ]
    assert not wrong, f"Whose rows are these? {wrong}"


def _public_tenant_is_known(door: Door) -> bool:
    assert door.rule is not None
    return door.rule.tenant is Tenant.NONE or (
        door.rule.tenant is Tenant.PATH and "authority" in door.arguments
    )


def test_a_route_whose_path_names_the_authority_takes_it_from_there(doors: list[Door]):
    wrong = [
        str(door)
        for door in doors
        if door.rule and "authority" in door.arguments and door.rule.tenant is not Tenant.PATH
    ]
    assert not wrong, wrong


def test_a_page_of_one_record_hides_what_is_closed(doors: list[Door]):
    """A record's id in the path and no restriction rule: only where no case content can be behind it."""
    content = ("contact_id", "case_id", "notice_id", "match_id", "person_id", "meeting_id", "allegation_id")
    open_doors = [
        str(door)
        for door in doors
        if door.rule
        and not door.rule.is_public
        and door.arguments & set(content)
        and door.rule.restriction is not Restriction.RECORD
    ]
    assert not open_doors, f"restriction=Restriction.RECORD is missing on: {open_doors}"


def test_those_who_run_the_region_come_to_no_case_content(doors: list[Door]):
    ids = {"contact_id", "case_id", "notice_id", "match_id", "person_id"}
    open_doors = [
        str(door) for door in doors if door.rule and door.rule.roles & SETTINGS_ONLY and door.arguments & ids
    ]
    assert not open_doors, open_doors


def test_only_those_who_decide_change_case_content(doors: list[Door]):
    readers = {Role.AUDITOR, Role.ANALYST}
    writing = [door for door in doors if door.method in {"POST", "PUT", "PATCH", "DELETE"} and door.rule]
    open_doors = [
        str(door) for door in writing if door.rule and door.rule.roles & readers and "case" in door.path
    ]
    assert not open_doors, f"Auditors and analysts read only: {open_doors}"


def test_nothing_personal_can_stand_in_an_address(doors: list[Door]):
    telling = re.compile(r"name|email|phone|born|birth|postcode|address")
    asked = [door for door in doors if "/static/" not in door.path]
    wrong = [str(door) for door in asked if any(telling.search(argument) for argument in door.arguments)]
    assert not wrong, wrong


@pytest.mark.parametrize("part", ["health", "ready", "metrics"])
def test_every_service_can_be_asked_how_it_is(doors: list[Door], part: str, platform: Platform):
    asked = {door.path for door in doors if door.method == "GET"}
    assert {f"/{name}/{part}" for name in platform.apps} <= asked
