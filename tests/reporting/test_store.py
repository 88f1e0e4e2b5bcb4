"""What the tables answer: sums, open things, the region, the register."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.reporting.domain import periods
from services.reporting.domain.facts import Case, Contact
from services.reporting.domain.groupings import GROUPINGS
from services.reporting.domain.tallies import ALL, Definition, Measure
from services.reporting.store import facts, material, records, region, register, standing, sums, tables
from services.reporting.store.register import Wanted
from shared.actor import Actor, Scope
from shared.crypto import Unreadable
from shared.store.guard import Unscoped
from tests.reporting.newsroom import WHEN, Newsroom, contact, decided, duty, looked, opened

YEAR = periods.year_of(WHEN.date())
WEEKS = periods.weeks(date(2026, 2, 2), 3)


def test_a_fact_is_read_back_as_it_was_kept(news: Newsroom):
    fact = Case(id="k", contact_id="c", opened_on=date(2026, 2, 1), police=True)
    with news.database.transaction(_scope()) as tx:
        facts.save(tx, [fact])
        assert facts.some(tx, Case, ["k", "nobody"]) == [fact]
        assert facts.some(tx, Contact, ["k"]) == []


def _scope() -> Scope:
    return Scope("dorset", Actor("system:test"), "test")


def test_every_field_of_a_fact_has_its_column():
    for kind, table in tables.OF_KIND.items():
        assert {one.name for one in fields(kind)} == {column.name for column in table.c} - {"authority"}


def test_the_wall_stands_around_every_table_but_the_region_s():
    exempt = {table.name for table in tables.metadata.sorted_tables if table.info.get("tenancy") == "exempt"}
    assert exempt == {"region_tally", "region_definition"}
    rest = [table for table in tables.metadata.sorted_tables if table.name not in exempt]
    assert all("authority" in table.c for table in rest)


def test_a_query_that_names_no_authority_does_not_reach_the_database(news: Newsroom):
    with news.reading() as tx, pytest.raises(Unscoped):
        tx.db.execute(select(tables.contact.c.id))


def test_the_region_s_table_holds_counts_and_no_id():
    assert set(tables.region_tally.c.keys()) == {"measure", "dimension", "starts", "holder", "code", "count"}


def test_weeks_are_summed_by_their_monday(news: Newsroom):
    news.hear(contact(), contact("c-2", WHEN + timedelta(days=7)), contact("c-3", WHEN + timedelta(days=8)))
    with news.reading() as tx:
        found = sums.series(tx, WEEKS, [Measure.CONTACTS])
    assert found[Measure.CONTACTS] == {date(2026, 2, 9): 1, date(2026, 2, 16): 2}


def test_a_series_compares_only_as_many_months_as_have_begun(news: Newsroom):
    for months_ago in (0, 12, 11):
        news.hear(contact(f"c-{months_ago}", WHEN - timedelta(days=30 * months_ago)))
    year = periods.months(date(2026, 2, 1), 12)
    with news.reading() as tx:
        found = material.series(tx, year, Definition.THRESHOLD_MET, date(2026, 2, 20))
    assert (list(found.now), found.whole, found.whole_before) == (["2026-02-01"], 1, 1)


def test_parts_are_counted_beside_a_whole_of_their_own(news: Newsroom):
    news.hear(contact(), decided(), contact("c-2", sector="POLICE"))
    with news.reading() as tx:
        found = material.parts(tx, YEAR, GROUPINGS["sector"], Definition.THRESHOLD_MET)
    assert (found.now, found.whole) == ({"EDUCATION_ACADEMY": 1, "POLICE": 1}, 2)
    assert (found.referrals_whole, found.converted_whole) == (1, 1)


def test_open_duties_stand_before_on_or_without_a_date(news: Newsroom):
    news.hear(duty("n-1", date(2026, 2, 24)), duty("n-2", date(2026, 2, 25)), duty("n-3", None))
    with news.reading() as tx:
        assert standing.duties(tx, date(2026, 2, 25)) == standing.Duties(1, 1, 1)


def test_an_answer_that_is_due_and_missing_is_late_once_its_moment_has_passed(news: Newsroom):
    news.hear(contact())
    with news.reading() as tx:
        assert standing.unanswered_late(tx, YEAR, WHEN + timedelta(hours=23)) == 0
        assert standing.unanswered_late(tx, YEAR, WHEN + timedelta(hours=25)) == 1
        assert standing.undecided_contacts(tx) == 1


def test_the_region_counts_every_authority_but_shows_no_small_number(news: Newsroom):
    for number in range(8):
        news.hear(contact(f"d-{number}"))
        news.hear(contact(f"w-{number}"), authority="wiltshire")
    news.hear(contact("b-1"), authority="bcp")
    with news.reading() as tx:
        found = region.by_authority(tx, YEAR, [Measure.CONTACTS], ALL, ["dorset", "wiltshire", "bcp"], 0)
    column = found[Measure.CONTACTS, ALL]
    assert (column.total, column.cells["bcp"], sorted(column.hidden)) == (17, None, ["bcp", "dorset"])


def test_the_register_keeps_a_line_once(news: Newsroom):
    line = register.Access(
        id="e-1",
        at=WHEN,
        service="intake",
        actor_id="u",
        act="viewed",
        subject_kind="contact",
        subject_id="c-1",
    )
    with news.database.transaction(_scope()) as tx:
        register.add(tx, line, ())
        register.add(tx, line, ())
    with news.reading() as tx:
        assert register.find(tx, Wanted(), limit=5, offset=0) == ([line], 1)


def test_a_reference_stands_for_the_contact_and_its_case(news: Newsroom):
    news.hear(contact(), opened(), looked("k-1", subject_kind="case"), looked("c-9"))
    with news.reading() as tx:
        assert register.records_named(tx, "DOR-c-1") == {"DOR-c-1", "c-1", "k-1"}
        assert register.records_named(tx, "CASE-k-1") == {"CASE-k-1", "c-1", "k-1"}
        assert register.references(tx, {"c-1", "k-1", "c-9"}) == {"c-1": "DOR-c-1", "k-1": "CASE-k-1"}


def test_a_reason_moved_to_another_line_does_not_open(news: Newsroom):
    news.hear(looked(reason="One"), looked("c-2", reason="Two"))
    table = tables.access
    with news.database.transaction(_scope()) as tx:
        rows = tx.db.execute(select(table.c.id, table.c.reason).where(table.c.authority == "dorset")).all()
        for row, other in zip(rows, reversed(rows), strict=True):
            tx.db.execute(
                table.update()
                .where(table.c.authority == "dorset", table.c.id == row.id)
                .values(reason=other.reason)
            )
        with pytest.raises(Unreadable):
            register.find(tx, Wanted(), limit=5, offset=0)


def test_records_are_listed_newest_first_a_page_at_a_time(news: Newsroom):
    news.hear(*(contact(f"c-{number}", WHEN + timedelta(days=number)) for number in range(7)))
    with news.reading() as tx:
        found, total = records.contacts(tx, YEAR, "sector", "EDUCATION_ACADEMY", limit=3, offset=3)
    assert ([one.id for one in found], total) == (["c-3", "c-2", "c-1"], 7)
