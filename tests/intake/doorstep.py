"""A served front door with its identity provider, and a browser that follows redirects."""

import re
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from services.intake.actions.configuration import open_authority
from services.intake.domain.region import AuthorityRecord
from shared import replicas
from shared.actor import Actor, Scope
from shared.cli.private import free_port
from shared.settings import from_environment
from shared.web.gateway import compose
from tests.intake.conftest import House
from tests.intake.issuer import SECRET, Provider, serving
from tests.platform import SetClock

MEERA = {
    "name": "Meera Holloway",
    "email": "meera@dorset.example",
    "email_verified": True,
    "heed_authority": "dorset",
    "heed_roles": ["officer", "badminton-club"],
}


class Scene:
    """A front door, its provider, and a browser."""

    def __init__(self, folder: Path, stack: ExitStack, **settings: str) -> None:
        port, at_provider = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.provider = Provider(at_provider, f"{self.url}/intake/sign-in/return")
        self.clock = SetClock(datetime.now(UTC))
        given = {
            "HEED_DATA": str(folder / "data"),
            "HEED_PUBLIC_URL": self.url,
            "HEED_OIDC_ISSUER": self.provider.url,
            "HEED_OIDC_CLIENT_ID": "heed",
            "HEED_OIDC_CLIENT_SECRET": SECRET,
        }
        self.house = House(from_environment({**given, **settings}), self.clock)
        stack.callback(self.house.close)
        for code in ("dorset", "wiltshire"):
            with self.as_system(code) as tx:
                open_authority(tx, AuthorityRecord(display_name=code.title()))
        stack.enter_context(serving(compose(self.house.apps), port))
        self.provider_up = stack.enter_context(ExitStack())
        self.provider_up.enter_context(serving(self.provider.app, at_provider))
        self.provider.state.users["s-1"] = dict(MEERA)
        self.provider.state.sits_there = "s-1"
        self.provider.state.signed_in_at = int(time.time())
        self.browser = requests.Session()

    def as_system(self, code: str = "dorset") -> Any:
        """A transaction of the system."""
        return self.house["intake"].database.transaction(Scope(code, Actor("system:test"), "test"))

    def get(self, path: str) -> requests.Response:
        """A page of Heed, wherever it leads."""
        return self.browser.get(self.url + path, timeout=10)

    def post(self, path: str, **form: str) -> requests.Response:
        """A form of Heed."""
        return self.browser.post(self.url + path, form, headers={"Origin": self.url}, timeout=10)

    def sign_in(self, after: str = "") -> requests.Response:
        """By the button of the page."""
        page = self.get(f"/intake/sign-in?next={after}")
        link = re.search(r'href="(/intake/sign-in/begin[^"]*)"', page.text)
        assert link
        return self.get(link.group(1).replace("&amp;", "&"))

    def known(self, code: str = "dorset") -> list[replicas.User]:
        """Who may sign in there."""
        with self.as_system(code) as tx:
            return list(replicas.colleagues(tx))
