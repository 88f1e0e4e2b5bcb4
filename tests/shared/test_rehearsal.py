"""The demo's history: complete, consistent, its own origin, and silent towards the outside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shared import audit, replicas
from shared.actor import Actor, Scope
from shared.clock import Clock
from shared.contracts import Envelope, Origin
from shared.contracts.intake import ContactReceived
from shared.mail.tables import letter
from shared.region import state
from shared.rehearsal import ACTS, Part, Rehearsal
from shared.settings import from_environment
from tests.conftest import MONDAY_MORNING
from tests.platform import Platform, SetClock
from tests.rehearsed import rehearse

CONTACTS = 12
AUTHORITIES = ("bcp", "dorset", "hampshire", "wiltshire")


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Twelve contacts with all that followed; read only by the tests that share it."""
    settings = from_environment({"HEED_DATA": str(tmp_path_factory.mktemp("data"))})
    made = Platform(settings, SetClock(MONDAY_MORNING))
    rehearse(made, CONTACTS)
    yield made
    made.close()


def said(platform: Platform) -> list[Envelope]:
    return [one for name in platform.region.runtimes for one in platform.envelopes(name)]


def test_the_history_has_as_many_contacts_as_were_asked_for(rehearsed: Platform):
    assert len(rehearsed.events(ContactReceived.name)) == CONTACTS


def test_a_few_contacts_came_with_a_file_that_opens(rehearsed: Platform):
    told = [(one.authority, one.event()) for one in rehearsed.envelopes("intake")]
    [(authority, file)] = [
        (code, file) for code, event in told if isinstance(event, ContactReceived) for file in event.files
    ]
    with rehearsed["intake"].database.reading(Scope(authority, Actor("system:test"), "t")) as tx:
        opened = tx.tools.files.open(tx, file.ref.id)
    assert opened.name == "Note of what was seen.txt"
    assert opened.content.startswith(b"Invented data")


def test_every_service_knows_the_four_authorities(rehearsed: Platform):
    for runtime in rehearsed.region.runtimes.values():
        assert sorted(runtime.authorities()) == sorted(AUTHORITIES)


def test_every_fact_of_the_history_says_that_it_is_one(rehearsed: Platform):
    assert {one.origin for one in said(rehearsed)} == {Origin.DEMO}


def test_the_history_happened_before_now_and_no_fact_before_its_cause(rehearsed: Platform):
    now = rehearsed.clock()
    assert all(one.occurred_at <= now for one in said(rehearsed))
    received = {one.key: one.occurred_at for one in said(rehearsed) if one.type == "contact.received"}
    later = [one for one in said(rehearsed) if one.topic == "heed.intake.contact"]
    assert later
    assert all(one.occurred_at >= received[one.key] for one in later)


def test_no_letter_is_planned_and_none_leaves(rehearsed: Platform):
    assert rehearsed.letterbox.letters == []
    for runtime in rehearsed.region.runtimes.values():
        for authority in AUTHORITIES:
            with runtime.database.reading(runtime.system(authority)) as tx:
                assert tx.db.execute(select(letter.c.id).where(letter.c.authority == authority)).all() == []


def test_time_that_passes_over_the_history_sends_nothing_either(rehearsed: Platform):
    before = len(said(rehearsed))
    rehearsed.settle()
    assert rehearsed.letterbox.letters == []
    assert len(said(rehearsed)) == before


def test_nothing_of_the_history_waits_anywhere(rehearsed: Platform):
    for standing in state(rehearsed.region).values():
        assert standing == {"outbox": 0, "outbox_age": 0.0}


def test_every_chain_of_the_history_is_whole(rehearsed: Platform):
    for runtime in rehearsed.region.runtimes.values():
        for authority in AUTHORITIES:
            with runtime.database.reading(runtime.system(authority)) as tx:
                assert audit.verify(tx.db, authority).broken_at is None


def test_a_second_rehearsal_adds_nothing(rehearsed: Platform):
    before = len(said(rehearsed))
    rehearse(rehearsed, CONTACTS)
    assert len(said(rehearsed)) == before


def test_a_history_is_taken_up_where_it_stopped(platform: Platform):
    rehearse(platform, 3)
    early = {one.contact_id for one in platform.events(ContactReceived.name)}
    rehearse(platform, 6)
    all_of_them = [one.contact_id for one in platform.events(ContactReceived.name)]
    assert len(early) == 3
    assert len(all_of_them) == 6
    assert early < set(all_of_them)


def test_without_a_scale_there_are_accounts_and_no_contacts(platform: Platform):
    rehearsal = Rehearsal(platform.region, None)
    assert rehearsal.turn() > 0
    platform.settle()
    assert platform.events(ContactReceived.name) == []
    intake = platform["intake"]
    with intake.database.reading(intake.system("dorset")) as tx:
        assert replicas.colleagues(tx)
    assert not rehearsal.playing


@pytest.fixture
def part(platform: Platform) -> Part:
    return Part(platform["intake"], CONTACTS)


def journalled(platform: Platform) -> int:
    return len(platform.envelopes("intake"))


def look(part: Part, number: int) -> None:
    at = MONDAY_MORNING - timedelta(days=number)
    with part.transaction("dorset", at, "officer-1") as tx:
        tx.accessed("viewed", "contact", str(number))


def test_acts_of_a_part_share_a_commit_and_breathe_between_two(platform: Platform, part: Part):
    breaths: list[int] = []
    part = replace(part, between=lambda: breaths.append(journalled(platform)))
    with part.open:
        for number in range(ACTS + 1):
            look(part, number)
    assert breaths == [0, ACTS]
    assert journalled(platform) == ACTS + 1


def test_an_act_that_fails_takes_no_other_with_it(platform: Platform, part: Part):
    with part.open:
        look(part, 1)
        with pytest.raises(LookupError), part.transaction("dorset", MONDAY_MORNING) as tx:
            tx.accessed("viewed", "contact", "undone")
            raise LookupError
        look(part, 2)
    assert [one.event().subject_id for one in platform.envelopes("intake")] == ["1", "2"]  # type: ignore[union-attr]


def test_an_act_of_a_history_is_done_by_somebody_at_its_time(platform: Platform, part: Part):
    with part.open:
        look(part, 5)
    (found,) = platform.envelopes("intake")
    assert (found.actor, found.origin) == ("officer-1", Origin.DEMO)
    assert found.occurred_at == MONDAY_MORNING - timedelta(days=5)
    assert found.recorded_at == MONDAY_MORNING


def test_people_find_the_history_ending_now(part: Part, clock: Clock):
    assert part.now == clock()


def test_a_scope_of_another_authority_ends_with_its_act(part: Part):
    with part.open:
        look(part, 1)
        with part.transaction("wiltshire", MONDAY_MORNING) as tx:
            assert tx.scope == replace(tx.scope, authority="wiltshire", actor=Actor("system:intake"))
        assert part.tx is not None
        assert isinstance(part.tx.scope, Scope)
        assert part.tx.authority == "dorset"
