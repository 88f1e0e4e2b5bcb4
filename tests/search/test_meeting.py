"""Two at one register, or at one match, at the same time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

import services
from services.search.actions import erasing, hearing, judging, loading, reviewing
from services.search.domain.judgement import State, Verdict
from services.search.domain.patterns import Finding
from services.search.store import loads, matches, patterns, profiles
from services.search.store.matches import Match
from services.search.store.mentions import Said
from shared.actor import Actor, Scope
from shared.contracts.people import Person
from shared.errors import Conflict
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from tests.meeting import meet, on_server
from tests.platform import SetClock
from tests.search.adults import MONDAY, bare

pytestmark = pytest.mark.servers
DORSET = Scope("dorset", Actor("system:test"), "thread")


@pytest.fixture
def database(settings: Settings, clock: SetClock, empty_postgres: str) -> Iterator[Database]:
    made = on_server(services.load("search"), settings, clock, empty_postgres)
    yield made
    made.close()


def test_two_who_enter_one_register_take_turns_and_count_each_row_once(database: Database):
    rows = [
        f"School {number},community school,Dorchester,DT1 9ZZ,{number}" for number in range(100_001, 100_502)
    ]
    file = io.BytesIO("\n".join(["Name,Kind,Town,Postcode,URN", *rows]).encode())
    with database.transaction(DORSET) as tx:
        load_id = loading.take_in(tx, file)

    def enter() -> int:
        with database.transaction(DORSET) as tx:
            return loading.step(tx)

    assert meet(database, enter, enter) == [loading.BATCH, 1]
    with database.transaction(DORSET) as tx:
        one = loads.one(tx, load_id)
    assert one is not None
    assert (one.done, one.tally.added, one.tally.same) == (501, 501, 0)


ADULT = bare("Rosalind Maud", "Quillfeather", "1984-05-13", phones=("07700 900123",))
BETTER = replace(ADULT, emails=("r.quillfeather@post.example",))
ANOTHER = bare("Zebedee", "Oakapple", "1951-01-30")


def tell(database: Database, contact_id: str, adult: Person, days: int = 0) -> None:
    """Search hears of an adult, or what is known better of them."""
    said = Said(contact_id, adult, MONDAY + timedelta(days), corrected=bool(days))
    with database.transaction(DORSET) as tx:
        hearing.hear(tx, [said])
        hearing.watch(tx, contact_id)


def correct(database: Database, adult: Person) -> None:
    """The later contact's adult was this one."""
    tell(database, "c-2", adult, 1)


@pytest.fixture
def found(database: Database) -> Match:
    """The match of two contacts that name the same adult."""
    tell(database, "c-1", ADULT)
    tell(database, "c-2", ADULT)
    return known(database)


def known(database: Database) -> Match:
    """The one match as it stands."""
    with database.transaction(DORSET) as tx:
        (one,) = matches.take_of_either(tx, "c-1")
    return one


def officer(who: str) -> Scope:
    """Of the authority."""
    return Scope("dorset", Actor(who, frozenset({Role.OFFICER})), "thread")


def judge(database: Database, one: Match, who: str, verdict: Verdict = Verdict.SAME) -> None:
    """An officer answers from the page as it was before."""
    with database.transaction(officer(who)) as tx:
        judging.judge(tx, one.match_id, verdict, "So it is.", seen=one.mark)


def joined(database: Database) -> int:
    """How many of the two records are held to be of one adult with another."""
    with database.transaction(DORSET) as tx:
        return len(profiles.of(tx, {("c-1", ADULT.id), ("c-2", ADULT.id)}))


def test_of_two_contacts_that_are_heard_of_at_the_same_moment_one_finds_the_other(database: Database):
    done = meet(database, lambda: tell(database, "c-1", ADULT), lambda: tell(database, "c-2", ADULT))
    assert done == [None, None]
    assert known(database).contact_id == "c-2"


def test_who_answers_at_the_same_moment_as_a_colleague_is_told_so(database: Database, found: Match):
    first, second = meet(
        database,
        lambda: judge(database, found, "first"),
        lambda: judge(database, found, "second", Verdict.DIFFERENT),
    )
    assert first is None and isinstance(second, Conflict)
    assert (known(database).state, known(database).judged_by) == (State.CONFIRMED, "first")
    assert joined(database) == 2


def test_who_answers_about_whole_people_at_the_same_moment_is_told_so(database: Database, found: Match):
    with database.transaction(DORSET) as tx:
        mark = judging.people_of(tx, found).mark

    def judge_people(who: str) -> None:
        with database.transaction(officer(who)) as tx:
            judging.judge_people(tx, found.match_id, Verdict.SAME, "So it is.", seen=mark)

    first, second = meet(database, lambda: judge_people("first"), lambda: judge_people("second"))
    assert first is None and isinstance(second, Conflict)
    assert known(database).judged_by == "first"


def test_an_answer_is_kept_beside_records_that_change_at_the_same_moment(database: Database, found: Match):
    done = meet(database, lambda: judge(database, found, "first"), lambda: correct(database, BETTER))
    assert done == [None, None]
    one = known(database)
    assert one.state is State.OPEN and one.was_confirmed


def test_nobody_answers_about_records_that_change_at_the_same_moment(database: Database, found: Match):
    corrected, judged = meet(
        database, lambda: correct(database, BETTER), lambda: judge(database, found, "first")
    )
    assert corrected is None and isinstance(judged, Conflict)
    assert known(database).state is State.OPEN


def test_records_that_are_joined_while_one_turns_out_to_be_of_another_are_parted(
    database: Database, found: Match
):
    done = meet(database, lambda: judge(database, found, "first"), lambda: correct(database, ANOTHER))
    assert done == [None, None]
    assert known(database).state is State.WITHDRAWN and joined(database) == 0


def test_records_that_are_joined_at_the_moment_of_an_erasure_are_parted(database: Database, found: Match):
    def erase() -> None:
        with database.transaction(DORSET) as tx:
            erasing.erase(tx, "c-2")

    assert meet(database, lambda: judge(database, found, "first"), erase) == [None, None]
    assert joined(database) == 0


def test_a_review_is_kept_though_another_concern_comes_at_the_same_moment(database: Database, found: Match):
    with database.transaction(DORSET) as tx:
        (one,) = patterns.of_contacts(tx, ["c-1"])

    def review() -> None:
        with database.transaction(officer("first")) as tx:
            reviewing.review(tx, one.pattern_id, Finding.EXPLAINED, "A new head counts everything.")

    assert meet(database, review, lambda: tell(database, "c-3", ADULT)) == [None, None]
    with database.transaction(DORSET) as tx:
        states = {each.pattern_id: each.state for each in patterns.of_contacts(tx, ["c-1"])}
    assert states.pop(one.pattern_id) == patterns.REVIEWED
    assert list(states.values()) == [patterns.OPEN]
