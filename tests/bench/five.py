"""What a fact costs in all five services together: a history is played, and only what relays and consumers do
with it is measured. Search knows a region's people before it begins.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from services.search.actions.indexing import index_mentions
from services.search.store.mentions import Said
from shared.actor import Actor, Scope
from shared.clock import new_id, wall_clock
from shared.contracts.message import Origin
from shared.settings import from_environment
from tests.bench import region
from tests.bench.places import folder
from tests.bench.populace import Populace
from tests.bench.table import Plan, Row, Spent, spent
from tests.faults.ledger import facts_so_far
from tests.platform import Platform, SetClock

PEOPLE, CONTACTS, GOAL = 100_000, 200, 1_000
_AT_ONCE = 1_000
# Filed as a rebuild would: nobody is told of a match.
_FILING = Scope("dorset", Actor("system:search"), new_id(), Origin.REBUILD)


class Timed(Platform):
    """Counts the seconds that relays and consumers take; acts and pumps are for nothing."""

    taken = Spent(0.0, 0.0)

    def settle(self, *, pumps: bool = True) -> None:
        """As always."""
        moved = 1
        while moved:
            one = spent(partial(self.stepper.settle, pumps=False))
            self.taken = Spent(self.taken.wall + one.wall, self.taken.processor + one.processor)
            moved = sum(worker.pump_once() for worker in self.stepper.workers.values()) if pumps else 0


def rows(plan: Plan) -> Iterator[Row]:
    """Each round plays as many concerns more."""
    people, contacts = plan.count(PEOPLE, 50), plan.count(CONTACTS, 24)
    with folder() as place:
        platform = Timed(from_environment({"HEED_DATA": str(place)}), SetClock(wall_clock()))
        file(platform, people)
        # The first makes statements, authorities and accounts.
        _round(platform, contacts)
        found = [_round(platform, contacts * number) for number in range(2, plan.rounds + 2)]
        facts = found[-1][0]
        platform.close()
    yield Row(
        f"five: relays and consumers, {people:,} people known, SQLite", "facts/s",
        [count / taken.wall for count, taken in found], [count / taken.processor for count, taken in found],
        least=GOAL, note=f"one process; {facts / contacts:.1f} facts a concern",
    )  # fmt: skip


def _round(platform: Timed, contacts: int) -> tuple[int, Spent]:
    platform.taken, before = Spent(0.0, 0.0), facts_so_far(platform.region)
    region.play(platform, contacts)
    return facts_so_far(platform.region) - before, platform.taken


def file(platform: Platform, people: int) -> None:
    """Into search's index, as that many earlier concerns would have."""
    waiting, database = Populace(7).people(people), platform["search"].database
    while batch := list(islice(waiting, _AT_ONCE)):
        with database.transaction(_FILING) as tx:
            index_mentions(tx, [Said(one.id, one, tx.now) for one in batch])
