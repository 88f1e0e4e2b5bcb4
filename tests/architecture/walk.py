"""Walks through a region's pages as different people and notes which door answered what."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule as Route

from shared.vocabulary import Role
from shared.web.access import Rule, rule_of
from tests.page import Page
from tests.page_client import PageClient
from tests.platform import Platform
from tests.rehearsed import account

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NOBODY = "0195539a-5c00-7000-8000-00000000ffff"
ENOUGH = 2


@dataclass(frozen=True)
class Address:
    """A concrete address, the door behind it and its rule."""

    path: str
    door: str
    rule: Rule
    ids: tuple[str, ...]

    @property
    def method(self) -> str:
        """GET, POST …"""
        return self.door.split()[1]


class Walk:
    """All addresses that somebody of an authority comes to by following links, at most `ENOUGH` for each
    door."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._maps = {name: app.url_map.bind("localhost") for name, app in platform.apps.items()}
        self._clients: dict[tuple[Role | None, str], PageClient] = {}
        self._answered: dict[tuple[str, Role], int] = {}

    def client(self, role: Role | None, authority: str = "dorset") -> PageClient:
        """The browser of somebody with that role, or of nobody."""
        if (role, authority) not in self._clients:
            made = self._clients[role, authority] = PageClient(self.platform)
            if role is not None:
                made.as_(account(self.platform, role, authority), authority, stepped_up=True)
        return self._clients[role, authority]

    def status(self, address: Address, role: Role | None, authority: str = "dorset") -> int:
        """What somebody who tries that door is answered."""
        given: dict[str, Any] = {"json": {}} if "/api/" in address.path and address.method != "GET" else {}
        return self.client(role, authority).ask(address.method, address.path, **given)

    def first_status(self, address: Address, role: Role) -> int:
        """The same at home for a page, as it was answered on the way when they came by."""
        return self._answered.get((address.path, role)) or self.status(address, role)

    def found(self, role: Role, authority: str, starts: list[str]) -> dict[str, list[Address]]:
        """By door: what this role reaches from there."""
        client = self.client(role, authority)
        seen: dict[str, list[Address]] = {}
        waiting, known = deque(starts), set(starts)
        while waiting:
            path = waiting.popleft()
            address = self.address(path)
            if (
                address is None
                or len(seen.setdefault(address.door, [])) >= ENOUGH
                or role not in (address.rule.roles or {role})
            ):
                continue
            seen[address.door].append(address)
            page = client._fetch("GET", path, {})
            self._answered[path, role] = page.status
            fresh = [link for link in self._links(page) if link not in known]
            known.update(fresh)
            waiting.extend(fresh)
        return {door: addresses for door, addresses in seen.items() if addresses}

    @staticmethod
    def _links(page: Page) -> Iterator[str]:
        tree = page.tree
        offered = [link.get("href", "") for link in tree.iter("a")] if tree is not None else []
        if page.status in {301, 302, 303, 307, 308}:
            offered.append(page.headers["Location"])
        yield from filter(None, (_inside(page.path, one) for one in offered))

    def address(self, path: str, method: str = "GET") -> Address | None:
        """What lies behind a path; None when it is nothing of ours."""
        service = path.split("/")[1] if path.split("/")[1] in self._maps else "intake"
        try:
            route, arguments = self._maps[service].match(urlsplit(path).path, method=method, return_rule=True)
        except HTTPException:
            return None
        rule = rule_of(self.platform.apps[service].view_functions[route.endpoint], method)
        return None if rule is None else Address(path, _door(service, method, route), rule, _ids(arguments))

    def built(self, method: str, arguments: Mapping[str, str]) -> Iterator[Address]:
        """An address for every door of that method that is not public, its arguments taken from those that
        were seen."""
        for service, app in self.platform.apps.items():
            for route in app.url_map.iter_rules():
                rule = rule_of(app.view_functions[route.endpoint], method)
                if method in (route.methods or ()) and rule is not None and not rule.is_public:
                    given = {name: arguments.get(name, _NOBODY) for name in route.arguments}
                    yield Address(
                        self._path(service, route, method, given),
                        _door(service, method, route),
                        rule,
                        _ids(given),
                    )

    def _path(self, service: str, route: Route, method: str, given: Mapping[str, str]) -> str:
        numbered = {
            name: 1 if f"<int:{name}>" in route.rule and not value.isdigit() else value
            for name, value in given.items()
        }
        return self._maps[service].build(route.endpoint, numbered, method=method)

    def arguments(self, addresses: list[Address]) -> dict[str, str]:
        """A value for each argument that was seen in an address."""
        found: dict[str, str] = {}
        for address in addresses:
            service = address.path.split("/")[1]
            if service in self._maps:
                found |= {
                    name: str(value)
                    for name, value in self._maps[service].match(urlsplit(address.path).path)[1].items()
                }
        return found


def _door(service: str, method: str, route: Route) -> str:
    return f"{service}: {method} {route.rule}"


def _ids(arguments: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(value) for value in arguments.values() if _ID.fullmatch(str(value)))


def _inside(here: str, href: str) -> str:
    """The address of a link, without host and fragment; empty when it leads out or leaves the session."""
    parts = urlsplit(urljoin(f"http://localhost{here}", href))
    if (
        parts.hostname != "localhost"
        or parts.scheme != "http"
        or "/session/" in parts.path
        or "/static/" in parts.path
    ):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
