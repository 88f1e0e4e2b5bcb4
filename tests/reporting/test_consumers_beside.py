"""Facts beside the case: duties, matches, and who looked at what."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from services.reporting.domain.tallies import Measure
from services.reporting.store import register, standing, tables
from services.reporting.store.register import Wanted
from shared.contracts.findings import OwnRecord
from shared.contracts.intake import ContactErased, ContactMerged, ContactUnmerged
from shared.contracts.notifications import NoticeAdvised, NoticeDeclined, NoticeSent, NoticeWithdrawn
from shared.contracts.people import Pointer
from shared.contracts.search import LinkConfirmed, LinkRejected, LinkUnsure, MatchFound, MatchWithdrawn
from shared.vocabulary import Band, Recency
from tests.reporting.newsroom import WHEN, Newsroom, contact, counts, duty, looked


def test_a_duty_moves_from_due_to_sent_and_advised_is_not_sent(news: Newsroom):
    news.hear(duty(), NoticeAdvised(notice_id="n-1", case_id="k-1", advised_at=WHEN))
    assert counts(news, Measure.NOTICES, "standing") == {"ADVISED": 1}
    assert counts(news, Measure.NOTICES_SENT, "rule") == {}
    sent = NoticeSent(
        notice_id="n-1",
        case_id="k-1",
        method="email",
        sent_at=WHEN + timedelta(days=14),
        recipient="OFSTED",
        rule="N11",
    )
    news.hear(sent)
    assert counts(news, Measure.NOTICES_SENT, "rule") == {"N11": 1}
    assert counts(news, Measure.NOTICE_TIMES, "timing") == {"ON_TIME": 1}


def test_a_declined_duty_is_settled_and_a_withdrawn_one_was_none(news: Newsroom):
    news.hear(duty("n-1"), duty("n-2"), NoticeDeclined(notice_id="n-1", case_id="k-1", declined_at=WHEN))
    news.hear(NoticeWithdrawn(notice_id="n-2", case_id="k-1", withdrawn_at=WHEN))
    assert counts(news, Measure.NOTICES, "standing") == {"DECLINED": 1}
    with news.reading() as tx:
        assert standing.duties(tx, date(2026, 6, 1)) == standing.Duties(0, 0, 0)


def _own(match_id: str = "x-1", band: Band = Band.STRONG) -> MatchFound:
    record = OwnRecord(contact_id="c-0", person_id="p-0", band=band, probability=0.9, last_activity=WHEN)
    return MatchFound(match_id=match_id, contact_id="c-1", person_id="p-1", found_at=WHEN, own=record)


def _elsewhere(match_id: str = "x-2") -> MatchFound:
    pointer = Pointer(
        holder="wiltshire",
        contact_route="duty desk",
        reference="ref",
        band=Band.LIKELY,
        recency=Recency.UNDER_1_YEAR,
        agrees=("name",),
    )
    return MatchFound(match_id=match_id, contact_id="c-1", person_id="p-1", found_at=WHEN, pointer=pointer)


def test_a_contact_is_a_repeat_here_elsewhere_or_both(news: Newsroom):
    news.hear(_own(), contact())
    assert counts(news, Measure.CONTACTS, "repeat") == {"OWN": 1}
    judged: dict[str, Any] = {"match_id": "x-1", "contact_id": "c-1", "judged_by": "u", "judged_at": WHEN}
    news.hear(LinkRejected(**judged), LinkUnsure(**judged))
    assert counts(news, Measure.CONTACTS, "repeat") == {"OWN": 1}
    news.hear(_elsewhere())
    assert counts(news, Measure.CONTACTS, "repeat") == {"BOTH": 1}
    news.hear(LinkRejected(match_id="x-1", contact_id="c-1", judged_by="u", judged_at=WHEN))
    assert counts(news, Measure.CONTACTS, "repeat") == {"ELSEWHERE": 1}
    news.hear(MatchWithdrawn(match_id="x-2", contact_id="c-1"))
    assert counts(news, Measure.CONTACTS, "repeat") == {"NONE": 1}


def test_another_report_of_a_concern_is_not_counted_until_it_is_parted_and_an_erased_one_stays_counted(
    news: Newsroom,
):
    news.hear(contact())
    news.hear(ContactMerged(contact_id="c-1", into="c-2", merged_by="u", merged_at=WHEN))
    assert counts(news, Measure.CONTACTS, "repeat") == {}
    news.hear(ContactUnmerged(contact_id="c-1", was_in="c-2", unmerged_by="u", unmerged_at=WHEN))
    assert counts(news, Measure.CONTACTS, "repeat") == {"NONE": 1}
    news.hear(ContactErased(contact_id="c-1", erased_at=WHEN))
    assert counts(news, Measure.CONTACTS, "repeat") == {"NONE": 1}


def test_a_possible_match_counts_once_a_person_confirms_it(news: Newsroom):
    news.hear(contact(), _own(band=Band.POSSIBLE))
    assert counts(news, Measure.CONTACTS, "repeat") == {"NONE": 1}
    news.hear(LinkConfirmed(match_id="x-1", contact_id="c-1", judged_by="u", judged_at=WHEN))
    assert counts(news, Measure.CONTACTS, "repeat") == {"OWN": 1}


def test_an_access_is_entered_once_with_its_service_and_its_reason_sealed(news: Newsroom):
    news.hear_again(looked(reason="Asked by the head teacher", purpose="TRIAGE"))
    with news.reading() as tx:
        (line,), total = register.find(tx, Wanted(), limit=50, offset=0)
        raw = tx.db.execute(
            select(tables.access.c.reason).where(tables.access.c.authority == "dorset")
        ).scalar_one()
    assert (total, line.service, line.purpose, line.reason) == (
        1,
        "intake",
        "TRIAGE",
        "Asked by the head teacher",
    )
    assert b"head teacher" not in raw


def test_accesses_of_every_service_reach_the_register(news: Newsroom):
    for publisher in ("casework", "notifications", "search", "reporting"):
        news.hear(looked(who=f"u-{publisher}"), publisher=publisher)
    with news.reading() as tx:
        lines, _ = register.find(tx, Wanted(), limit=50, offset=0)
    assert {line.service for line in lines} == {"casework", "notifications", "search", "reporting"}


def test_a_search_that_listed_a_record_is_found_by_that_record(news: Newsroom):
    news.hear(looked("query-1", act="searched", subject_kind="search", result_ids=("c-7", "c-8")))
    with news.reading() as tx:
        lines, total = register.find(tx, Wanted(whom=frozenset({"c-8"})), limit=50, offset=0)
    assert (total, lines[0].found) == (1, 2)
