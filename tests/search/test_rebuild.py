"""The index filled anew from the owners' journals equals the one that lived through it all."""

import io
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from services.search.actions import judging, loading
from services.search.domain.judgement import State, Verdict
from services.search.store import matches
from services.search.store.setting_tables import employment, setting
from services.search.store.tables import match_key, portrait, term
from shared.actor import Actor, Scope
from shared.contracts.people import Identifier, Setting, Work
from shared.contracts.platform import ConfigurationChanged
from shared.contracts.search import MatchFound
from shared.messaging.rebuild import rebuild
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.platform import Platform, SetClock
from tests.search.adults import adult, bare, contact
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
    return [keys, terms, listed, people, _employed(region)]


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


def _employed(region: Platform) -> set[tuple[str, str]]:
    """Which contact named which setting."""
    with region["search"].database.reading(OFFICER) as tx:
        query = select(employment.c.setting_id, employment.c.contact_id).where(
            employment.c.authority == tx.authority
        )
        return {tuple(row) for row in tx.db.execute(query)}
