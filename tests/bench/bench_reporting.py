"""Reporting at 100,000 contacts of one authority: how long pages take, how fast facts are counted, what the
sums save against counting the facts each time. Run `python -m tests.bench.bench_reporting`."""

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select

from services.reporting.domain.facts import Allegation, Case, Contact, Fact
from services.reporting.domain.periods import last_months
from services.reporting.domain.tallies import ALL, Measure, Tally, tallies_of
from services.reporting.store import register, sums, tables
from shared.actor import Actor, Scope
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.platform import SetClock
from tests.reporting.newsroom import Newsroom, contact, decided

CONTACTS = 100_000
LIMIT = 0.050
TODAY = date(2026, 3, 2)
SCOPE = Scope("dorset", Actor("system:bench"), "bench")
PATHS = (
    "/reporting/dashboard",
    "/reporting/dashboard/now",
    "/reporting/activity",
    "/reporting/activity?by=sector",
    "/reporting/activity?by=criterion&suppress=0",
    "/reporting/activity?by=outcome",
    "/reporting/region",
    "/reporting/records?by=sector&code=POLICE",
    "/reporting/access",
    "/reporting/access?whom=c-77",
    "/reporting/api/dashboard",
)


def history(seed: int = 7) -> Iterator[Fact]:
    """Three years of contacts, a third of them cases, from a seed."""
    chance = random.Random(seed)
    sectors = [f"SECTOR_{number}" for number in range(40)]
    for number in range(CONTACTS):
        received = TODAY - timedelta(days=number * 1095 // CONTACTS)
        moment = datetime(received.year, received.month, received.day, 10, tzinfo=UTC)
        one = Contact(
            id=f"c-{number}",
            reference=f"R-{number}",
            received_at=moment,
            received_on=received,
            respond_by=moment + timedelta(days=1),
            answered_at=moment + timedelta(hours=chance.randrange(40)),
            sector="POLICE" if number % 50 == 0 else chance.choice(sectors),
            agency=f"AGENCY_{chance.randrange(45)}",
            category=f"CATEGORY_{chance.randrange(25)}",
            role=f"ROLE_{chance.randrange(50)}",
            criteria="HARM RISK",
            decision="MET" if number % 3 == 0 else "NOT_MET_INTERNAL",
        )
        if number % 3:
            yield one
            continue
        yield replace(
            one, met_on=received, case_opened_on=received, first_meeting_on=received + timedelta(days=5)
        )
        age = (TODAY - received).days
        ended = received + timedelta(days=chance.randrange(20, 120)) if age > 120 else None
        yield Case(
            id=f"k-{number}",
            contact_id=one.id,
            received_on=received,
            opened_on=received,
            concluded_on=ended,
            first_meeting_due=received + timedelta(days=7),
            first_meeting_on=received + timedelta(days=5),
            closed_on=ended,
        )
        outcome = chance.choice(["SUBSTANTIATED", "UNFOUNDED", "UNSUBSTANTIATED"]) if ended else ""
        yield Allegation(id=f"a-{number}", case_id=f"k-{number}", outcome=outcome, outcome_on=ended)


def fill(news: Newsroom) -> float:
    """Write the history with its sums and a register of as many lines; returns the seconds it took."""
    started = time.perf_counter()
    kept: Counter[Tally] = Counter()
    facts = history()
    while batch := list(islice(facts, 10_000)):
        with news.database.transaction(SCOPE) as tx:
            for kind, table in tables.OF_KIND.items():
                rows = [asdict(one) for one in batch if isinstance(one, kind)]
                if rows:
                    tx.db.execute(insert(table), rows)
        for one in batch:
            kept.update(tallies_of(one))
    with news.database.transaction(SCOPE) as tx:
        sums.add(tx, kept)
        for number in range(CONTACTS // 10):
            register.add(tx, _look(number), ())
    return time.perf_counter() - started


def _look(number: int) -> register.Access:
    at = datetime(2026, 3, 1, tzinfo=UTC) - timedelta(minutes=number)
    return register.Access(
        id=f"e-{number}",
        at=at,
        service="intake",
        actor_id=f"u-{number % 30}",
        act="viewed",
        subject_kind="contact",
        subject_id=f"c-{number % 1_000}",
    )


def timed(work: Callable[[], object], rounds: int = 15) -> float:
    """The median of several runs after one to warm up, in seconds of processor time."""
    work()
    took = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return statistics.median(took)


def pages(news: Newsroom) -> dict[str, float]:
    """Each page as the service answers it, without a network and without the checks of tests."""
    browser = PageClient(news).as_(Role.MANAGER)
    browser.get("/reporting/definitions")
    client: Any = browser._client
    return {path: timed(partial(client.get, path, base_url="http://localhost")) for path in PATHS}


def sums_against_facts(news: Newsroom) -> tuple[float, float]:
    """The same figure from the sums and from the facts."""
    period, table = last_months(TODAY), tables.contact
    counted = (
        select(table.c.sector, func.count())
        .where(table.c.authority == "dorset", table.c.received_on.between(period.first, period.last))
        .group_by(table.c.sector)
    )
    with news.database.reading(SCOPE) as tx:
        summed = timed(
            lambda: sums.of_period(tx, period, [(Measure.CONTACTS, "sector"), (Measure.CONTACTS, ALL)])
        )
        return summed, timed(lambda: tx.db.execute(counted).all())


def facts_per_second(news: Newsroom, count: int = 1_000) -> float:
    """How fast facts are taken from records to figures, in batches of 200."""
    new = [f"new-{number}" for number in range(count)]
    moment = datetime(2026, 3, 1, 10, tzinfo=UTC)
    started = time.process_time()
    for first in range(0, count, 100):
        names = new[first : first + 100]
        news.hear(*(contact(name, moment) for name in names), *(decided(name, when=moment) for name in names))
    return 2 * count / (time.process_time() - started)


def main() -> int:
    """Print the numbers; 1 when a page takes longer than 50 ms."""
    with tempfile.TemporaryDirectory() as folder:
        clock = SetClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
        news = Newsroom(from_environment({"HEED_DATA": folder}), clock)
        say(f"{CONTACTS:,} contacts written in {fill(news):.1f} s")
        found = pages(news)
        for path, took in found.items():
            say(f"  {path:45} {took * 1000:6.1f} ms")
        summed, counted = (took * 1000 for took in sums_against_facts(news))
        times = counted / summed
        say(f"by sector from the sums {summed:.2f} ms, from the facts {counted:.2f} ms: {times:.0f} times")
        say(f"{facts_per_second(news):,.0f} facts a second become figures")
        news.close()
    return int(max(found.values()) > LIMIT)


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
