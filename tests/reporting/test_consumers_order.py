"""Topics overtake one another: whatever comes first, the figures end the same."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.reporting.store import tables
from shared.contracts.casework import CaseClosed, CaseFacts
from shared.contracts.findings import OwnRecord
from shared.contracts.message import Event
from shared.contracts.notifications import NoticeAcknowledged, NoticeSent
from shared.contracts.search import LinkConfirmed, MatchFound
from shared.settings import from_environment
from shared.vocabulary import Band, Decision, Outcome
from tests.conftest import MONDAY_MORNING
from tests.platform import SetClock
from tests.reporting.newsroom import WHEN, Newsroom, concluded, contact, decided, duty, held, opened

MATCH = MatchFound(
    match_id="x-1",
    contact_id="c-1",
    person_id="p-1",
    found_at=WHEN,
    own=OwnRecord(contact_id="c-0", person_id="p-0", band=Band.POSSIBLE, probability=0.4, last_activity=WHEN),
)
TOPICS: tuple[tuple[Event, ...], ...] = (
    (contact(), decided(decision=Decision.MORE_INFO), decided(when=WHEN + timedelta(days=1))),
    (
        opened(allegations=2),
        held(day=18),
        held(kind="MEETING_REVIEW", day=24),
        CaseFacts(
            case_id="k-1", contact_id="c-1", reference="R", stage="open", opened_at=WHEN, police_involved=True
        ),
        concluded(),
        concluded(number=1, outcome=Outcome.FALSE, days=70),
        CaseClosed(case_id="k-1", contact_id="c-1", closed_at=WHEN + timedelta(days=80)),
    ),
    (
        duty(),
        NoticeSent(notice_id="n-1", case_id="k-1", method="email", sent_at=WHEN, recipient="DBS", rule="N11"),
        NoticeAcknowledged(notice_id="n-1", case_id="k-1", acknowledged_at=WHEN),
    ),
    (MATCH, LinkConfirmed(match_id="x-1", contact_id="c-1", judged_by="u-1", judged_at=WHEN)),
)
ORDERS = st.permutations([number for number, facts in enumerate(TOPICS) for _ in facts])


def in_order(order: list[int]) -> Iterator[Event]:
    """The facts, the next of each topic whenever its number is drawn."""
    waiting = [iter(facts) for facts in TOPICS]
    return (next(waiting[number]) for number in order)


def figures(order: list[int]) -> dict[str, set[tuple[object, ...]]]:
    """What is kept after hearing the facts in that order, in a newsroom of its own."""
    with TemporaryDirectory() as folder:
        news = Newsroom(from_environment({"HEED_DATA": str(Path(folder))}), SetClock(MONDAY_MORNING))
        for event in in_order(order):
            news.hear(event)
        found = kept(news)
        news.close()
    return found


def kept(news: Newsroom) -> dict[str, set[tuple[object, ...]]]:
    """Facts and figures; a figure that sank to nought says the same as none."""
    found: dict[str, set[tuple[object, ...]]] = {}
    with news.reading() as tx:
        for table in (*tables.OF_KIND.values(), tables.tally):
            rows = tx.db.execute(select(table).where(table.c.authority == "dorset"))
            found[table.name] = {
                tuple(row) for row in rows if table is not tables.tally or row._mapping["count"]
            }
    return found


@given(ORDERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_facts_of_different_topics_may_come_in_any_order(order: list[int]):
    assert figures(order) == figures(sorted(order))
