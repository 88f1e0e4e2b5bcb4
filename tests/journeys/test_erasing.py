"""An erased contact leaves every service, whatever was kept of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from services.intake.actions import contacts, erasing, threshold
from services.intake.domain.erasure import Ground
from services.intake.domain.threshold import Judgement
from shared import replicas
from shared.actor import Actor, Scope
from shared.mail import tables as mail
from shared.settings import from_environment
from shared.store.engine import bind
from shared.store.transaction import Transaction
from shared.vocabulary import Decision, Role
from tests.intake.builders import a_report
from tests.platform import Platform, SetClock
from tests.servers import Server, made_on_server

# Ids alone, which say that something was there: what was counted, and who looked at or erased what.
KNOWN = {"erasure", "erased", "contact_fact", "match_fact"}


def test_an_erased_contact_is_gone_from_every_service(platform: Platform):
    first, second = received(platform), received(platform)
    platform.settle()
    assert {"mention", "match", "known_contact", "contact_known", "prior_concern"} <= holding(
        platform, second
    )
    ended(platform, second)
    platform.settle()
    erase(platform, second)
    platform.settle()
    assert holding(platform, second) <= KNOWN, holding(platform, second)
    assert {"mention", "known_contact"} <= holding(platform, first)
    kept = [one for one in platform.envelopes("intake") if one.key == second]
    assert {one.type for one in kept} == {"contact.erased"}


@pytest.mark.servers
def test_an_erased_contact_is_gone_behind_the_walls_of_a_server_too(
    tmp_path: Path, postgres_server: Server, clock: SetClock
):
    settings = from_environment({"HEED_DATA": str(tmp_path), **postgres_server.environment})
    made_on_server(settings)
    platform = Platform(settings, clock)
    try:
        test_an_erased_contact_is_gone_from_every_service(platform)
    finally:
        platform.close()


@contextmanager
def act(platform: Platform, role: Role, user: str) -> Iterator[Transaction[Any]]:
    """A transaction of Dorset's intake as somebody."""
    scope = Scope("dorset", Actor(user, frozenset({role}), "Test person"), "test")
    with platform["intake"].database.transaction(scope) as tx:
        yield tx


def received(platform: Platform) -> str:
    """A contact about the same adult each time."""
    with act(platform, Role.OFFICER, "officer-1") as tx:
        return contacts.receive_contact(tx, a_report()).id


def ended(platform: Platform, contact_id: str) -> None:
    """It goes no further, and the referrer is to be told."""
    low = Judgement(
        decision=Decision.NOT_MET_LOW_LEVEL, criteria=(), tier="", reasons="A small thing.", decided_by=""
    )
    with act(platform, Role.OFFICER, "officer-1") as tx:
        threshold.decide_threshold(tx, contact_id, low)


def erase(platform: Platform, contact_id: str) -> None:
    """Two people agree."""
    with act(platform, Role.OFFICER, "officer-1") as tx:
        erasing.ask_erasure(tx, contact_id, Ground.DECISION, "The wrong person.")
    with act(platform, Role.MANAGER, "manager-1") as tx:
        erasing.decide_erasure(tx, contact_id, approve=True)


def holding(platform: Platform, contact_id: str) -> set[str]:
    """The tables of all services that hold this id in any column; the kernel's own numbers left out."""
    found = set()
    for runtime in platform.region.runtimes.values():
        metadatas: tuple[MetaData, ...] = (runtime.service.metadata, replicas.metadata, mail.metadata)
        with runtime.database.plumbing(writing=False) as db:
            bind(db, "dorset")
            for table in [one for metadata in metadatas for one in metadata.sorted_tables]:
                rows = db.exec_driver_sql(f'SELECT * FROM "{table.name}"')
                found |= {table.name for row in rows if any(contact_id in str(cell) for cell in row)}
    return found
