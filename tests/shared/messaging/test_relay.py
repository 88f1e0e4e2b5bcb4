"""From the outbox to the bus, at least once, by one relay at a time."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, func, select

from shared.actor import Actor, Scope
from shared.errors import Unavailable
from shared.messaging.embedded import EmbeddedLog
from shared.messaging.ports import Message
from shared.messaging.relay import Relay
from shared.store.tables import journal, lease, outbox
from tests.platform import SetClock
from tests.shared.messaging.stage import Stage


@pytest.fixture
def stage(tmp_path: Path, clock: SetClock) -> Stage:
    return Stage(tmp_path, clock)


def rows(stage: Stage, table: object) -> int:
    with stage.talker.plumbing(writing=False) as db:
        return int(db.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_the_outbox_empties_and_the_journal_keeps_everything(stage: Stage):
    stage.say("a", "b", "c")
    assert stage.relay.run_once() == 3
    assert (rows(stage, outbox), rows(stage, journal)) == (0, 3)


class AwayLog(EmbeddedLog):
    """A bus that does not answer."""

    def append(self, messages: Sequence[Message]) -> None:
        raise Unavailable(f"The bus is away with {len(messages)} messages.")


def test_while_the_bus_is_away_nothing_leaves_the_outbox(stage: Stage, tmp_path: Path):
    stage.say("a")
    with pytest.raises(Unavailable):
        Relay(stage.talker, AwayLog(tmp_path / "away.db")).run_once()
    assert rows(stage, outbox) == 1


def test_only_one_relay_is_active_until_its_lease_ends(stage: Stage, clock: SetClock):
    second = Relay(stage.talker, stage.log)
    stage.say("a")
    assert stage.relay.run_once() == 1
    stage.say("b")
    assert second.run_once() == 0
    clock.forward(timedelta(seconds=4))
    assert second.run_once() == 1


def test_a_worker_that_comes_back_takes_up_its_lease_and_shuts_its_earlier_life_out(stage: Stage):
    before = Relay(stage.talker, stage.log, "talker-0")
    stage.say("a")
    assert before.run_once() == 1
    stage.say("b")
    assert Relay(stage.talker, stage.log, "talker-1").run_once() == 0
    after = Relay(stage.talker, stage.log, "talker-0")
    assert after.run_once() == 1
    stage.say("c")
    assert before.run_once() == 0
    assert after.run_once() == 1


def test_a_relay_renews_its_lease_only_when_little_of_it_is_left(stage: Stage, clock: SetClock):
    def ends() -> object:
        with stage.talker.plumbing(writing=False) as db:
            return db.execute(select(lease.c.until)).scalar_one()

    stage.say("a")
    assert stage.relay.run_once() == 1
    first = ends()
    clock.forward(timedelta(seconds=0.4))
    stage.say("b")
    assert stage.relay.run_once() == 1 and ends() == first
    clock.forward(timedelta(seconds=0.4))
    stage.say("c")
    assert stage.relay.run_once() == 1 and ends() > first  # type: ignore[operator]


def test_the_name_of_a_holder_fits_its_column_however_long_the_worker_is_called(stage: Stage):
    stage.say("a")
    Relay(stage.talker, stage.log, "notifications-worker-" * 20).run_once()
    with stage.talker.plumbing(writing=False) as db:
        held = db.execute(select(lease.c.holder)).scalar_one()
    assert isinstance(lease.c.holder.type, String)
    assert len(held) <= (lease.c.holder.type.length or 0)


def test_a_fact_that_commits_late_with_an_early_position_is_not_lost(stage: Stage):
    scope = Scope("dorset", Actor("talker"), "thread")
    stage.say("a")
    batch_before = rows(stage, outbox)
    stage.relay.run_once()
    with stage.talker.transaction(scope):
        pass
    stage.say("b")
    assert batch_before == 1
    assert stage.relay.run_once() == 1
    assert rows(stage, outbox) == 0


def test_a_transaction_that_fails_leaves_no_fact_behind(stage: Stage):
    with pytest.raises(RuntimeError), stage.talker.transaction(Scope("dorset", Actor("t"), "x")) as tx:
        from shared.contracts.intake import ContactUnrestricted

        tx.publish(ContactUnrestricted(contact_id="a"))
        raise RuntimeError
    assert (rows(stage, outbox), rows(stage, journal)) == (0, 0)


def test_the_journal_holds_no_clear_text(stage: Stage, tmp_path: Path):
    stage.say("a")
    with stage.talker.plumbing(writing=False) as db:
        body = db.execute(select(journal.c.body)).scalar_one()
    assert b"contact" not in body
