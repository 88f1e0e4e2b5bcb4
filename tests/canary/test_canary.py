"""No personal value in any log, metric, address, dead letter, or in clear in any file: proved by canaries
in every form.

The bus is plain JSON by design (TLS, 30 days), so its file is the one that is left out.
"""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from werkzeug.datastructures import MultiDict

from shared import logs
from shared.contracts import all_topics
from shared.messaging.ports import Message
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.architecture.walk import Walk
from tests.canary.seeds import Seeds, forms
from tests.conftest import MONDAY_MORNING
from tests.page import Page, filled
from tests.page_client import PageClient
from tests.platform import Platform, SetClock
from tests.rehearsed import account, rehearse

HOME = "/refer/dorset"
STARTS = ["/", "/intake/", "/casework/", "/notifications/", "/search/", "/reporting/"]
WRITERS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR, Role.OPERATOR)


class Listener(PageClient):
    """A browser that keeps every address it was sent to and was offered."""

    addresses: list[str]

    def _fetch(self, method: str, path: str, request: dict[str, Any]) -> Page:
        page = super()._fetch(method, path, request)
        kept = self.__dict__.setdefault("addresses", [])
        kept.append(page.headers.get("Location", ""))
        links = [*page.tree.iter("a"), *page.tree.iter("form")] if page.tree is not None else []
        kept += [one.get("href") or one.get("action") or "" for one in links]
        return page


class Told:
    """What a whole story left behind."""

    def __init__(self, platform: Platform, data: Path) -> None:
        self.platform, self.data = platform, data
        self.seeds = Seeds()
        self.client = Listener(platform)
        for app in platform.apps.values():
            app.config["PROPAGATE_EXCEPTIONS"] = False
        self.output = ""
        self.done: list[str] = []

    def fill(self, page: Page, form: Any, button: str, **more: Any) -> Page:
        """Every box of a form gets its canary; it is sent as it is."""
        data = MultiDict(filled(form, {**self.seeds.answers(form), **more}, button))
        address = urljoin(page.path, form.get("action") or page.path)
        answer = self.client._fetch("POST", address, {"data": data})
        self.done.append(f"{answer.status} {address}")
        return self._followed(answer)

    def _followed(self, page: Page) -> Page:
        for _ in range(5):
            if page.status not in {302, 303}:
                break
            page = self.client._fetch("GET", urljoin(page.path, page.headers["Location"]), {})
        return page


def _report(told: Told) -> None:
    """The public form from start to reference; every task, every page."""
    page = told.client.get(HOME)
    for _ in range(12):
        ready = [pair for pair in forms(page) if pair[1]]
        if page.path.endswith("/tasks") or not ready:
            break
        page = told.fill(page, *ready[0])
    tasks = told.client.get(f"{HOME}/tasks")
    for link in [href for href in tasks.links.values() if "/form/" in href or href.endswith("/files")]:
        _task(told, told.client._fetch("GET", urljoin(tasks.path, link), {}))
    for path in ("/save", "/return", "/check"):
        page = told.client._fetch("GET", HOME + path, {})
        for form, button in forms(page):
            told.fill(page, form, button)
    page = told.client._fetch("GET", f"{HOME}/declaration", {})
    for form, button in forms(page):
        page = told.fill(page, form, button)
    assert page.path.endswith("/sent"), f"The report did not go: {told.done}"


def _task(told: Told, page: Page) -> None:
    for _ in range(14):
        ready = forms(page)
        if page.path.endswith(("/tasks", "/check")) or not ready:
            return
        before = page.path
        page = told.fill(page, *ready[0])
        if page.path == before:
            return


def _staff(told: Told) -> None:
    """Every form that people of an authority come to, filled in whether it fits or not."""
    walk = Walk(told.platform)
    for role in WRITERS:
        found = walk.found(role, "dorset", STARTS)
        told.client.as_(account(told.platform, role, "dorset"), "dorset", stepped_up=True)
        for path in [one.path for addresses in found.values() for one in addresses]:
            page = told.client._fetch("GET", path, {})
            for form, button in forms(page):
                told.fill(page, form, button)
        told.platform.settle()


