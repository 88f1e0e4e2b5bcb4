"""How long after a concern was accepted everybody has it: five services, each web and worker a process of its
own, concerns reported over HTTP at a steady pace.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import requests
from sqlalchemy import select

from services.intake.commands.world import World
from shared.contracts.intake import ContactReceived
from shared.region import Region
from shared.store.database import Database
from shared.store.tables import inbox, journal
from tests.bench.places import environments, folder
from tests.bench.table import Plan, Row, p99
from tests.faults.callers import PATIENCE, concern_of, sign_in
from tests.faults.chaos import STARTING, opened, posts_apart, rests
from tests.faults.crew import Crew
from tests.faults.storm import wait_until

A_SECOND, SECONDS, LATEST_MS = 50, 20, 250.0
# Casework hears of a concern only when the threshold was met.
HEARD_BY = ("notifications", "search", "reporting")
_AUTHORITY, _CALLERS = "dorset", 4
_PATIENCE, _LOOK = 60.0, 0.01
_TOKENS = count()


class Watch(threading.Thread):
    """Looks into one service's database for what it has dealt with. What is not committed it cannot see."""

    def __init__(self, database: Database) -> None:
        super().__init__(name="watch", daemon=True)
        self.seen: dict[str, float] = {}
        self.over = threading.Event()
        self._database = database

    def run(self) -> None:
        """Until told that it is over."""
        while not self.over.wait(_LOOK):
            with self._database.plumbing(writing=False) as db:
                found = db.execute(select(inbox.c.event_id)).scalars().all()
            now = time.time()
            for one in found:
                self.seen.setdefault(one, now)


def rows(plan: Plan) -> Iterator[Row]:
    """On each engine."""
    concerns = plan.count(A_SECOND * SECONDS, 4)
    with folder() as place:
        for name, environment in environments(plan, place):
            with _at_work(environment, place) as (region, urls):
                # Each round tells other stories: the same again would be matches of each other, every one.
                begins = range(0, concerns * plan.rounds, concerns)
                found = [_delays(region, urls["intake"], range(one, one + concerns)) for one in begins]
            middle = min(sorted(one)[len(one) // 2] for one in found)
            note = f"from its answer to {', '.join(HEARD_BY)}; half within {middle:.0f} ms"
            what = f"visible: a concern everywhere at {A_SECOND} a second, {name}"
            yield Row(what, "ms p99", [p99(one) for one in found], most=LATEST_MS, note=note)


@contextmanager
def _at_work(environment: dict[str, str], place: Path) -> Iterator[tuple[Region, Mapping[str, str]]]:
    posts, urls = posts_apart()
    with opened(environment) as region, Crew(posts, environment, place):
        if not wait_until(lambda: _answers(urls["intake"]) and rests(region), STARTING):
            raise RuntimeError("The region did not come to rest: is the machine too busy?")
        yield region, urls


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{url}/intake/health", timeout=PATIENCE).ok
    return False


def _delays(region: Region, url: str, stories: range) -> list[float]:
    """Milliseconds from the answer to a concern until the last of the listeners has dealt with it."""
    watches = [Watch(region.runtimes[name].database) for name in HEARD_BY]
    for one in watches:
        one.start()
    accepted = _paced(url, stories)
    facts = _facts(region, accepted)
    missing = not wait_until(lambda: all(facts.keys() <= one.seen.keys() for one in watches), _PATIENCE)
    for one in watches:
        one.over.set()
        one.join()
    if missing:
        raise RuntimeError("A concern did not reach everybody.")
    return [1_000 * (max(one.seen[fact] for one in watches) - at) for fact, at in facts.items()]


def _paced(url: str, stories: range) -> dict[str, float]:
    """When each contact was accepted, by its id. A slow answer does not make the next concern late."""
    session, world, start = sign_in(url, _AUTHORITY), World(7), time.time()
    with ThreadPoolExecutor(_CALLERS) as callers:
        due: list[Future[tuple[str, float]]] = []
        for place, number in enumerate(stories):
            time.sleep(max(0.0, start + place / A_SECOND - time.time()))
            due.append(callers.submit(_report, session, url, concern_of(world.story(number), _token())))
        return dict(one.result() for one in due)


def _token() -> str:
    return f"bench-{next(_TOKENS)}"


def _report(session: requests.Session, url: str, body: Mapping[str, object]) -> tuple[str, float]:
    answer = session.post(f"{url}/intake/api/contacts", json=body, headers={"Origin": url}, timeout=PATIENCE)
    answer.raise_for_status()
    return str(answer.json()["id"]), time.time()


def _facts(region: Region, accepted: Mapping[str, float]) -> dict[str, float]:
    """The same by the id of the fact that told everybody."""
    query = select(journal.c.event_id, journal.c.key).where(journal.c.type == ContactReceived.name)
    with region.runtimes["intake"].database.plumbing(writing=False) as db:
        rows: Sequence[tuple[str, str]] = [tuple(row) for row in db.execute(query)]
    return {event: accepted[contact] for event, contact in rows if contact in accepted}
