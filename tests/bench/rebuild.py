"""How fast reporting is filled anew from the owners' journals, and that it says the same as before."""

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import select

from services.reporting.store import tables
from shared.clock import wall_clock
from shared.messaging.rebuild import rebuild
from shared.settings import from_environment
from tests.bench import region
from tests.bench.places import folder
from tests.bench.table import Plan, Row, spent
from tests.platform import Platform, SetClock

CONTACTS, GOAL = 300, 5_000
_AUTHORITY = "dorset"


def rows(plan: Plan) -> Iterator[Row]:
    """A played history's journals, read and heard again each round."""
    with folder() as place:
        platform = Platform(from_environment({"HEED_DATA": str(place)}), SetClock(wall_clock()))
        region.play(platform, plan.count(CONTACTS, 24))
        before, facts = fingerprint(platform), 0
        found = []
        for _ in range(plan.rounds):
            done: list[int] = []
            found.append(spent(partial(_rebuild, platform, done)))
            facts = done[0]
            if fingerprint(platform) != before:
                raise RuntimeError("Reporting says something else after the rebuild.")
        platform.close()
    yield Row(
        f"rebuild: {facts:,} facts into reporting, equal hash, SQLite", "facts/s",
        [facts / one.wall for one in found], [facts / one.processor for one in found], least=GOAL,
        note="journals read, heard, swapped",
    )  # fmt: skip


def _rebuild(platform: Platform, done: list[int]) -> None:
    done.append(rebuild(platform["reporting"], list(platform.region.runtimes.values())).facts)


def fingerprint(platform: Platform) -> str:
    """Of every row of reporting that is not sealed; a figure that sank to nought counts as none."""
    runtime, lines = platform["reporting"], set()
    for table in tables.metadata.sorted_tables:
        columns = [one for one in table.c if one.name not in {"heard_at", "reason"}]
        query: Any = select(*columns)
        if "authority" in table.c:
            query = query.where(table.c.authority == _AUTHORITY)
        with runtime.database.reading(runtime.system(_AUTHORITY)) as tx:
            found = tx.db.execute(query).all()
        lines |= {
            f"{table.name}{tuple(row)}" for row in found if "count" not in table.c or row._mapping["count"]
        }
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
