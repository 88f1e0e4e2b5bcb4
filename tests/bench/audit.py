"""How long it takes to recompute an audit chain of a million links."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import insert

from shared import audit
from shared.clock import new_id
from shared.store.database import Database
from shared.store.tables import audit_entry, audit_head
from tests.bench.places import SCOPE, databases
from tests.bench.table import Plan, Row, Spent, spent

LINKS, GOAL = 1_000_000, 10.0
_AT_ONCE = 10_000


def rows(plan: Plan) -> Iterator[Row]:
    """A chain is written once and checked each round."""
    links = plan.count(LINKS)
    for name, database in databases(plan):
        fill(database, links)
        found = [spent(partial(check, database, links)) for _ in range(plan.rounds)]
        yield row(name, links, found)


def row(engine: str, links: int, found: list[Spent]) -> Row:
    """Its line; the goal is for a million."""
    own = [one.processor for one in found] if engine == "SQLite" else []
    return Row(
        f"audit: {links:,} links verified, {engine}", "s", [one.wall for one in found], own,
        most=GOAL * links / LINKS,
    )  # fmt: skip


def fill(database: Database, links: int) -> None:
    """A whole chain of one authority."""
    previous, began = audit.START, datetime(2026, 1, 1, tzinfo=UTC)
    with database.transaction(SCOPE) as tx:
        for first in range(0, links, _AT_ONCE):
            batch = []
            for number in range(first + 1, min(first + _AT_ONCE, links) + 1):
                one = {
                    "authority": SCOPE.authority, "number": number, "event_id": new_id(),
                    "action": "access.recorded", "subject": new_id(), "actor": f"user-{number % 30}",
                    "correlation_id": new_id(), "at": began + timedelta(seconds=number),
                    "content": f"{number:064x}",
                }  # fmt: skip
                previous = one["digest"] = audit.link(previous, tuple(one.values()))
                batch.append(one)
            tx.db.execute(insert(audit_entry), batch)
        head = {"authority": SCOPE.authority, "number": links, "digest": previous}
        tx.db.execute(insert(audit_head), [head])


def check(database: Database, links: int) -> None:
    """Raises when the chain is not what was written."""
    with database.reading(SCOPE) as tx:
        verdict = audit.verify(tx.db, SCOPE.authority)
    if verdict != audit.Verdict(SCOPE.authority, links, None):
        raise RuntimeError(f"The chain is not whole: {verdict}")
