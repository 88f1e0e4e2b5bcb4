"""A browser for tests: fetches pages of the whole platform, checks each one, follows links and fills in
forms by name."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, TestResponse

from shared import replicas
from shared.actor import Actor, Scope
from shared.clock import Clock, new_id
from shared.contracts.intake import UserChanged
from shared.contracts.platform import ConfigurationChanged
from shared.errors import NotFound
from shared.vocabulary import Role
from shared.web import csrf, identity, signing
from shared.web.gateway import compose
from tests import overheard
from tests.page import Answers, Page, filled, pairs

ORIGIN = "http://localhost"


class Stage(Protocol):
    """What the client needs: a platform, or a single app in the same shape."""

    @property
    def apps(self) -> Mapping[str, flask.Flask]:
        """The web side of each service."""

    @property
    def clock(self) -> Clock:
        """The clock they share."""


class PageClient:
    """One browser with its cookies; `page` is where it is."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._client = Client(compose(stage.apps))
        self._signed_in: tuple[str, str, str] | None = None
        self._stepped_up: datetime | None = None
        self.page: Page | None = None
        for app in stage.apps.values():
            app.config["PROPAGATE_EXCEPTIONS"] = True

    def as_(self, who: Role | str, authority: str = "dorset", *, stepped_up: bool = False) -> "PageClient":
        """Be somebody: a user's id, or any user of that role, made known to every service when there is none
        yet.

        The cookie is renewed before each request, as the front door would do.
        """
        user_id = f"{authority}-{who.value}" if isinstance(who, Role) else who
        if isinstance(who, Role):
            for app in self._stage.apps.values():
                _make_known(app, user_id, who, authority, self._stage.clock())
        self._signed_in = (new_id(), user_id, authority)
        self._stepped_up = self._stage.clock() if stepped_up else None
        return self

    @property
    def session_id(self) -> str:
        """The session of the signed-in person."""
        if self._signed_in is None:
            raise LookupError("Nobody is signed in.")
        return self._signed_in[0]

    def leave(self) -> "PageClient":
        """Be nobody again."""
        self._signed_in = None
        self._client.delete_cookie(self._cookie_name("heed-session"))
        return self

    def grow_old(self) -> "PageClient":
        """From here on keep the cookie as it is, so that it goes stale."""
        self._renew()
        self._signed_in = None
        return self

    def get(self, path: str, status: int = 200, *, follow: bool = True, **headers: str) -> Page:
        """Fetch a page, following redirects."""
        return self._go("GET", path, {"headers": _named(headers)}, status, follow)

    def post(
        self, path: str, answers: Answers | None = None, status: int = 200, *, follow: bool = True
    ) -> Page:
        """Send answers as a form of this browser would, with its token."""
        data = MultiDict(pairs({csrf.FIELD: self._token(), **(answers or {})}))
        return self._go("POST", path, {"data": data}, status, follow)

    def send(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Page:
        """Call an API with JSON; header names with `_` for `-`."""
        return self._go(method, path, {"json": body, "headers": _named(headers)}, status, follow=False)

    def click(self, link: str, status: int = 200) -> Page:
        """Follow the link with these words."""
        here = self._here()
        if link not in here.links:
            raise LookupError(f"{here.path} has no link {link!r}, only {sorted(here.links)}.")
        return self.get(urljoin(here.path, here.links[link]), status)

    def submit(self, answers: Answers | None = None, button: str = "", status: int = 200) -> Page:
        """Fill in the form of this page and press its button. A box left out keeps what it holds."""
        here = self._here()
        form = here.form(button)
        given = filled(form, answers or {}, button)
        address = urljoin(here.path, form.get("action") or here.path)
        if form.get("method", "get").lower() == "get":
            return self.get(f"{urlsplit(address).path}?{urlencode(given)}", status)
        return self._go("POST", address, {"data": MultiDict(given)}, status, follow=True)

    def _here(self) -> Page:
        if self.page is None:
            raise LookupError("Fetch a page first.")
        return self.page

    def _go(self, method: str, path: str, request: dict[str, Any], status: int, follow: bool) -> Page:
        page = self._fetch(method, path, request)
        for _ in range(8):
            if not follow or page.status not in {301, 302, 303, 307, 308}:
                break
            path = urljoin(page.path, page.headers["Location"])
            keeps = page.status in {307, 308}
            page = self._fetch(method if keeps else "GET", path, request if keeps else {})
        self.page = page
        shown = f"{page.heading} {page.text[:400]}" if page.tree else page.body[:400].decode(errors="replace")
        assert page.status == status, f"{method} {page.path} answered {page.status}: {shown}"
        return page

    def ask(self, method: str, path: str, **request: Any) -> int:
        """The status alone, for those who try thousands of doors: no page is read, a refusal comes as
        JSON."""
        headers = {"Accept": "application/problem+json, text/html;q=0.9"}
        if method != "GET":
            request = request or {"data": {csrf.FIELD: self._token()}}
        return self._open(method, path, {**request, "headers": headers}).status_code

    def _fetch(self, method: str, path: str, request: dict[str, Any]) -> Page:
        overheard.note(request.get("data") or request.get("json"))
        page = Page(path, self._open(method, path, request))
        overheard.check_addresses(page)
        return page

    def _open(self, method: str, path: str, request: dict[str, Any]) -> TestResponse:
        self._renew()
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **request.get("headers", {})}
        sent = {**request, "headers": {} if method == "GET" and "headers" not in request else headers}
        return self._client.open(path, method=method, base_url=ORIGIN, **sent)

    def _renew(self) -> None:
        if self._signed_in is None:
            return
        app = self._any_app()
        with app.test_request_context():
            response = flask.Response()
            session_id, user_id, authority = self._signed_in
            identity.issue(response, session_id, user_id, authority, self._stage.clock(), self._stepped_up)
        name, value = response.headers["Set-Cookie"].split(";")[0].split("=", 1)
        self._client.set_cookie(name, value)

    def _token(self) -> str:
        app = self._any_app()
        known = self._client.get_cookie(self._cookie_name("heed-form"))
        cookie = f"{known.key}={known.value}" if known else ""
        with app.test_request_context(headers={"Cookie": cookie} if cookie else {}):
            token = csrf.token()
            fresh = flask.g.get("form_cookie")
        if fresh:
            self._client.set_cookie(self._cookie_name("heed-form"), fresh)
        return token

    def _cookie_name(self, name: str) -> str:
        with self._any_app().app_context():
            return signing.cookie_name(name)

    def _any_app(self) -> flask.Flask:
        return next(iter(self._stage.apps.values()))


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _make_known(app: flask.Flask, user_id: str, role: Role, authority: str, now: datetime) -> None:
    database = app.extensions["heed"].database
    with database.transaction(Scope(authority, Actor("system:test"), "test")) as tx:
        try:
            replicas.authority(tx, authority)
        except NotFound:
            value = json.dumps({"display_name": f"{authority.capitalize()} Council"})
            replicas.apply_configuration(
                tx,
                ConfigurationChanged(
                    configuration_id=f"{authority}/authority",
                    kind="authority",
                    value=value,
                    effective_from=now,
                    changed_by="test",
                ),
            )
        if replicas.user(tx, user_id) is None:
            replicas.apply_user(
                tx,
                UserChanged(
                    user_id=user_id,
                    display_name=f"A {role.value}",
                    email=f"{user_id}@{authority}.example",
                    roles=(role.value,),
                    active=True,
                ),
            )
