"""Reporting filled anew from the owners' journals says what it said before."""

from datetime import timedelta

from sqlalchemy import select

from services.reporting.store import tables
from shared.actor import Actor, Scope
from shared.contracts.message import Event
from shared.messaging.rebuild import rebuild
from shared.vocabulary import Decision
from tests.platform import Platform
from tests.reporting.newsroom import WHEN, concluded, contact, decided, duty, held, looked, opened


def publish(platform: Platform, service: str, *events: Event, authority: str = "dorset") -> None:
    """A service puts facts into its journal."""
    scope = Scope(authority, Actor("u-1"), "test")
    with platform[service].database.transaction(scope) as tx:
        for event in events:
            tx.publish(event)


def kept(platform: Platform) -> dict[str, set[tuple[object, ...]]]:
    """Every row of reporting but for what is sealed, which is never the same twice."""
    found: dict[str, set[tuple[object, ...]]] = {}
    for table in tables.metadata.sorted_tables:
        columns = [one for one in table.c if one.name not in {"heard_at", "reason"}]
        with platform["reporting"].database.reading(Scope("dorset", Actor("u-1"), "test")) as tx:
            query = select(*columns)
            own = query.where(table.c.authority == "dorset") if "authority" in table.c else query
            found[table.name] = {tuple(row) for row in tx.db.execute(own)}
    return found


def test_a_rebuild_brings_every_figure_back(platform: Platform):
    for number in range(5):
        name = f"c-{number}"
        publish(
            platform,
            "intake",
            contact(name, WHEN + timedelta(days=number)),
            decided(name, Decision.NOT_MET_INTERNAL),
        )
    publish(platform, "casework", opened("k-1", "c-1"), held(), concluded(), looked("k-1"))
    publish(platform, "notifications", duty())
    publish(platform, "intake", looked("c-1", reason="Rang the school"))
    platform.settle(pumps=False)
    before = kept(platform)
    assert len(before["contact_fact"]) == 5
    assert before["tally"] and before["access_entry"]
    rebuild(platform["reporting"], list(platform.region.runtimes.values()))
    after = kept(platform)
    # A figure that sank to nought keeps its row in one history and has none in the other.
    for name in ("tally", "region_tally"):
        before[name], after[name] = ({row for row in one[name] if row[-1]} for one in (before, after))
    assert after == before
