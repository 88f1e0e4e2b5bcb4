"""What every index of match keys keeps to: the one in the database, and OpenSearch."""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import services
from services.search.gateways.port import ENOUGH, LONGEST_LIST, Candidate, Index, Query
from shared.actor import Actor, Scope
from shared.errors import Misconfigured, Unavailable
from shared.settings import from_environment
from shared.store.database import Database
from tests.platform import SetClock, alone

SCOPE = Scope("dorset", Actor("system:search"), "test")
MOMENT = timedelta(milliseconds=5)
ADAPTERS = ["embedded", pytest.param("opensearch", marks=pytest.mark.servers)]


class Shelf:
    """An index with its database, filled and asked from outside a service."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.database, self.clock = database, clock
        self.index: Index = database.tools.gateway

    def put(self, *filed: tuple[int, Sequence[int]]) -> None:
        """File and commit."""
        with self.database.transaction(SCOPE) as tx:
            self.index.put(tx, filed)

    def send(self) -> int:
        """What the pump does, until nothing waits."""
        total = 0
        while True:
            with self.database.transaction(SCOPE) as tx:
                waiting = self.index.outgoing(tx)
            if waiting is None:
                return total
            self.index.send(waiting)
            with self.database.transaction(SCOPE) as tx:
                total += self.index.sent(tx, waiting)

    def ask(self, *keys: int, people: int = 1_000, most: int = 150) -> list[Candidate]:
        """The candidates of a query under these keys."""
        with self.database.reading(SCOPE) as tx:
            return self.index.candidates(tx, [Query(keys, people, most)])[0]

    def numbers(self, *keys: int, **query: Any) -> list[int]:
        """Their numbers, in order."""
        return [one.number for one in self.ask(*keys, **query)]


def _shelf(folder: Path, clock: SetClock, url: str) -> Shelf:
    settings = from_environment({"HEED_DATA": str(folder), "HEED_INDEX_URL": url})
    return Shelf(alone(services.load("search"), settings, clock), clock)


@pytest.fixture(params=ADAPTERS)
def shelf(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[Shelf]:
    url = request.getfixturevalue("opensearch_url") if request.param == "opensearch" else "embedded://"
    made = _shelf(tmp_path / "data", clock, url)
    yield made
    with made.database.reading(SCOPE) as tx:
        made.index.discard(tx)
    made.database.close()


@pytest.fixture(params=["at once", "after sending"])
def settle(request: pytest.FixtureRequest, shelf: Shelf) -> Any:
    """Both before and after a server has what was filed."""
    return shelf.send if request.param == "after sending" else lambda: 0


def test_a_mention_is_found_by_any_key_it_was_filed_under(shelf: Shelf, settle: Any):
    shelf.put((1, [10, 11]), (2, [12]))
    settle()
    assert shelf.numbers(10) == shelf.numbers(11) == [1] and shelf.numbers(12) == [2]
    assert shelf.numbers(99) == [] and shelf.numbers() == []


def test_queries_that_are_asked_together_are_answered_as_if_each_were_asked_alone(shelf: Shelf, settle: Any):
    drawn = random.Random(5)
    shelf.put(*((n, drawn.sample(range(60), 5)) for n in range(1, 200)))
    shelf.put(*((n, [7, 8]) for n in range(200, 200 + LONGEST_LIST + 1)))
    settle()
    asked = [(*drawn.sample(range(70), 6),) for _ in range(12)] + [(), (7,), (99,), (7, 8, 11)]
    with shelf.database.reading(SCOPE) as tx:
        together = shelf.index.candidates(tx, [Query(keys, 1_000) for keys in asked])
    assert together == [shelf.ask(*keys) for keys in asked]
    assert [len(of) > 0 for of in together[-4:]] == [False, True, False, True]


def test_more_and_rarer_keys_in_common_come_first(shelf: Shelf, settle: Any):
    shelf.put((1, [10]), (2, [10, 11]), (3, [10]), (4, [11, 12]))
    settle()
    assert shelf.numbers(10, 11, 12) == [4, 2, 1, 3]


def test_the_rarity_is_the_sum_over_shared_keys(shelf: Shelf, settle: Any):
    shelf.put((1, [10, 11]), (2, [10]))
    settle()
    first, second = shelf.ask(10, 11, people=1_000)
    assert first.rarity == pytest.approx(math.log2(501) + math.log2(1_001), abs=0.001)
    assert second.rarity == pytest.approx(math.log2(501), abs=0.001)


def test_a_changed_mention_is_found_by_its_new_keys_only(shelf: Shelf, settle: Any):
    shelf.put((1, [10, 11]), (2, [11]))
    settle()
    with shelf.database.transaction(SCOPE) as tx:
        shelf.index.change(tx, 1, [10, 11], [11, 12])
    settle()
    assert shelf.numbers(10) == [] and shelf.numbers(12) == [1] and shelf.numbers(11) == [1, 2]


def test_a_removed_mention_is_found_no_more(shelf: Shelf, settle: Any):
    shelf.put((1, [10]), (2, [10]))
    settle()
    with shelf.database.transaction(SCOPE) as tx:
        shelf.index.remove(tx, [(1, [10])])
    settle()
    assert shelf.numbers(10) == [2]


def test_a_change_is_seen_within_its_transaction_and_gone_with_it(shelf: Shelf, settle: Any):
    with pytest.raises(RuntimeError, match="undone"), shelf.database.transaction(SCOPE) as tx:
        shelf.index.put(tx, [(1, [10])])
        assert [one.number for one in shelf.index.candidates(tx, [Query([10], 10)])[0]] == [1]
        raise RuntimeError("undone")
    settle()
    assert shelf.numbers(10) == []


def test_a_change_during_the_sending_is_not_forgotten(shelf: Shelf):
    shelf.put((1, [10]))
    with shelf.database.transaction(SCOPE) as tx:
        waiting = shelf.index.outgoing(tx)
    if waiting is None:
        pytest.skip("nothing is ever sent")
    shelf.index.send(waiting)
    shelf.clock.forward(MOMENT)
    with shelf.database.transaction(SCOPE) as tx:
        shelf.index.change(tx, 1, [10], [11])
        assert shelf.index.sent(tx, waiting) == 0
    assert shelf.numbers(11) == [1] and shelf.numbers(10) == []
    assert shelf.send() == 1
    assert shelf.numbers(11) == [1] and shelf.numbers(10) == []


def test_no_more_are_given_than_were_asked_for(shelf: Shelf, settle: Any):
    shelf.put(*((number, [10, 100 + number]) for number in range(1, 41)))
    settle()
    assert shelf.numbers(10, most=7) == [1, 2, 3, 4, 5, 6, 7]


def test_a_long_list_adds_weight_but_no_candidates_when_enough_were_found(shelf: Shelf, settle: Any):
    common = LONGEST_LIST + 1
    shelf.put(*((number, [1, 2] if number <= ENOUGH + 5 else [1]) for number in range(1, common + 1)))
    settle()
    found = shelf.ask(1, 2, people=10_000)
    assert [one.number for one in found] == list(range(1, ENOUGH + 6))
    assert found[0].rarity == pytest.approx(
        math.log2(1 + 10_000 / (ENOUGH + 5)) + math.log2(1 + 10_000 / common), abs=0.001
    )


def test_a_long_list_is_read_when_nothing_else_was_found(shelf: Shelf, settle: Any):
    shelf.put(*((number, [1]) for number in range(1, LONGEST_LIST + 2)))
    settle()
    assert shelf.numbers(1, most=10) == list(range(1, 11))


@pytest.mark.servers
def test_both_engines_bring_the_same_candidates(opensearch_url: str, tmp_path: Path, clock: SetClock):
    dice = random.Random(7)
    filed = [(number, sorted({dice.randrange(3_000) for _ in range(16)})) for number in range(1, 4_001)]
    one, other = _shelf(tmp_path / "a", clock, "embedded://"), _shelf(tmp_path / "b", clock, opensearch_url)
    one.put(*filed)
    other.put(*filed)
    other.send()
    same = total = 0
    for _ in range(60):
        keys = dice.sample(range(3_000), 25)
        expected = one.numbers(*keys, people=4_000)
        same += len(set(expected) & set(other.numbers(*keys, people=4_000)))
        total += len(expected)
    with other.database.reading(SCOPE) as tx:
        other.index.discard(tx)
    assert same / total >= 0.99


@pytest.mark.servers
def test_tables_that_were_swapped_in_leave_no_old_index_behind(
    opensearch_url: str, tmp_path: Path, clock: SetClock
):
    from sqlalchemy import delete

    from services.search.store.tables import index_name

    made = _shelf(tmp_path / "data", clock, opensearch_url)
    made.put((1, [10]))
    made.send()
    with made.database.transaction(SCOPE) as tx:
        old = tx.db.exec_driver_sql("SELECT name FROM index_name").scalar_one()
        tx.db.execute(delete(index_name))
    clock.forward(MOMENT)
    made.put((2, [10]))
    made.send()
    assert made.numbers(10) == [2]
    client: Any = made.index._client  # type: ignore[attr-defined]
    assert not client.indices.exists(index=old)
    with made.database.reading(SCOPE) as tx:
        made.index.discard(tx)


def test_a_server_that_is_away_says_so_and_loses_nothing(tmp_path: Path, clock: SetClock):
    away = _shelf(tmp_path / "data", clock, "http://127.0.0.1:9")
    away.put((1, [10]))
    assert away.numbers(10) == [1]
    with pytest.raises(Unavailable):
        away.send()
    with away.database.transaction(SCOPE) as tx:
        assert away.index.outgoing(tx) is not None


@pytest.mark.servers
def test_a_server_that_answers_says_which_it_is(opensearch_url: str, tmp_path: Path, clock: SetClock):
    index: Any = _shelf(tmp_path / "data", clock, opensearch_url).index
    assert index.check().startswith("OpenSearch ")


def test_a_server_that_is_away_is_told_to_the_doctor(tmp_path: Path, clock: SetClock):
    index: Any = _shelf(tmp_path / "data", clock, "https://127.0.0.1:9").index
    with pytest.raises(Unavailable, match="check HEED_INDEX_URL"):
        index.check()


def test_a_certificate_file_that_is_not_there_is_refused_at_the_start(tmp_path: Path, clock: SetClock):
    with pytest.raises(Misconfigured, match="HEED_INDEX_URL"):
        _shelf(tmp_path / "data", clock, "https://127.0.0.1:9?cafile=/no/such/file")
