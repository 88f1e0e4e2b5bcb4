"""Search on a real OpenSearch: what arrives is found at once, before and after the server has it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from services.search.actions.indexing import index_mentions, send_waiting
from services.search.actions.opening import open_index
from services.search.actions.searching import run_search
from services.search.actions.vetting import Wish
from services.search.commands.scratch import open_scratch
from services.search.store import searches
from services.search.store.mentions import Said
from services.search.store.tables import match_key
from shared.contracts.search import MatchFound
from shared.runtime import Turn
from shared.settings import from_environment
from tests.bench.populace import Populace
from tests.platform import SetClock
from tests.search.adults import adult, bare, case, contact
from tests.search.desk import Desk
from tests.search.erasures import prove_it_is_gone

pytestmark = pytest.mark.servers


@pytest.fixture
def desk(opensearch_url: str, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """Search with its index on the server."""
    made = Desk(from_environment({"HEED_DATA": str(tmp_path), "HEED_INDEX_URL": opensearch_url}), clock)
    yield made
    with made.transaction() as tx:
        tx.gateway.discard(tx)
    made.close()


def send(desk: Desk) -> int:
    """What the worker's pump does."""
    return send_waiting(Turn(desk.runtime, "dorset"))


def test_a_contact_is_matched_whether_the_server_has_the_earlier_one_or_not(desk: Desk):
    desk.hear(contact("c-1"))
    desk.hear(contact("c-2"))
    assert send(desk) == 2 and send(desk) == 0
    desk.hear(contact("c-3"))
    assert [one.contact_id for one in desk.published(MatchFound)] == ["c-2", "c-3", "c-3"]


def test_a_correction_reaches_the_server(desk: Desk):
    desk.hear(contact("c-1"))
    send(desk)
    desk.clock.forward(timedelta(milliseconds=10))
    desk.hear(case("k-1", "c-1", bare("Zebedee", "Oakapple", "1951-01-30")))
    send(desk)
    with desk.transaction() as tx:
        search_id = run_search(tx, Wish(adult())).search_id
        made = searches.one(tx, search_id)
    assert made is not None and made.result.own == ()


def test_of_a_long_backlog_everybody_is_found_while_it_is_sent_and_after(opensearch_url: str):
    people = list(Populace(5).people(5_001))
    with open_scratch(open_index(opensearch_url)) as scratch:
        with scratch.transaction() as tx:
            index_mentions(tx, [Said(one.id, one, tx.now) for one in people])
        for sent in (5_000, 1):
            assert send_waiting(scratch) == sent
            firsts = [scratch.ask(one).own[0].person_id for one in (people[0], people[-1])]
            assert firsts == [people[0].id, people[-1].id]
        with scratch.transaction() as tx:
            assert tx.db.execute(select(match_key)).first() is None


def test_an_erased_contact_is_gone_from_the_server_too(desk: Desk):
    prove_it_is_gone(desk, lambda: send(desk))
    with desk.transaction() as tx:
        server, name = tx.gateway._client, tx.gateway._outgoing.name(tx.db)
    server.indices.refresh(index=name)
    assert server.count(index=name)["count"] == 2
