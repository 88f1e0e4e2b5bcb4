"""What a batch tells of is read at once and written at once, and says the same as fact by fact."""

from sqlalchemy import event

from services.reporting.domain import facts
from services.reporting.domain.tallies import Measure
from shared.contracts.message import Event
from shared.vocabulary import Outcome
from tests.reporting.newsroom import WHEN, Newsroom, concluded, contact, counts, decided, held, known, opened


def stories(first: int, count: int) -> list[Event]:
    """That many concerns from the report to the outcome of the first of two allegations."""
    found: list[Event] = []
    for number in range(first, first + count):
        name, case = f"c-{number}", f"k-{number}"
        found += [contact(name, WHEN), decided(name), opened(case, name, 2), held(case), concluded(case)]
    return found


def asked(news: Newsroom, events: list[Event]) -> int:
    """How many statements these facts take."""
    counted: list[str] = []

    def count(_db: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(news.database.engine, "before_cursor_execute", count)
    try:
        news.hear(*events)
    finally:
        event.remove(news.database.engine, "before_cursor_execute", count)
    return len(counted)


def test_thirty_concerns_take_no_more_statements_than_three(news: Newsroom):
    # The first makes accounts and statements.
    news.hear(*stories(0, 1))
    assert asked(news, stories(10, 30)) <= asked(news, stories(50, 3)) + 1


def test_a_batch_goes_on_from_what_earlier_ones_left(news: Newsroom):
    news.hear(*stories(0, 3))
    assert known(news, facts.Case, "k-1").concluded_on is None
    news.hear(*(concluded(f"k-{number}", 1, Outcome.UNFOUNDED, 30) for number in range(3)))
    assert known(news, facts.Case, "k-1").concluded_on is not None
    assert counts(news, Measure.OUTCOMES, "outcome") == {"SUBSTANTIATED": 3, "UNFOUNDED": 3}
