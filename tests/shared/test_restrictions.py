"""Records that are closed to some are hidden from them in every list, and from nobody else."""

import pytest
from sqlalchemy import Column, MetaData, String, Table, insert, select

from shared import replicas
from shared.contracts.casework import CaseRestricted, CaseUnrestricted
from shared.contracts.intake import ContactRestricted, ContactUnrestricted
from shared.contracts.message import Event
from shared.settings import Settings
from shared.store.database import Database
from shared.store.guard import authority_column
from tests.platform import SetClock
from tests.shared.bare import bare
from tests.shared.test_replicas import hear, known, scope

own = MetaData()
record = Table("record", own, authority_column(primary_key=True), Column("id", String, primary_key=True))


@pytest.fixture
def store(settings: Settings, clock: SetClock) -> Database:
    return bare("reporting", settings, clock, own)


def seen_by(store: Database, user: str, authority: str = "dorset") -> list[str]:
    with store.reading(scope(authority, user)) as tx:
        query = select(record.c.id).where(record.c.authority == tx.authority)
        return list(tx.db.execute(query.where(replicas.open_to(record.c.id, tx)).order_by("id")).scalars())


@pytest.fixture
def three(store: Database) -> Database:
    """Records a, b and c."""
    with store.transaction(scope()) as tx:
        tx.db.execute(insert(record), [{"id": one} for one in "abc"])
    return store


@pytest.mark.parametrize("only", [("ann",), ("ann", "bo")])
def test_a_record_for_some_only_is_hidden_from_everybody_else(three: Database, only: tuple[str, ...]):
    hear(three, ContactRestricted(contact_id="b", only=only))
    assert seen_by(three, "ann") == ["a", "b", "c"]
    assert seen_by(three, "cy") == ["a", "c"]


def test_a_record_closed_to_one_is_open_to_the_others(three: Database):
    hear(three, CaseRestricted(case_id="b", never=("ann",)))
    assert seen_by(three, "ann") == ["a", "c"]
    assert seen_by(three, "bo") == ["a", "b", "c"]


def test_never_wins_over_only(three: Database):
    hear(three, ContactRestricted(contact_id="b", only=("ann", "bo"), never=("ann",)))
    assert seen_by(three, "ann") == ["a", "c"]
    assert seen_by(three, "bo") == ["a", "b", "c"]


def test_the_last_word_about_a_record_replaces_the_ones_before(three: Database):
    hear(three, ContactRestricted(contact_id="b", only=("ann",)))
    hear(three, ContactRestricted(contact_id="b", never=("ann",)))
    assert seen_by(three, "ann") == ["a", "c"]
    assert seen_by(three, "bo") == ["a", "b", "c"]


@pytest.mark.parametrize("opening", [ContactUnrestricted(contact_id="b"), CaseUnrestricted(case_id="b")])
def test_a_record_can_be_opened_again(three: Database, opening: Event):
    hear(three, ContactRestricted(contact_id="b", only=("ann",)), opening)
    assert seen_by(three, "cy") == ["a", "b", "c"]


def test_a_restriction_said_twice_is_said_once(three: Database):
    said = ContactRestricted(contact_id="b", only=("ann",))
    hear(three, said, said)
    assert known(three, replicas.is_restricted, "b")
    assert seen_by(three, "cy") == ["a", "c"]


def test_the_same_id_of_another_authority_stays_open(three: Database):
    hear(three, ContactRestricted(contact_id="b", only=("ann",)), authority="wiltshire")
    assert seen_by(three, "cy") == ["a", "b", "c"]
    assert not known(three, replicas.is_restricted, "b")


def test_those_that_are_closed_to_anybody_can_be_asked_for(three: Database):
    hear(
        three,
        ContactRestricted(contact_id="b", only=("ann", "bo")),
        CaseRestricted(case_id="c", never=("cy",)),
    )
    assert known(three, replicas.restricted_among, ["a", "b", "c", "d"]) == {"b", "c"}
    with three.reading(scope()) as tx:
        assert set(tx.db.execute(replicas.closed_to_anybody(), {"authority": tx.authority}).scalars()) == {
            "b",
            "c",
        }
