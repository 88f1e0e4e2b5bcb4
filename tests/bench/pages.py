"""What a person waits for at the size of a whole region: pages and the API in process, without a network and
without the checks of tests.
"""

import gc
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from services.casework.store.tables import case_file
from services.intake.commands.rehearsal import user_id
from services.intake.commands.world import World
from services.intake.store.tables import contact
from services.notifications.store.tables import notice
from shared.clock import wall_clock
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.bench import region
from tests.bench.places import folder
from tests.bench.table import Plan, Row, p99, spent
from tests.faults.callers import concern_of
from tests.page_client import ORIGIN, PageClient
from tests.platform import Platform, SetClock

CONTACTS, LIMIT_MS, POSTS = 100_000, 50.0, 250.0
_REQUESTS, _POSTED = 20, 50
_AUTHORITY = "dorset"


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, whose browser checks nothing."""

    browser: PageClient

    def get(self, path: str) -> None:
        """Raises when it is not answered with the page."""
        answer = self._client.get(path, base_url=ORIGIN)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}.")

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        """JSON. Raises when nothing is made of it."""
        answer = self._client.post(path, base_url=ORIGIN, json=body, headers={"Origin": ORIGIN})
        if answer.status_code != 201:
            raise RuntimeError(f"{path} answered {answer.status_code}.")

    def led(self, path: str) -> str:
        """The same address, or where one beyond the end of a list leads."""
        answer = self._client.get(path, base_url=ORIGIN)
        return str(answer.headers["Location"]) if answer.status_code == 302 else path

    @property
    def _client(self) -> Any:
        return self.browser._client


def rows(plan: Plan) -> Iterator[Row]:
    """Each page, then concerns reported through the API."""
    contacts = plan.count(CONTACTS, 24)
    played = min(region.PLAYED, contacts)
    with folder() as place:
        platform = Platform(from_environment({"HEED_DATA": str(place)}), SetClock(wall_clock()))
        region.play(platform, played)
        region.multiply(platform, contacts // played)
        # As `heed run` does: going through all that is loaded costs the page it falls upon 150 ms.
        gc.collect()
        gc.freeze()
        for who, paths in paths_of(platform).items():
            visitor = Visitor(signed_in(platform, who))
            for path, shown in paths.items():
                yield _page(partial(visitor.get, visitor.led(path)), shown, plan)
        yield _posts(Visitor(signed_in(platform, Role.OFFICER)), plan)
        platform.close()


def _page(fetch: Callable[[], None], shown: str, plan: Plan) -> Row:
    fetch()
    walls, own = [], []
    for _ in range(plan.rounds):
        taken = [spent(fetch) for _ in range(plan.count(_REQUESTS, 2))]
        walls.append(1_000 * p99([one.wall for one in taken]))
        own.append(1_000 * p99([one.processor for one in taken]))
        middle = 1_000 * statistics.median(one.processor for one in taken)
    note = f"half within {middle:.0f} ms of the processor"
    return Row(f"pages: {shown}", "ms p99", walls, own, most=LIMIT_MS, note=note)


def _posts(visitor: Visitor, plan: Plan) -> Row:
    count, walls, own = plan.count(_POSTED, 2), [], []
    world, number = World(7), 0
    for _ in range(plan.rounds + 1):
        bodies = [concern_of(world.story(number + one), f"bench-{number + one}") for one in range(count)]
        number += count
        taken = spent(partial(_post_all, visitor, bodies))
        walls.append(count / taken.wall)
        own.append(count / taken.processor)
    # The first round makes statements and schemas that the process keeps.
    note = "in one process; the goal is for two"
    return Row("pages: POST concern", "requests/s", walls[1:], own[1:], least=POSTS, note=note)


def _post_all(visitor: Visitor, bodies: Sequence[Mapping[str, Any]]) -> None:
    for body in bodies:
        visitor.post("/intake/api/contacts", body)


def signed_in(platform: Platform, who: Role) -> PageClient:
    """An officer who has work, or somebody of that role."""
    officers = next(one["officers"] for one in World().authorities if one["code"] == _AUTHORITY)
    user = user_id(_AUTHORITY, officers[0]) if who is Role.OFFICER else who
    browser = PageClient(platform).as_(user, _AUTHORITY)
    # Its cookie is made by the first look; after that the pages are fetched past its checks.
    browser.get("/intake/help")
    return browser


def paths_of(platform: Platform) -> dict[Role, dict[str, str]]:
    """The addresses that are measured, and how they are called, by who reads them."""
    plain = (
        "/intake/", "/intake/contacts", "/intake/contacts?state=all", "/intake/contacts?state=all&page=100",
        "/intake/contacts?owner=nobody", "/intake/contacts?overdue=yes",
        "/intake/contacts?state=all&sector=EDUCATION_ACADEMY", "/casework/", "/casework/cases",
        "/casework/cases?page=100", "/casework/cases?due=overdue", "/notifications/",
        "/notifications/notices", "/reporting/dashboard",
    )  # fmt: skip
    things = {
        "/intake/contacts/{}": _last(platform, "intake", contact, contact.c.case_id != ""),
        "/casework/cases/{}": (case := _last(platform, "casework", case_file)),
        "/casework/cases/{}/chronology": case,
        "/notifications/notices/{}": _last(platform, "notifications", notice),
    }
    # A region of a few contacts may have no case yet.
    single = {path.format(one): path.format("<id>") for path, one in things.items() if one}
    manager = ("/reporting/activity?by=sector", "/reporting/region", "/reporting/records")
    return {
        Role.OFFICER: {path: path for path in plain} | single,
        Role.MANAGER: {path: path for path in manager},
    }


def _last(
    platform: Platform, service: str, table: Table, condition: ColumnElement[bool] | None = None
) -> str:
    """The id of the youngest such row; empty when there is none."""
    runtime, key = platform[service], table.c.id
    query = select(func.max(key)).where(table.c.authority == _AUTHORITY)
    with runtime.database.reading(runtime.system(_AUTHORITY)) as tx:
        return tx.db.execute(query if condition is None else query.where(condition)).scalar_one() or ""
