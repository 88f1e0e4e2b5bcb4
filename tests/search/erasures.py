"""What must be left of an erased contact, on every index: nothing but that it was erased."""

from collections.abc import Callable

from sqlalchemy import select

from services.search.actions import searching
from services.search.actions.vetting import Wish
from services.search.store import searches
from services.search.store.tables import metadata
from shared.contracts.intake import ContactErased
from shared.contracts.search import MatchFound, MatchWithdrawn
from shared.store.engine import bind
from tests.search.adults import MONDAY, adult, case, contact
from tests.search.desk import APART, POOLED, Desk

GONE = ContactErased(contact_id="c-1", erased_at=MONDAY)


def search_for_her(desk: Desk, **wish: str) -> str:
    """An officer searches."""
    with desk.transaction() as tx:
        return searching.run_search(tx, Wish(adult(), **wish)).search_id


def prove_it_is_gone(desk: Desk, send: Callable[[], object]) -> None:
    """Everything that can be kept of one of two contacts about an adult, and then it is erased."""
    desk.hear(contact("w-1"), authority="wiltshire")
    desk.hear(contact("c-2"))
    before = counters(desk)
    desk.hear(contact("c-1"))
    made = search_for_her(desk), search_for_her(desk, contact_id="c-1")
    send()
    desk.hear(GONE)
    send()
    assert rows_naming(desk, "c-1") == ["erased"]
    assert counters(desk) == before
    withdrawn = {one.match_id for one in desk.published(MatchWithdrawn)}
    about_it = {one.match_id for one in desk.published(MatchFound, "dorset") if "'c-1'" in str(one)}
    assert about_it <= withdrawn and len(desk.published(MatchWithdrawn, "wiltshire")) == 1
    for search_id in made:
        assert_blank(desk, search_id)
    assert found(desk, search_for_her(desk)) == ["c-2"]
    desk.hear(contact("c-1"), case("k-1", "c-1", adult()))
    assert rows_naming(desk, "c-1") == ["erased"]


def rows_naming(desk: Desk, contact_id: str) -> list[str]:
    """The tables of search that hold this id in any column."""
    holding = set()
    with desk.database.plumbing(writing=False) as db:
        # As an intruder would read it: past the guard. Behind the server's wall each authority is seen alone.
        for code in (*POOLED, APART):
            bind(db, code)
            for table in metadata.sorted_tables:
                rows = db.exec_driver_sql(f'SELECT * FROM "{table.name}"')
                holding |= {table.name for row in rows if contact_id in tuple(row)}
    return sorted(holding)


def counters(desk: Desk) -> dict[tuple[str, int], int]:
    """Everything that is counted over the region: terms, and keys where a server has them."""
    counted = {}
    with desk.database.plumbing(writing=False) as db:
        for name, key in (("term", "term"), ("key_count", "k")):
            table = metadata.tables[name]
            for one, mentions in db.execute(select(table.c[key], table.c.mentions)):
                counted[name, one] = mentions
    return {key: count for key, count in counted.items() if count}


def assert_blank(desk: Desk, search_id: str) -> None:
    """The search is known, and neither what was typed nor the record."""
    with desk.transaction() as tx:
        one = searches.one(tx, search_id)
    assert one is not None and one.actor_id == "officer-1"
    assert not one.result.asked.names and not one.prints and one.contact_id == ""
    assert [hit.contact_id for hit in one.result.own] == ["c-2"]


def found(desk: Desk, search_id: str) -> list[str]:
    """The own contacts that a search was shown."""
    with desk.transaction() as tx:
        one = searches.one(tx, search_id)
    assert one is not None
    return [hit.contact_id for hit in one.result.own]