def _errors(told: Told) -> None:
    """Wrong answers, addresses that are none, records that cannot be taken in."""
    told.client.leave()
    for word in (told.seeds.word("address"), f"{told.seeds.word('address')}%00%0a"):
        told.client._fetch("GET", f"/casework/{word}", {})
        told.client._fetch("GET", f"{HOME}/form/adults/new/{word}", {})
        told.client._fetch("GET", f"/intake/sign-in?next=/{word}", {})
    told.client._fetch(
        "POST",
        f"{HOME}/start",
        {"data": {"csrf_token": told.seeds.word("token"), "other": told.seeds.word("other")}},
    )
    long = told.seeds.word("too long") * 400
    for path in ("/form/adults/new/name", "/form/events/new/words"):
        told.client.post(
            HOME + path,
            {"given": long, "surname": f"\x00\x1b[31m{told.seeds.word('control')}", "narrative": long},
            status=422,
        )
    word = told.seeds.word("undecodable")
    bad = [f'{{"surname": "{word}"', f'{{"id": "{word}", "type": "contact.received"}}', word]
    told.platform.region.log.append(
        [Message(topic, word[:8], one.encode()) for topic in sorted(all_topics())[:6] for one in bad]
    )
    told.platform.settle()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The whole story, told once, with the log as open as it can be."""
    settings = from_environment({"HEED_DATA": str(tmp_path_factory.mktemp("canary"))})
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, level = list(root.handlers), root.level
    platform = Platform(settings, SetClock(MONDAY_MORNING))
    try:
        with redirect_stderr(io.StringIO()) as output:
            logs.configure()
            root.setLevel(logging.DEBUG)
            story = _tell(platform, settings.data)
        story.output = output.getvalue()
        yield story
    finally:
        platform.close()
        logs.configure(strict=True)
        root.handlers, (sys.excepthook, threading.excepthook) = handlers, hooks
        root.setLevel(level)
        logging.captureWarnings(False)


def _tell(platform: Platform, data: Path) -> Told:
    rehearse(platform, 16)
    story = Told(platform, data)
    _report(story)
    platform.settle()
    _staff(story)
    _errors(story)
    platform.settle()
    return story


def test_no_canary_is_heard_outside_its_cage(told: Told):
    kept = sum("/refer/" in one and one.startswith("302") for one in told.done)
    assert kept > 15 and len(told.seeds.sown) > 60, f"Too little was told: {told.done}"
    metrics = "".join(
        told.client._fetch("GET", f"/{name}/metrics", {}).body.decode() for name in told.platform.apps
    )
    finds = {
        "log": told.seeds.found_in(told.output),
        "metrics": told.seeds.found_in(metrics),
        "addresses": told.seeds.found_in("\n".join(told.client.addresses)),
        **{
            str(path.relative_to(told.data)): told.seeds.found_in(path.read_bytes())
            for path in _files(told.data)
        },
    }
    assert not any(finds.values()), {place: found for place, found in finds.items() if found}


def test_the_search_for_canaries_finds_them_where_they_may_be(told: Told):
    """Else the test above would prove nothing: the bus has them in clear, the log has lines, dead letters
    are there."""
    bus = b"".join(path.read_bytes() for path in told.data.rglob("bus.db*"))
    assert len(told.seeds.found_in(bus)) > 10
    assert '"event"' in told.output
    shelves = [told.platform.region[name].database for name in told.platform.apps]
    assert any(_refused(database) for database in shelves)


def _files(data: Path) -> list[Path]:
    return [
        path
        for path in data.rglob("*")
        if path.is_file() and not path.name.startswith("bus.db") and "mail" not in path.parts
    ]


def _refused(database: Any) -> int:
    from sqlalchemy import func, select

    from shared.store.tables import deferred

    with database.plumbing(writing=False) as db:
        return int(db.execute(select(func.count()).where(deferred.c.state == "refused")).scalar_one())
