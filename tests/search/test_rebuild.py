"""The index filled anew from the owners' journals equals the one that lived through it all."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import select

from services.search.actions import judging, loading
from services.search.domain.judgement import State, Verdict
from services.search.store import matches
from services.search.store.setting_tables import employment, happening, setting
from services.search.store.tables import match_key, portrait, reference, term
from shared.actor import Actor, Scope
from shared.clock import wall_clock
from shared.contracts.casework import CaseClosed
from shared.contracts.message import Origin
from shared.contracts.notifications import NoticeSent
from shared.contracts.people import Identifier, Setting, Work
from shared.contracts.platform import ConfigurationChanged
from shared.contracts.search import MatchFound
from shared.messaging.kafka import KafkaLog
from shared.messaging.rebuild import PULSE, rebuild
from shared.settings import from_environment
from shared.vocabulary import Decision, Outcome, Role
from tests.platform import Platform, SetClock
from tests.search.adults import MONDAY, adult, bare, case, contact
from tests.search.desk import Desk
from tests.search.test_establishment import decided, notice, outcome
from tests.servers import made_on_server

OFFICER = Scope("dorset", Actor("officer-1", frozenset({Role.OFFICER}), "Test person"), "test")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def region(request: pytest.FixtureRequest, tmp_path: object, clock: SetClock) -> Iterator[Platform]:
    """All services, on either database."""
    given = {"HEED_DATA": f"{tmp_path}/data"}
    if request.param == "postgresql":
        given |= request.getfixturevalue("postgres_server").environment
    settings = from_environment(given)
    if request.param == "postgresql":
        made_on_server(settings)
    made = Platform(settings, clock)
    # On a server the rows of an authority are swapped only when the service has heard of it.
    _say(made, _opening(clock))
    yield made
    made.close()


def _opening(clock: SetClock) -> ConfigurationChanged:
    return ConfigurationChanged(
        configuration_id="dorset/authority",
        kind="authority",
        value=json.dumps({"display_name": "Dorset"}),
        effective_from=clock(),
        changed_by="test",
    )


def _say(region: Platform, *events: object) -> None:
    with region["intake"].database.transaction(OFFICER) as tx:
        for event in events:
            tx.publish(event)  # type: ignore[arg-type]
    region.settle()


def _index(region: Platform) -> list[object]:
    """What must be the same: how many keys and terms, which settings and portraits."""
    with region["search"].database.plumbing(writing=False) as db:
        keys = sorted(db.execute(select(match_key.c.k)).scalars())
        terms = sorted(tuple(row) for row in db.execute(select(term)) if row.mentions)
        listed = sorted(
            tuple(row) for row in db.exec_driver_sql(f"SELECT setting_id, concerns FROM {setting.name}")
        )
        people = sorted(tuple(row) for row in db.execute(select(portrait.c.contact_id, portrait.c.person_id)))
        noted = sorted(
            tuple(row)
            for row in db.exec_driver_sql(f"SELECT happening_id, kind, state FROM {happening.name}")
        )
        said = sorted(
            tuple(row) for row in db.exec_driver_sql(f"SELECT reference, contact_id FROM {reference.name}")
        )
    return [keys, terms, listed, people, noted, said, _employed(region)]


def _join_two_settings(region: Platform) -> None:
    """Two contacts name one school differently, and a register shows that it is one."""
    numbered = Setting(name="Osyth's", town="Bere", identifiers=(Identifier(scheme="URN", value="900002"),))
    _say(region, contact("r-1", bare("Ada", "Larkin", work=(Work(setting=numbered),))))
    _say(
        region, contact("r-2", bare("Ben", "Lowe", work=(Work(setting=Setting(name="Larch", town="Poole")),)))
    )
    with region["search"].database.transaction(region["search"].system("dorset")) as tx:
        loading.take_in(tx, io.BytesIO(b"name,town,urn\nLarch,Poole,900002\n"))
        while loading.step(tx):
            pass
    joined = {setting_id for setting_id, contact_id in _employed(region) if contact_id.startswith("r-")}
    assert len(joined) == 1


def test_a_rebuilt_index_is_the_same_and_judgements_stay(region: Platform):
    _say(region, contact("c-1"), contact("c-2"), contact("c-3", bare("Ada", "Finch", "1990-02-03")))
    _say(region, decided("c-1", Decision.NOT_MET_INTERNAL), contact("c-5", bare("Ivo", "Reed")))
    (found,) = [one for one in region.events("match.found") if isinstance(one, MatchFound)]
    with region["search"].database.transaction(OFFICER) as tx:
        judging.judge(tx, found.match_id, Verdict.DIFFERENT, "Known to be sisters.")
    _join_two_settings(region)
    before, told = _index(region), len(region.events())
    rebuild(region["search"], list(region.region.runtimes.values()))
    assert _index(region) == before and len(region.events()) == told
    with region["search"].database.reading(OFFICER) as tx:
        (kept,) = matches.by_ids(tx, [found.match_id])
    assert kept.state is State.REJECTED
    _say(region, contact("c-4", adult(born="1984-05-31")))
    assert len(region.events("match.found")) == 3


# What the command does, killed the hard way when everything is in the shadow and nothing is swapped.
KILLED = """
import os, signal
from shared.clock import wall_clock
from shared.messaging.rebuild import rebuild
from shared.settings import from_environment
from tests.platform import Platform, SetClock

