"""Facts of contacts and cases become figures, in whatever order they come and however often."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from services.reporting.consumers import subscriptions
from services.reporting.domain import facts
from services.reporting.domain.codes import code
from services.reporting.domain.tallies import ALL, Measure
from services.reporting.store import freshness, records, standing, tables
from shared.contracts import EVENTS
from shared.contracts.casework import CaseClosed, CaseFacts, CaseReopened, OutcomeCorrected
from shared.contracts.intake import AdviceSent, ContactClosed, ContactRestricted
from shared.vocabulary import Decision, Outcome
from tests.reporting.newsroom import (
    WHEN,
    YEAR,
    Newsroom,
    concluded,
    contact,
    counts,
    decided,
    duty,
    held,
    known,
    looked,
    opened,
)


def test_every_fact_that_any_service_publishes_is_heard():
    published = {name for name, kind in EVENTS.items() if kind.__module__.startswith("shared.contracts")}
    assert published <= subscriptions.heard


def test_a_contact_is_kept_by_its_codes(news: Newsroom):
    news.hear(contact(agency="POLICE", sector="SPORT_LEISURE", category="GROOMING"))
    kept = known(news, facts.Contact, "c-1")
    assert (kept.agency, kept.sector, kept.category, kept.role) == (
        "POLICE",
        "SPORT_LEISURE",
        "GROOMING",
        "TEACHER",
    )
    assert kept.received_on == date(2026, 2, 10)
    assert counts(news, Measure.CONTACTS, "agency") == {"POLICE": 1}


def test_no_name_and_no_words_of_a_contact_are_kept(news: Newsroom):
    news.hear(contact(), opened(), looked(reason="Because Zebedee Quillfeather rang"))
    with news.reading() as tx:
        kept = [
            str(row)
            for table in tables.metadata.sorted_tables
            if "authority" in table.c
            for row in tx.db.execute(select(table).where(table.c.authority == "dorset"))
        ]
    text = " ".join(kept)
    for word in ("Zebedee", "Quillfeather", "Millbrook", "Ottoline", "Words as given"):
        assert word not in text


def test_words_where_a_code_belongs_are_kept_as_other(news: Newsroom):
    news.hear(contact(agency="Mrs Brackenbury of the school", category=""))
    kept = known(news, facts.Contact, "c-1")
    assert (kept.agency, kept.category) == ("OTHER", "UNKNOWN")
    assert code("N11") == "N11"


def test_a_fact_that_comes_twice_counts_once(news: Newsroom):
    news.hear_again(contact(), decided(), opened(), held(), concluded(), duty())
    assert counts(news, Measure.CONTACTS) == {ALL: 1}
    assert counts(news, Measure.REFERRALS_MEETING) == {ALL: 1}
    assert counts(news, Measure.OUTCOMES, "outcome") == {"SUBSTANTIATED": 1}


def test_a_decision_is_counted_and_a_later_one_takes_its_place(news: Newsroom):
    news.hear(contact(), decided(decision=Decision.MORE_INFO))
    assert counts(news, Measure.CONTACTS, "decision") == {"MORE_INFO": 1}
    assert counts(news, Measure.REFERRALS_MET) == {}
    news.hear(decided(when=WHEN + timedelta(days=3)))
    assert counts(news, Measure.CONTACTS, "decision") == {"MET": 1}
    assert counts(news, Measure.REFERRALS_MET) == {ALL: 1}
    assert counts(news, Measure.CONTACTS, "criterion") == {"HARM": 1}


def test_the_first_answer_stops_the_clock(news: Newsroom):
    news.hear(contact(), decided(decision=Decision.MORE_INFO), decided(when=WHEN + timedelta(days=3)))
    news.hear(
        AdviceSent(contact_id="c-1", advice_id="ad-1", kind="GENERAL", sent_at=WHEN + timedelta(days=4))
    )
    assert counts(news, Measure.RESPONSES, "timing") == {"ON_TIME": 1}


def test_an_answer_after_its_moment_is_late(news: Newsroom):
    news.hear(contact(), decided(when=WHEN + timedelta(days=1, seconds=1)))
    assert counts(news, Measure.RESPONSES, "timing") == {"LATE": 1}


@pytest.mark.parametrize(
    ("knew", "timing"),
    [(datetime(2026, 2, 9, 9, tzinfo=UTC), "ON_TIME"), (datetime(2026, 2, 6, 9, tzinfo=UTC), "LATE")],
)
def test_an_employer_has_until_the_next_working_day(news: Newsroom, knew: datetime, timing: str):
    news.hear(contact(known_to_employer_at=knew))
    assert counts(news, Measure.EMPLOYERS, "timing") == {timing: 1}


def test_a_case_that_is_heard_of_before_its_contact_counts_the_same(news: Newsroom):
    news.hear(opened(), held(), concluded())
    assert counts(news, Measure.CONTACTS) == {}
    news.hear(contact(), decided())
    assert counts(news, Measure.REFERRALS_CASE) == {ALL: 1}
    assert counts(news, Measure.CONVERTED_MEETING) == {ALL: 1}
    assert counts(news, Measure.CASES, "band") == {"UP_TO_4_WEEKS": 1}


def test_the_first_meeting_is_in_time_until_its_due_day(news: Newsroom):
    news.hear(contact(), opened(), held(day=17), contact("c-2"), opened("k-2", "c-2"), held("k-2", day=18))
    assert counts(news, Measure.FIRST_MEETINGS, "timing") == {"ON_TIME": 1, "LATE": 1}
    assert counts(news, Measure.MEETINGS, "kind") == {"MEETING_INITIAL": 2}


def test_a_review_is_no_first_meeting(news: Newsroom):
    news.hear(contact(), opened(), held(kind="MEETING_REVIEW"))
    assert counts(news, Measure.FIRST_MEETINGS, "timing") == {}
    assert known(news, facts.Contact, "c-1").first_meeting_on is None


def test_a_case_is_concluded_with_its_last_allegation(news: Newsroom):
    news.hear(contact(), opened(allegations=2), concluded(days=20))
    assert counts(news, Measure.CASES, "band") == {"NOT_CONCLUDED": 1}
    news.hear(concluded(number=1, outcome=Outcome.FALSE, days=30))
    assert counts(news, Measure.CASES, "band") == {"UP_TO_8_WEEKS": 1}
    assert counts(news, Measure.OUTCOMES, "outcome") == {"SUBSTANTIATED": 1, "FALSE": 1}


def test_a_corrected_outcome_counts_under_the_right_one_on_the_first_day(news: Newsroom):
    news.hear(contact(), opened(), concluded(days=20))
    news.hear(
        OutcomeCorrected(
            case_id="k-1",
            allegation_id="k-1-0",
            adult_id="p",
            category="PHYSICAL",
            outcome=Outcome.UNFOUNDED,
            previous=Outcome.SUBSTANTIATED,
            scheme="england-2023",
            corrected_on=WHEN + timedelta(days=90),
        )
    )
    assert counts(news, Measure.OUTCOMES, "outcome") == {"UNFOUNDED": 1}
    assert known(news, facts.Case, "k-1").concluded_on == date(2026, 3, 2)


def test_a_closed_case_is_no_longer_open_until_it_is_opened_again(news: Newsroom):
    news.hear(contact(), opened())
    news.hear(CaseClosed(case_id="k-1", contact_id="c-1", closed_at=WHEN + timedelta(days=40)))
    with news.reading() as tx:
        assert not standing.open_cases_by_age(tx, date(2026, 4, 1))
    news.hear(CaseReopened(case_id="k-1", contact_id="c-1", reopened_at=WHEN + timedelta(days=50)))
    with news.reading() as tx:
        assert standing.open_cases_by_age(tx, date(2026, 4, 1)) == {"UP_TO_8_WEEKS": 1}


def test_what_police_do_is_a_figure_of_the_case(news: Newsroom):
    news.hear(contact(), opened())
    news.hear(
        CaseFacts(
            case_id="k-1", contact_id="c-1", reference="R", stage="open", opened_at=WHEN, police_involved=True
        )
    )
    assert counts(news, Measure.CASES, "police") == {"YES": 1}


def test_a_closed_contact_keeps_its_date(news: Newsroom):
    news.hear(contact(), ContactClosed(contact_id="c-1", decision=Decision.MET, closed_at=WHEN))
    assert known(news, facts.Contact, "c-1").closed_on == date(2026, 2, 10)


def test_each_authority_has_figures_of_its_own(news: Newsroom):
    news.hear(contact())
    news.hear(contact("c-2"), authority="wiltshire")
    news.hear(contact("c-3"), authority="wiltshire")
    assert counts(news, Measure.CONTACTS) == {ALL: 1}
    assert counts(news, Measure.CONTACTS, authority="wiltshire") == {ALL: 2}


def test_how_far_behind_the_figures_are_is_measured_from_when_the_fact_was_written(news: Newsroom):
    news.hear(contact(), late=2.0)
    with news.reading() as tx:
        fresh = freshness.of(tx)
    assert fresh is not None
    assert (fresh.behind, fresh.count) == (timedelta(seconds=2), 1)


def test_a_closed_record_counts_but_is_not_listed(news: Newsroom):
    news.hear(contact(), contact("c-2"), ContactRestricted(contact_id="c-2", only=("somebody-else",)))
    assert counts(news, Measure.CONTACTS) == {ALL: 2}
    with news.reading() as tx:
        found, total = records.contacts(tx, YEAR, "", "", limit=50, offset=0)
        assert records.any_closed_to(tx, YEAR)
    assert ([one.id for one in found], total) == (["c-1"], 1)


def test_the_sums_are_those_of_the_facts_after_a_long_mixed_history(news: Newsroom):
    for number in range(40):
        name = f"c-{number}"
        news.hear(
            contact(name, WHEN + timedelta(days=number), sector=("POLICE", "FAITH", "FIRE")[number % 3])
        )
        if number % 2:
            news.hear(decided(name, when=WHEN + timedelta(days=number, hours=30 if number % 5 == 0 else 3)))
    with news.reading() as tx:
        table = tables.contact
        by_sector = (
            select(table.c.sector, func.count())
            .where(table.c.authority == "dorset", table.c.received_on.between(YEAR.first, YEAR.last))
            .group_by(table.c.sector)
        )
        wanted = {row[0]: row[1] for row in tx.db.execute(by_sector)}
    assert counts(news, Measure.CONTACTS, "sector") == wanted
