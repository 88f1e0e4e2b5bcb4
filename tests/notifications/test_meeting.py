"""Two managers decide on one request for disclosure, two officers make one; an officer acts on a notice, or
another batch tells of a contact, while a batch has taken it.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

import services
from services.notifications.actions import disclosing, notices
from services.notifications.actions.notices import Seen
from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State
from services.notifications.domain.notice import Notice
from services.notifications.store import disclosures, known
from services.notifications.store import notices as store
from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.message import Event
from shared.contracts.platform import ConfigurationChanged
from shared.errors import Conflict
from shared.settings import Settings
from shared.store.database import Database
from shared.store.tables import deferred
from shared.vocabulary import Role
from tests.batches import Fact, Listener
from tests.meeting import meet, on_server
from tests.notifications.scenes import AWARE, CASE, CONTACT, advised, case_closed, facts, opened, received
from tests.platform import SetClock

pytestmark = pytest.mark.servers
ASKED = Asked("Allegation", "The adult moved here.", "What was decided")


def manager(name: str) -> Scope:
    """Of the holder."""
    return Scope("dorset", Actor(name, frozenset({Role.MANAGER})), "thread")


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("notifications"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_what_one_manager_gave_another_cannot_refuse_at_the_same_moment(database: Database):
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    one = Disclosure("d-1", Side.HOLDING, "wiltshire", "P-7", "", State.REQUESTED, at, ASKED)
    with database.transaction(manager("first")) as tx:
        disclosures.save(tx, one)

    def decide(who: str, state: State) -> None:
        with database.transaction(manager(who)) as tx:
            disclosing.decide(tx, "d-1", state, Answer(words="This is what we say."))

    given, refused = meet(
        database, lambda: decide("first", State.GIVEN), lambda: decide("second", State.REFUSED)
    )
    assert given is None
    assert isinstance(refused, Conflict)
    with database.transaction(manager("first")) as tx:
        assert disclosures.get(tx, "d-1").decided_by == "first"


def opening(code: str, value: dict[str, object]) -> ConfigurationChanged:
    """The front door opens an authority."""
    return ConfigurationChanged(
        configuration_id=f"{code}/authority", kind="authority", value=json.dumps(value),
        effective_from=datetime(2020, 1, 1, tzinfo=UTC), changed_by="test",
    )  # fmt: skip


def region(database: Database, code: str) -> None:
    """That authority is there, and pointed at."""
    value = {"display_name": code.capitalize(), "contact_route": "", "pooled": True}
    with database.transaction(Scope(code, Actor("system:test"), "thread")) as tx:
        replicas.apply_configuration(tx, opening(code, value))
        disclosures.note_pointer(tx, "dorset", "P-9", "w-1")


def test_two_who_ask_at_the_same_moment_make_one_request(database: Database):
    region(database, "wiltshire")

    def ask(who: str) -> str:
        with database.transaction(manager(who)) as tx:
            return disclosing.request(tx, "wiltshire", "P-9", ASKED)

    first, second = meet(database, lambda: ask("first"), lambda: ask("second"))
    assert first == second
    with database.transaction(manager("first")) as tx:
        assert [one.asked_by for one in disclosures.listed(tx, Side.ASKING, 0, 9)[0]] == ["first"]


@pytest.fixture
def listener(database: Database) -> Listener:
    """Heard of a case with a duty."""
    made = Listener("notifications", database)
    value: dict[str, object] = {"display_name": "Dorset"}
    made.hear(Fact(opening("dorset", value)), *map(Fact, (received(), opened(), facts())))
    return made


def duty(database: Database) -> Notice:
    """The provider's notice as it stands."""
    with database.transaction(manager("first")) as tx:
        return next(one for one in store.of_case(tx, CASE).values() if one.rule == "N10")


def advise(database: Database, one: Notice) -> None:
    """An officer says from the page that the provider was told."""
    with database.transaction(manager("first")) as tx:
        notices.advise(tx, Seen(one.id, one.version), "Tell the inspectorate by Friday.")


def earlier() -> Event:
    """The provider knew it days before, which moves the day."""
    return facts(provider_aware_at=AWARE - timedelta(days=3))


def waiting(listener: Listener) -> int:
    """How many facts did not simply take effect."""
    with listener.database.plumbing(writing=False) as db:
        return db.execute(select(func.count()).select_from(deferred)).scalar_one()


def test_a_batch_waits_for_whoever_is_at_a_notice_and_moves_it_then(listener: Listener):
    before = duty(listener.database)
    done = meet(
        listener.database,
        lambda: advise(listener.database, before),
        lambda: listener.hear(Fact(earlier()), Fact(advised())),
    )
    after = duty(listener.database)
    assert done == [None, None] and waiting(listener) == 0
    assert after.advised_at is not None and after.dates.act_on < before.dates.act_on


def test_a_fact_that_is_worked_alone_is_not_refused_because_somebody_was_faster(listener: Listener):
    before = duty(listener.database)
    stranger = replace(advised(), contact_id="c-9")
    done = meet(
        listener.database,
        lambda: advise(listener.database, before),
        lambda: listener.hear(Fact(stranger), Fact(earlier())),
    )
    after = duty(listener.database)
    # Nothing was ever heard of the stranger.
    assert done == [None, None] and waiting(listener) == 1
    assert after.advised_at is not None and after.dates.act_on < before.dates.act_on


def test_whoever_acts_on_a_notice_that_a_batch_has_taken_and_leaves_as_it_is_waits_for_it(listener: Listener):
    before = duty(listener.database)
    done = meet(
        listener.database,
        lambda: listener.hear(Fact(facts()), Fact(advised())),
        lambda: advise(listener.database, before),
    )
    assert done == [None, None]
    assert duty(listener.database).advised_at is not None


def test_whoever_decided_on_a_notice_as_it_was_before_the_batch_is_told_to_look_again(listener: Listener):
    before = duty(listener.database)
    moved, acted = meet(
        listener.database,
        lambda: listener.hear(Fact(earlier()), Fact(advised())),
        lambda: advise(listener.database, before),
    )
    assert moved is None and isinstance(acted, Conflict)


@pytest.mark.parametrize("advice_first", [True, False])
def test_two_batches_that_tell_of_one_contact_lose_nothing_of_each_other(
    listener: Listener, *, advice_first: bool
):
    batches = [
        lambda: listener.hear(Fact(advised()), Fact(received(contact_id="c-8"))),
        lambda: listener.hear(Fact(case_closed()), Fact(opened(case_id="k-8", contact_id="c-8"))),
    ]
    assert meet(listener.database, *(batches if advice_first else reversed(batches))) == [None, None]
    with listener.database.transaction(manager("first")) as tx:
        one = known.find_contact(tx, CONTACT)
    assert one is not None and one.advised_at is not None and one.closed_at is not None
    assert waiting(listener) == 0
