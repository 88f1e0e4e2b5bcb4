"""A register of schools and homes, loaded from a file."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.search.actions import loading
from services.search.domain.register import Entry, Heading, Problem, Row, read
from services.search.store import loads, settings
from services.search.store.loads import Load
from services.search.store.settings import Listed
from shared.contracts.search import RegisterLoaded, SettingChanged, SettingMerged
from shared.errors import Invalid, NotAllowed
from shared.vocabulary import Role
from tests.page_client import PageClient
from tests.search.adults import contact
from tests.search.desk import Desk
from tests.search.test_settings import ST_OSYTH, named

HEAD = "Name,Kind,Town,Postcode,URN,Ofsted,Provider,Head count,Opened,Closed,Predecessor"
OSYTH = "St Osyth's Primary School,community school,Dorchester,DT1 9ZZ,900001,,Hazel Trust,210,,,"
LARCH = "Larch House,Children's home,Poole,BH1 9ZZ,,SC990001,Hazel Trust,6,2019-04-01,,"


def file(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> io.BytesIO:
    """A file of a register."""
    return io.BytesIO("\n".join([head, *rows]).encode(encoding))


def load(desk: Desk, *rows: str, authority: str = "dorset", **how: Any) -> Load:
    """Load a file to its end."""
    with desk.transaction(authority, Role.ADMINISTRATOR) as tx:
        load_id = loading.take_in(tx, file(*rows, **how))
    return loading.enter_all(lambda: desk.transaction(authority), load_id, lambda _: None)


def register(desk: Desk) -> dict[str, Listed]:
    """Every setting by its name."""
    with desk.transaction() as tx:
        found, _ = settings.listed(tx, settings.Wanted(named=False), 0, 50)
    return {one.said.name: one for one in found}


def test_a_register_is_entered_with_heads_days_and_provider(desk: Desk):
    done = load(desk, OSYTH, LARCH)
    assert (done.state, done.rows, done.tally.added) == ("done", 2, 2)
    found = register(desk)
    home = found["Larch House"]
    assert (home.kind, home.head_count, home.opened_on) == ("CHILDRENS_HOME_PRIVATE", 6, date(2019, 4, 1))
    assert home.provider_id == found[ST_OSYTH.name].provider_id != ""
    (told,) = desk.published(RegisterLoaded)
    assert (told.rows, told.added, told.refused) == (2, 2, 0)


def test_the_same_file_again_changes_nothing(desk: Desk):
    load(desk, OSYTH, LARCH)
    before, facts = register(desk), len(desk.journal())
    again = load(desk, OSYTH, LARCH)
    assert (again.tally.same, again.tally.added, again.tally.changed) == (2, 0, 0)
    assert register(desk) == before and len(desk.journal()) == facts + 1


def test_a_setting_that_a_contact_named_is_found_by_its_register_row_and_told_of_when_it_changes(desk: Desk):
    desk.hear(contact("c-1", named(ST_OSYTH)))
    assert load(desk, OSYTH).tally.changed == 1
    desk.hear(contact("c-2", named(ST_OSYTH, ("URN", "900001"), given="Ben")))
    assert register(desk)[ST_OSYTH.name].concerns == 2
    (told,) = desk.published(SettingChanged)
    assert told.kind == "EDUCATION_MAINTAINED"


def test_two_settings_that_a_row_shows_to_be_one_are_joined_with_everybody_named_there(desk: Desk):
    desk.hear(contact("c-1", named(ST_OSYTH)))
    other = ST_OSYTH.__class__(name="Osyth's", town="Bere", postcode="")
    desk.hear(contact("c-2", named(other, ("URN", "900001"), given="Ben")))
    done = load(desk, OSYTH)
    assert done.tally.joined == 1 and register(desk)[ST_OSYTH.name].concerns == 2
    (told,) = desk.published(SettingMerged)
    with desk.transaction() as tx:
        gone = settings.one(tx, told.setting_id)
    assert gone is not None and gone.joined_to == told.into


def test_after_an_academy_conversion_the_name_means_the_academy(desk: Desk):
    closed = OSYTH.replace(",210,,,", ",210,,31/08/2025,")
    academy = OSYTH.replace("community school", "academy converter").replace("900001", "900002") + "900001"
    load(desk, closed, academy.replace("210,,,", "210,2025-09-01,,"))
    desk.hear(contact("c-1", named(ST_OSYTH)))
    with desk.transaction() as tx:
        (found,), _ = settings.listed(tx, settings.Wanted(), 0, 50)
    assert found.kind == "EDUCATION_ACADEMY"
    with desk.transaction() as tx:
        (before,) = settings.predecessors(tx, found.setting_id)
    assert before.closed_on == date(2025, 8, 31)


def test_a_bad_row_is_left_out_with_a_sentence_that_says_what_to_do(desk: Desk):
    bad = "Rowan House,windmill,Poole,NOWHERE,,12,,many,2019-13-01,,"
    done = load(desk, OSYTH, bad, LARCH)
    assert (done.tally.added, done.tally.refused) == (2, 1)
    with desk.transaction() as tx:
        found, total = loads.problems(tx, done.load_id, 0, 50)
    assert total == 5 and {one.row for one in found} == {3}
    assert {one.column for one in found} == {"Kind", "Postcode", "Ofsted", "Head count", "Opened"}


def test_two_rows_about_one_setting_are_told_apart_from_a_change(desk: Desk):
    for _ in range(2):
        done = load(desk, OSYTH, LARCH, OSYTH.replace("210", "240"))
        assert done.tally.refused == 1 and register(desk)[ST_OSYTH.name].head_count == 210


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "headings"),
        (b"Colour,Shape\nred,round\n", "headings"),
        (HEAD.encode(), "no settings"),
        (HEAD.encode() + b'\n"never closed', "commas"),
        (b"\x00\x01\x02,\xff\n\x00", "headings"),
    ],
)
def test_a_file_that_is_no_register_is_refused_whole(desk: Desk, content: bytes, words: str):
    with desk.transaction("dorset", Role.ADMINISTRATOR) as tx, pytest.raises(Invalid, match=words):
        loading.take_in(tx, io.BytesIO(content))


def test_the_headings_and_letters_of_a_national_register_are_understood(desk: Desk):
    head = (
        "URN,EstablishmentName,TypeOfEstablishment (name),Town,Postcode,NumberOfPupils,OpenDate,Trusts (name)"
    )
    row = "900003,Ysgol Sant Dwynwen’s,Academy converter,Sherborne,DT9 9ZZ,88,01-09-2020,Hazel Trust"
    load(desk, row, head=head, encoding="cp1252")
    found = register(desk)["Ysgol Sant Dwynwen’s"]
    assert (found.kind, found.head_count, found.opened_on) == ("EDUCATION_ACADEMY", 88, date(2020, 9, 1))


def test_only_an_administrator_loads_a_register(desk: Desk):
    with desk.transaction("dorset", Role.OFFICER) as tx, pytest.raises(NotAllowed):
        loading.take_in(tx, file(OSYTH))


def test_another_authority_sees_nothing_of_a_register(desk: Desk):
    load(desk, OSYTH)
    with desk.transaction("wiltshire") as tx:
        assert settings.listed(tx, settings.Wanted(named=False), 0, 50) == ([], 0)


def test_an_administrator_loads_a_file_and_sees_how_it_went(desk: Desk, browser: PageClient):
    browser.as_(Role.ADMINISTRATOR).get("/search/register")
    page = browser.submit({"file": (file(OSYTH, "No Place,,,,,,,,,,"), "register.csv")}, "Load this file")
    assert "0 of 2 rows" in page.text
    with desk.transaction() as tx:
        while loading.step(tx):
            pass
    page = browser.get(page.path)
    assert "Row" in page.text and "told from others" in page.text
    assert "No Place" not in page.text and "Done" in browser.get("/search/register").text


def test_a_page_says_what_is_wrong_with_the_file(browser: PageClient):
    browser.as_(Role.ADMINISTRATOR).get("/search/register")
    assert browser.submit({}, "Load this file", status=422).errors == ["Choose the file of settings."]


cells = some.text(max_size=12)


@given(some.lists(cells, min_size=11, max_size=11))
def test_whatever_stands_in_a_row_it_is_read_or_refused_with_sentences(said: list[str]):
    found = read(Heading(HEAD.split(",")), Row(2, tuple(said)))
    assert isinstance(found, Entry) or all(isinstance(one, Problem) and one.words for one in found)
    assert isinstance(found, Entry) or found


def test_the_page_of_an_academy_names_the_school_it_was_and_who_runs_it(desk: Desk, browser: PageClient):
    closed = OSYTH.replace("St Osyth's", "Old Osyth's").replace(",210,,,", ",210,,31/08/2025,")
    load(desk, closed, OSYTH.replace("900001", "900002") + "900001")
    found = register(desk)[ST_OSYTH.name]
    page = browser.as_(Role.OFFICER).get(f"/search/settings/{found.setting_id}")
    assert "Hazel Trust" in page.text and "210" in page.text
    before = browser.get(page.links["Old Osyth's Primary School"])
    assert before.links[ST_OSYTH.name] == f"/search/settings/{found.setting_id}"
