"""Accounts, sessions and configuration: what people can make intake do, and what it refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.intake.actions import configuration, contacts, sessions, users
from services.intake.actions.advice import Wording
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.session import Limits
from services.intake.domain.threshold import Judgement
from services.intake.store import sessions as kept_sessions
from shared import replicas
from shared.contracts.message import Event
from shared.errors import Invalid, NotAllowed, NotFound, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Decision, Role
from tests.intake.builders import a_report, a_user
from tests.intake.conftest import House, Open
from tests.platform import SetClock

MET = Judgement(decision=Decision.MET, criteria=("HARM",), tier="T4", reasons="He was hurt.", decided_by="")
NOT_MET = Judgement(
    decision=Decision.NOT_MET_LOW_LEVEL, criteria=(), tier="", reasons="A small thing.", decided_by=""
)
MORE = Judgement(decision=Decision.MORE_INFO, criteria=(), tier="", reasons="Unclear.", decided_by="")
SPOKEN = Wording(text="Keep a record of it.", method="phone")
Act = Callable[[Transaction[Any], str], object]


def said(house: House, name: str) -> list[Any]:
    """The facts of that name, as the bus has them."""
    found: list[Event] = house.events(name)
    return list(found)


def test_an_administrator_opens_changes_and_closes_accounts(opened: Open, house: House):
    with opened(Role.ADMINISTRATOR) as tx:
        user = users.add_user(tx, a_user(id=""))
        with pytest.raises(Invalid):
            users.add_user(tx, a_user())
        known = replicas.user(tx, user.id)
        assert known
        assert known.roles == {Role.OFFICER}
        users.change_user(tx, a_user(Role.MANAGER, id=user.id, active=False))
    assert [one.active for one in said(house, "user.changed")] == [True, False]
    assert said(house, "session.ended")[0].everywhere
    with opened() as tx:
        with pytest.raises(NotAllowed):
            users.add_user(tx, a_user(email="x@dorset.example"))
        with pytest.raises(NotAllowed):
            sessions.start_session(tx, user.id)


def test_nobody_closes_their_own_account(opened: Open):
    with opened(Role.ADMINISTRATOR) as tx:
        mine = users.add_user(tx, a_user(Role.ADMINISTRATOR))
    with opened(Role.ADMINISTRATOR, user=mine.id) as tx, pytest.raises(Invalid):
        users.change_user(tx, a_user(Role.ADMINISTRATOR, id=mine.id, active=False))


def test_a_session_lives_while_it_is_used_and_ends_everywhere(opened: Open, house: House, clock: SetClock):
    limits = Limits(timedelta(minutes=15), timedelta(hours=10))
    with opened(Role.ADMINISTRATOR) as tx:
        mine = users.add_user(tx, a_user())
    with opened(user=mine.id) as tx:
        one, two = sessions.start_session(tx, mine.id), sessions.start_session(tx, mine.id)
    clock.forward(timedelta(minutes=10))
    with opened(user=mine.id) as tx:
        sessions.renew_session(tx, one.id, mine.id, limits)
        assert sessions.prove_again(tx, one.id, mine.id, limits).step_up_at == tx.now
        with pytest.raises(NotAllowed):
            sessions.renew_session(tx, one.id, "somebody", limits)
        with pytest.raises(NotFound):
            sessions.renew_session(tx, "none", mine.id, limits)
        sessions.end_session(tx, two.id, mine.id)
        with pytest.raises(Refused):
            sessions.renew_session(tx, two.id, mine.id, limits)
        with pytest.raises(NotAllowed):
            sessions.sign_out_everywhere(tx, "somebody")
        sessions.sign_out_everywhere(tx, mine.id)
        with pytest.raises(Refused):
            sessions.renew_session(tx, one.id, mine.id, limits)
        assert replicas.session_ended(tx, mine.id, one.id, one.started_at)
    assert [one.everywhere for one in said(house, "session.ended")] == [False, True]


def test_old_sessions_are_forgotten(opened: Open, house: House, clock: SetClock):
    with opened(Role.ADMINISTRATOR) as tx:
        mine = users.add_user(tx, a_user())
        one = sessions.start_session(tx, mine.id)
    clock.forward(timedelta(days=3))
    house.settle()
    with opened() as tx, pytest.raises(NotFound):
        kept_sessions.get(tx, one.id)


def test_configuration_takes_effect_at_once_and_is_told(opened: Open, house: House):
    with opened(Role.ADMINISTRATOR) as tx:
        replicas.change_configuration(tx, "closures", ["2026-03-03"])
        one = contacts.receive_contact(tx, a_report())
        configuration.open_authority(tx, AuthorityRecord(display_name="Dorset County"))
        assert replicas.authority(tx, "dorset").display_name == "Dorset County"
    assert one.respond_by.day == 4
    kinds = [event.kind for event in said(house, "configuration.changed")]
    assert kinds[-2:] == ["closures", "authority"]
    with opened() as tx, pytest.raises(NotAllowed):
        configuration.open_authority(tx, AuthorityRecord(display_name="Mine"))
