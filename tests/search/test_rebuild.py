"""The index filled anew from the owners' journals equals the one that lived through it all."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from services.search.actions import judging
from services.search.domain.judgement import State, Verdict
from services.search.store import matches
from services.search.store.tables import match_key, portrait, setting, term
from shared.actor import Actor, Scope
from shared.contracts.search import MatchFound
from shared.messaging.rebuild import rebuild
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.platform import Platform, SetClock
from tests.search.adults import adult, bare, contact

OFFICER = Scope("dorset", Actor("officer-1", frozenset({Role.OFFICER}), "Test person"), "test")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def region(request: pytest.FixtureRequest, tmp_path: object, clock: SetClock) -> Iterator[Platform]:
    """All services, on either database."""
    given = {"HEED_DATA": f"{tmp_path}/data"}
    if request.param == "postgresql":
        given["HEED_DATABASE_URL"] = _one_for_each(request.getfixturevalue("postgres_url"))
    made = Platform(from_environment(given), clock)
    yield made
    made.close()


def _one_for_each(url: str) -> str:
    from uuid import uuid4

    from sqlalchemy import create_engine, make_url, text

    import services

    prefix = f"heed_{uuid4().hex[:8]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as db:
        for name in services.NAMES:
            db.execute(text(f"CREATE DATABASE {prefix}_{name}"))
    server.dispose()
    return (
        make_url(url)
        .set(database=f"{prefix}_X")
        .render_as_string(hide_password=False)
        .replace("_X", "_{service}")
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
        listed = sorted(db.exec_driver_sql(f"SELECT setting_id FROM {setting.name}").scalars())
        people = sorted(tuple(row) for row in db.execute(select(portrait.c.contact_id, portrait.c.person_id)))
    return [keys, terms, listed, people]


def test_a_rebuilt_index_is_the_same_and_judgements_stay(region: Platform):
    _say(region, contact("c-1"), contact("c-2"), contact("c-3", bare("Ada", "Finch", "1990-02-03")))
    (found,) = [one for one in region.events("match.found") if isinstance(one, MatchFound)]
    with region["search"].database.transaction(OFFICER) as tx:
        judging.judge(tx, found.match_id, Verdict.DIFFERENT, "Known to be sisters.")
    before, told = _index(region), len(region.events())
    rebuild(region["search"], list(region.region.runtimes.values()))
    assert _index(region) == before and len(region.events()) == told
    with region["search"].database.reading(OFFICER) as tx:
        (kept,) = matches.by_ids(tx, [found.match_id])
    assert kept.state is State.REJECTED
    _say(region, contact("c-4", adult(born="1984-05-31")))
    assert len(region.events("match.found")) == 3
