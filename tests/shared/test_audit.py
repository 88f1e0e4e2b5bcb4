"""The audit chain: whatever is done to it behind our back, the first bad link is named."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import audit
from shared.audit import Verdict
from shared.settings import Settings
from shared.store.database import Database
from tests.platform import SetClock
from tests.shared.bare import bare, officer

LINKS = 8
COLUMNS = ["event_id", "action", "subject", "actor", "correlation_id", "at", "content", "digest"]
COPY = (
    "INSERT INTO audit_entry SELECT authority, {number}, {event}, action, subject, actor, correlation_id, "
    "at, content, {digest} FROM audit_entry WHERE authority = 'dorset' AND number = {of}"
)


@pytest.fixture
def chain(settings: Settings, clock: SetClock) -> Iterator[Database]:
    """Eight links in Dorset, three in Wiltshire."""
    database = bare("intake", settings, clock)
    look(database, "dorset", LINKS)
    look(database, "wiltshire", 3)
    yield database
    database.close()


def look(database: Database, authority: str, times: int) -> None:
    for number in range(times):
        with database.transaction(officer(authority)) as tx:
            tx.accessed("viewed", "contact", f"contact-{number}")


def verdict(database: Database, authority: str = "dorset", last: int | None = None) -> Verdict:
    with database.reading(officer(authority)) as tx:
        return audit.verify(tx.db, authority, last=last)


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database's password could do."""
    with database.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.format(mine="authority = 'dorset'"))
        connection.commit()


def test_an_untouched_chain_is_whole(chain: Database) -> None:
    assert verdict(chain) == Verdict("dorset", LINKS, None)
    assert verdict(chain, "wiltshire") == Verdict("wiltshire", 3, None)
    assert verdict(chain, "bcp") == Verdict("bcp", 0, None)


def test_the_end_of_a_chain_can_be_checked_alone(chain: Database) -> None:
    assert verdict(chain, last=3).broken_at is None
    tamper(chain, "UPDATE audit_entry SET actor = 'x' WHERE {mine} AND number = 7")
    assert verdict(chain, last=3).broken_at == 7
    tamper(chain, "UPDATE audit_entry SET actor = 'x' WHERE {mine} AND number = 2")
    assert verdict(chain, last=1).broken_at is None
    assert verdict(chain).broken_at == 2


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 4, LINKS])
def test_a_changed_link_is_named(chain: Database, column: str, number: int) -> None:
    value = "2020-01-01 00:00:00.000000" if column == "at" else "changed"
    tamper(chain, f"UPDATE audit_entry SET {column} = '{value}' WHERE {{mine}} AND number = {number}")
    assert verdict(chain).broken_at == number
    assert verdict(chain, "wiltshire").broken_at is None


@pytest.mark.parametrize("number", [1, 4, LINKS])
def test_a_deleted_link_is_named(chain: Database, number: int) -> None:
    tamper(chain, f"DELETE FROM audit_entry WHERE {{mine}} AND number = {number}")
    assert verdict(chain).broken_at == number


def test_a_cut_end_is_noticed_by_the_head(chain: Database) -> None:
    tamper(chain, "DELETE FROM audit_entry WHERE {mine} AND number > 5")
    assert verdict(chain).broken_at == 6
    tamper(chain, "DELETE FROM audit_entry WHERE {mine}")
    assert verdict(chain).broken_at == 1


def test_two_links_that_changed_places_are_named(chain: Database) -> None:
    tamper(
        chain,
        "UPDATE audit_entry SET number = 99 WHERE {mine} AND number = 3",
        "UPDATE audit_entry SET number = 3 WHERE {mine} AND number = 4",
        "UPDATE audit_entry SET number = 4 WHERE {mine} AND number = 99",
    )
    assert verdict(chain).broken_at == 3


def test_a_link_slipped_in_is_named(chain: Database) -> None:
    tamper(chain, COPY.format(number=0, event="event_id", digest="digest", of=2))
    assert verdict(chain).broken_at == 1
    tamper(
        chain,
        "DELETE FROM audit_entry WHERE {mine} AND number = 0",
        COPY.format(number=LINKS + 1, event="event_id", digest="digest", of=2),
    )
    assert verdict(chain).broken_at == LINKS + 1


def test_a_link_forged_well_at_the_end_is_named(chain: Database) -> None:
    with chain.reading(officer()) as tx:
        *_, final = audit._links(tx.db, "dorset", 0)
    kept, before = list(final)[3:-1], final[-1]
    digest = audit.link(before, ["dorset", LINKS + 1, "forged", *kept])
    tamper(chain, COPY.format(number=LINKS + 1, event="'forged'", digest=f"'{digest}'", of=LINKS))
    assert verdict(chain).broken_at == LINKS + 1


def test_links_moved_from_another_authority_are_named(chain: Database) -> None:
    tamper(
        chain,
        "DELETE FROM audit_entry WHERE {mine} AND number = 2",
        "UPDATE audit_entry SET authority = 'dorset' WHERE authority = 'wiltshire' AND number = 2",
    )
    assert verdict(chain).broken_at == 2
    assert verdict(chain, "wiltshire").broken_at == 2


def test_a_missing_or_altered_head_is_noticed(chain: Database) -> None:
    tamper(chain, "UPDATE audit_head SET digest = 'changed' WHERE {mine}")
    assert verdict(chain).broken_at == LINKS + 1
    tamper(chain, "DELETE FROM audit_head WHERE {mine}")
    assert verdict(chain).broken_at == 1


def test_a_whole_chain_goes_on(chain: Database) -> None:
    look(chain, "dorset", 2)
    assert verdict(chain) == Verdict("dorset", LINKS + 2, None)


def test_an_undone_transaction_leaves_no_link(chain: Database) -> None:
    with pytest.raises(RuntimeError), chain.transaction(officer()) as tx:
        tx.accessed("viewed", "contact", "contact-1")
        tx.flush()
        raise RuntimeError
    assert verdict(chain) == Verdict("dorset", LINKS, None)


def test_a_link_holds_no_word_of_the_fact(chain: Database) -> None:
    with chain.transaction(officer()) as tx:
        tx.accessed("viewed", "contact", "contact-1", reason="Perpetua Quillfeather asked")
    with chain.reading(officer()) as tx:
        shown = str(list(audit._links(tx.db, "dorset", 0)))
    assert "Quillfeather" not in shown
    assert "access.recorded" in shown


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, LINKS), column=st.sampled_from(COLUMNS[:5]), value=st.text("abc-.0", max_size=8))
def test_any_change_of_any_link_is_named(chain: Database, number: int, column: str, value: str) -> None:
    where = f"WHERE {{mine}} AND number = {number}"
    with chain.reading(officer()) as tx:
        before = audit._links(tx.db, "dorset", 0).mappings().all()[number - 1][column]
    tamper(chain, f"UPDATE audit_entry SET {column} = '{value}' {where}")
    assert verdict(chain).broken_at == (None if value == before else number)
    tamper(chain, f"UPDATE audit_entry SET {column} = '{before}' {where}")
    assert verdict(chain).broken_at is None