region = Platform(from_environment(os.environ), SetClock(wall_clock()))
owners = list(region.region.runtimes.values())
rebuild(region["search"], owners, lambda _done, _all: os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.servers
def test_on_real_servers_a_rebuild_that_was_killed_goes_on_where_it_was(
    fresh_server: Any, kafka_address: str, tmp_path: Path, clock: SetClock
):
    given = {
        "HEED_DATA": f"{tmp_path}/data",
        "HEED_SECRET_KEYS": token_hex(32),
        **fresh_server.environment,
    }
    settings = from_environment(given)
    made_on_server(settings)
    with (
        closing(Platform(settings, clock)) as region,
        closing(KafkaLog.at(f"kafka://{kafka_address}")) as log,
    ):
        _say(region, _opening(clock), contact("c-1"), contact("c-2"), contact("c-3", bare("Ada", "Finch")))
        before = _index(region)
        meanwhile = {**os.environ, **given, "HEED_BUS_URL": f"kafka://{kafka_address}"}
        gone = subprocess.run([sys.executable, "-c", KILLED], env=meanwhile, timeout=120, check=False)
        assert gone.returncode == -signal.SIGKILL
        assert _index(region) == before
        clock.set(wall_clock() + PULSE + timedelta(seconds=1))
        found = rebuild(replace(region["search"], log=log), list(region.region.runtimes.values()))
        assert found.before == found.facts > 3
        assert _index(region) == before


def test_what_happened_reads_the_same_when_it_is_heard_in_a_rebuild(desk: Desk):
    story = [
        contact("c-1"),
        decided("c-1", Decision.MORE_INFO),
        decided("c-1", Decision.MET),
        case("k-1", "c-1", adult()),
        notice("c-1", "k-1", "adult-1"),
        NoticeSent(
            notice_id="n-k-1", case_id="k-1", method="post", sent_at=MONDAY, recipient="x", rule="N15"
        ),
        notice("c-1", "k-1", "adult-1"),
        outcome("k-1", Outcome.UNFOUNDED),
        CaseClosed(case_id="k-1", contact_id="c-1", closed_at=MONDAY),
    ]
    for event in story:
        desk.hear(event)
    desk.hear(*story, authority="wiltshire", origin=Origin.REBUILD)
    with desk.database.plumbing(writing=False) as db:
        told = db.exec_driver_sql(
            f"SELECT happening_id, state, code, about, authority FROM {happening.name}"
        ).all()
    dorset, wiltshire = ({row[:4] for row in told if row[4] == one} for one in ("dorset", "wiltshire"))
    assert dorset == wiltshire and len(dorset) == 4


def _employed(region: Platform) -> set[tuple[str, str]]:
    """Which contact named which setting."""
    with region["search"].database.reading(OFFICER) as tx:
        query = select(employment.c.setting_id, employment.c.contact_id).where(
            employment.c.authority == tx.authority
        )
        return {tuple(row) for row in tx.db.execute(query)}
