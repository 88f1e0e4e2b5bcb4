"""Searches go on while the index is filled anew: at no moment is an adult missing who was there before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.search.actions import asking
from services.search.actions.indexing import send_waiting
from services.search.domain.portrait import portray
from services.search.store.crossing import Question
from shared.actor import Actor, Scope
from shared.messaging.rebuild import rebuild
from shared.runtime import Turn
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.platform import Platform, SetClock
from tests.search.adults import adult, bare, contact

OFFICER = Scope("dorset", Actor("officer-1", frozenset({Role.OFFICER}), "Test person"), "test")


@pytest.fixture(params=["embedded", pytest.param("opensearch", marks=pytest.mark.servers)])
def region(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[Platform]:
    """All services, with either index."""
    given = {"HEED_DATA": f"{tmp_path}/data"}
    if request.param == "opensearch":
        given["HEED_INDEX_URL"] = request.getfixturevalue("opensearch_url")
    made = Platform(from_environment(given), clock)
    yield made
    with made["search"].database.transaction(OFFICER) as tx:
        tx.gateway.discard(tx)
    made.close()


def _found(region: Platform) -> list[str]:
    with region["search"].database.reading(OFFICER) as tx:
        answer = asking.ask(tx, Question(portray(adult()), reach=False))
    return sorted(hit.contact_id for hit in answer.own)


def _sent(region: Platform) -> int:
    return send_waiting(Turn(region["search"], "dorset"))


def test_a_search_during_a_rebuild_and_after_finds_what_it_found_before(region: Platform):
    events: list[Any] = [contact("c-1"), contact("c-2"), contact("c-3", bare("Ada", "Finch", "1990-02-03"))]
    with region["intake"].database.transaction(OFFICER) as tx:
        for event in events:
            tx.publish(event)
    region.settle()
    _sent(region)
    assert _found(region) == ["c-1", "c-2"]
    seen = []
    rebuild(
        region["search"],
        list(region.region.runtimes.values()),
        lambda _done, _all: seen.append(_found(region)),
    )
    # The new index waits to be sent; until then its key table answers.
    seen.append(_found(region))
    _sent(region)
    assert len(seen) > 1 and all(one == ["c-1", "c-2"] for one in [*seen, _found(region)])
