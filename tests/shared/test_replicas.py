"""What every service knows of authorities, users, sessions, rules and closed records, and from when on."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.intake import SessionEnded, UserChanged
from shared.contracts.message import Envelope, Event, Origin, encode_data
from shared.contracts.platform import ConfigurationChanged
from shared.errors import NotFound
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from tests.conftest import MONDAY_MORNING
from tests.platform import SetClock
from tests.shared.bare import bare

HOUR = timedelta(hours=1)


def scope(authority: str = "dorset", user: str = "officer-1") -> Scope:
    return Scope(authority, Actor(user), "thread")


@pytest.fixture
def store(settings: Settings, clock: SetClock) -> Database:
    return bare("reporting", settings, clock)


def hear(store: Database, *events: Event, authority: str = "dorset") -> None:
    """As the consumer would: every handler that listens, in order."""
    with store.transaction(scope(authority)) as tx:
        for event in events:
            for handler in replicas.subscriptions.handlers(event.name):
                handler(tx, event)


def known(store: Database, ask: Callable[..., Any], *args: Any, of: Scope | None = None) -> Any:
    with store.reading(of or scope()) as tx:
        return ask(tx, *args)


def rule(kind: str, value: object, since=MONDAY_MORNING, authority: str = "dorset") -> ConfigurationChanged:
    return ConfigurationChanged(
        configuration_id=f"{authority}/{kind}",
        kind=kind,
        value=json.dumps(value),
        effective_from=since,
        changed_by="administrator-1",
    )


def opened(name: str, since=MONDAY_MORNING, **more: object) -> ConfigurationChanged:
    return rule("authority", {"display_name": name, **more}, since)


def person(user_id: str = "u-1", **changes: Any) -> UserChanged:
    said: dict[str, Any] = {
        "display_name": "Sam Hart",
        "email": "sam@dorset.example",
        "roles": ("officer",),
        "active": True,
    }
    return UserChanged(user_id=user_id, **(said | changes))


def ended(session: str, everywhere: bool = False, at=MONDAY_MORNING) -> SessionEnded:
    return SessionEnded(user_id="u-1", session_id=session, everywhere=everywhere, ended_at=at)


def test_an_authority_is_known_by_its_words_and_its_defaults(store: Database):
    hear(store, opened("Dorset Council", pooled=True, terms={"OFFICER": "LADO"}))
    found = known(store, replicas.authority, "dorset")
    assert (found.code, found.display_name, found.pooled) == ("dorset", "Dorset Council", True)
    assert (found.terms, found.theme) == ({"OFFICER": "LADO"}, "")


def test_authorities_are_listed_by_the_name_people_read(store: Database):
    hear(store, opened("Wiltshire Council"), authority="wiltshire")
    hear(store, opened("Bournemouth, Christchurch and Poole Council"), authority="bcp")
    assert [one.code for one in known(store, replicas.authorities)] == ["bcp", "wiltshire"]


def test_an_unknown_authority_is_not_found_and_its_code_is_not_repeated(store: Database):
    with pytest.raises(NotFound) as problem:
        known(store, replicas.authority, "atlantis")
    assert "atlantis" not in str(problem.value)


def test_what_an_authority_was_called_earlier_changes_nothing_when_heard_late(store: Database):
    hear(store, opened("Dorset Council", MONDAY_MORNING), opened("Dorset", MONDAY_MORNING - HOUR))
    assert known(store, replicas.authority, "dorset").display_name == "Dorset Council"


def test_a_rule_is_the_latest_that_is_in_force(store: Database, clock: SetClock):
    hear(store, rule("clocks", {"days": 5}, MONDAY_MORNING + HOUR), rule("clocks", {"days": 3}))
    assert known(store, replicas.configuration, "clocks") == {"days": 3}
    clock.forward(HOUR)
    assert known(store, replicas.configuration, "clocks") == {"days": 5}


def test_a_rule_that_is_not_in_force_yet_is_none(store: Database):
    hear(store, rule("clocks", {"days": 5}, MONDAY_MORNING + HOUR))
    assert known(store, replicas.configuration, "clocks") is None


def test_a_history_is_judged_by_the_rules_of_its_own_time(store: Database):
    hear(store, rule("clocks", "old", MONDAY_MORNING - 9 * HOUR), rule("clocks", "new"))
    past = Scope("dorset", Actor("a"), "t", Origin.DEMO, MONDAY_MORNING - HOUR)
    assert known(store, replicas.configuration, "clocks", of=past) == "old"


def test_a_rule_said_again_for_the_same_moment_is_the_new_one(store: Database):
    hear(store, rule("clocks", 3), rule("clocks", 3), rule("clocks", 4))
    assert known(store, replicas.configuration, "clocks") == 4


def test_a_rule_of_one_authority_is_none_of_another(store: Database):
    hear(store, rule("clocks", 3))
    assert known(store, replicas.configuration, "clocks", of=scope("wiltshire")) is None


def test_a_rule_set_that_changes_holds_at_once_and_not_when_it_is_undone(store: Database):
    hear(store, rule("clocks", 1))
    later = rule("clocks", 2, since=MONDAY_MORNING + HOUR)
    with store.transaction(scope()) as tx:
        assert replicas.configuration(tx, "clocks") == 1
        with pytest.raises(NotFound), tx.savepoint():
            replicas.apply_configuration(tx, later)
            assert replicas.configuration(tx, "clocks", MONDAY_MORNING + HOUR) == 2
            raise NotFound("The test says no.")
        assert replicas.configuration(tx, "clocks", MONDAY_MORNING + HOUR) == 1
        replicas.apply_configuration(tx, later)
        assert replicas.configuration(tx, "clocks", MONDAY_MORNING + HOUR) == 2
        assert replicas.configuration(tx, "clocks") == 1


def test_a_user_is_known_with_roles_and_may_act(store: Database):
    hear(store, person(roles=("officer", "manager")))
    found = known(store, replicas.user, "u-1")
    assert (found.display_name, found.email, found.authority) == ("Sam Hart", "sam@dorset.example", "dorset")
    assert found.active
    assert found.actor.has(Role.MANAGER)
    assert found.actor.id == "u-1"


def test_a_user_is_found_before_any_authority_is_bound(store: Database):
    hear(store, person())
    assert known(store, replicas.user, "u-1", of=scope("")).display_name == "Sam Hart"


def test_an_unheard_user_is_none(store: Database):
    assert known(store, replicas.user, "nobody") is None


def test_a_change_of_a_user_replaces_everything(store: Database):
    hear(store, person(), person(display_name="Sam Hart-Lee", roles=("analyst",), active=False))
    found = known(store, replicas.user, "u-1")
    assert (found.display_name, found.roles, found.active) == ("Sam Hart-Lee", {Role.ANALYST}, False)


def test_a_user_who_moved_is_opened_with_the_new_authoritys_key(store: Database):
    hear(store, person())
    hear(store, person(email="sam@wiltshire.example"), authority="wiltshire")
    assert known(store, replicas.user, "u-1").email == "sam@wiltshire.example"
    assert known(store, replicas.colleagues) == ()


def test_names_and_addresses_of_users_lie_sealed(store: Database):
    hear(store, person())
    with store.reading(scope()) as tx:
        row = tx.db.execute(select(replicas.metadata.tables["known_user"])).one()
    assert all("Hart" not in str(value) and "sam@" not in str(value) for value in row)


def test_colleagues_are_those_who_may_sign_in_here_by_name(store: Database):
    hear(store, person("1", display_name="Zoe"), person("2", display_name="Ann"))
    hear(store, person("3", display_name="Bo", active=False))
    hear(store, person("4", display_name="Cy"), authority="wiltshire")
    assert [one.display_name for one in known(store, replicas.colleagues)] == ["Ann", "Zoe"]


def test_display_names_leave_out_whom_nobody_has_heard_of(store: Database):
    hear(store, person("1", display_name="Zoe"), person("2", display_name="Ann"))
    assert known(store, replicas.display_names, ["1", "2", "3"]) == {"1": "Zoe", "2": "Ann"}


def cut(store: Database, session: str, issued) -> bool:
    return bool(known(store, replicas.session_ended, "u-1", session, issued))


def test_an_ended_session_cuts_only_its_own_cookies(store: Database):
    hear(store, ended("s-1"))
    assert cut(store, "s-1", MONDAY_MORNING - HOUR)
    assert not cut(store, "s-2", MONDAY_MORNING - HOUR)
    assert not cut(store, "s-1", MONDAY_MORNING + HOUR)


def test_signing_out_everywhere_cuts_all_that_were_issued_until_then(store: Database):
    hear(store, ended("s-1", everywhere=True))
    assert cut(store, "s-2", MONDAY_MORNING)
    assert not cut(store, "s-3", MONDAY_MORNING + HOUR)


def test_an_earlier_end_heard_late_brings_no_cookie_back(store: Database):
    hear(store, ended("", True, MONDAY_MORNING), ended("", True, MONDAY_MORNING - 3 * HOUR))
    assert cut(store, "s-1", MONDAY_MORNING - HOUR)


def test_ends_older_than_any_cookie_are_forgotten(store: Database, clock: SetClock):
    hear(store, ended("old"), ended("new", at=MONDAY_MORNING + 20 * HOUR))
    clock.forward(24 * HOUR)
    with store.transaction(scope()) as tx:
        assert replicas.forget_ended_sessions(tx, 12 * HOUR) == 1
    assert cut(store, "new", MONDAY_MORNING)


def envelope_of(event: Event, origin: Origin = Origin.LIVE) -> Envelope:
    return Envelope(
        id="e-1",
        type=event.name,
        version=1,
        topic=event.topic.replace("{service}", "intake"),
        key=event.key,
        sequence=1,
        authority="dorset",
        actor="a",
        correlation_id="t",
        origin=origin,
        occurred_at=MONDAY_MORNING,
        recorded_at=MONDAY_MORNING,
        data=msgspec.Raw(encode_data(event)),
    )


@pytest.mark.parametrize(
    ("service", "origin", "name"),
    [
        ("intake", Origin.LIVE, "Decided since"),
        ("intake", Origin.REBUILD, "Sam Hart"),
        ("reporting", Origin.LIVE, "Sam Hart"),
    ],
)
def test_what_a_service_decided_is_not_undone_by_its_own_earlier_fact(
    settings: Settings, clock: SetClock, service: str, origin: Origin, name: str
):
    store, early = bare(service, settings, clock), person()
    hear(store, person(display_name="Decided since"))
    with store.transaction(scope()) as tx:
        tx.cause = envelope_of(early, origin)
        for handler in replicas.subscriptions.handlers(early.name):
            handler(tx, early)
    assert known(store, replicas.user, "u-1").display_name == name
