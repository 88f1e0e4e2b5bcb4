"""What was erased stays counted, and nothing says which it was."""

from sqlalchemy import select

from services.reporting.domain.tallies import Measure
from services.reporting.store import tables
from shared.contracts.casework import CaseClosed, CaseErased, MeetingScheduled
from shared.contracts.intake import ContactErased
from shared.contracts.search import LinkConfirmed, MatchWithdrawn
from tests.reporting.newsroom import WHEN, Newsroom, concluded, contact, counts, decided, duty, held, opened
from tests.reporting.test_consumers_beside import _own

GONE = CaseErased(case_id="k-1", contact_id="c-1", erased_at=WHEN)
NO_CONTACT = ContactErased(contact_id="c-1", erased_at=WHEN)
FIGURES = (
    (Measure.CONTACTS, "repeat"), (Measure.CONTACTS, "sector"), (Measure.CASES, "sector"),
    (Measure.OUTCOMES, "outcome"), (Measure.MEETINGS, "kind"), (Measure.NOTICES, "standing"),
    (Measure.REFERRALS_CASE, "sector"), (Measure.CONVERTED_CASE, "sector"), (Measure.CLOSURES, "band"),
)  # fmt: skip


def everything(news: Newsroom) -> None:
    """A whole life of one contact, and the beginning of another."""
    scheduled = MeetingScheduled(case_id="k-1", meeting_id="m-2", kind="MEETING_REVIEW", starts_at=WHEN)
    news.hear(contact("c-1"), contact("c-2"), _own(), decided("c-1"), opened("k-1", "c-1"))
    news.hear(held("k-1"), scheduled, concluded("k-1"), duty())
    news.hear(CaseClosed(case_id="k-1", contact_id="c-1", closed_at=WHEN))


def figures(news: Newsroom) -> dict[tuple[str, str], dict[str, int]]:
    """Every figure that is kept."""
    return {(measure, by): counts(news, measure, by) for measure, by in FIGURES}


def naming(news: Newsroom, *ids: str) -> set[str]:
    """The tables that hold any of these ids."""
    found = set()
    with news.reading() as tx:
        for table in tables.OF_KIND.values():
            for row in tx.db.execute(select(table).where(table.c.authority == "dorset")):
                found |= {table.name for cell in row if str(cell) in (*ids, "DOR-c-1", "CASE-k-1")}
    return found


def test_the_figures_stay_and_no_id_of_an_erased_case_does(news: Newsroom):
    everything(news)
    before = figures(news)
    news.hear(GONE, NO_CONTACT, MatchWithdrawn(match_id="x-1", contact_id="c-1"))
    assert figures(news) == before
    assert naming(news, "c-1", "k-1", "n-1", "x-1", "m-2") == set()


def test_the_same_facts_in_one_batch_and_in_the_other_order_leave_nothing_either(news: Newsroom):
    judged = LinkConfirmed(match_id="x-1", contact_id="c-1", judged_by="u", judged_at=WHEN)
    everything(news)
    before = figures(news)
    news.hear(NO_CONTACT, GONE, judged)
    news.hear(NO_CONTACT, GONE)
    assert figures(news) == before and naming(news, "c-1", "k-1") == set()


def test_nothing_is_counted_for_what_was_never_heard_of(news: Newsroom):
    news.hear(GONE, NO_CONTACT)
    assert naming(news, "c-1", "k-1") == set()
    assert counts(news, Measure.CONTACTS, "repeat") == {}
