"""Whatever happens on a case, in whatever order: what always holds for its clocks."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.casework.domain import clocks, course
from services.casework.domain.clocks import Clock
from services.casework.domain.course import Happened
from services.casework.domain.rules import Happening, rules_of
from tests.casework.builders import MONDAY
from tests.casework.clockwork import CALENDAR, setup_of

AUTHORITIES = ("dorset", "wiltshire", "hampshire", "bcp")
LATER = st.lists(st.tuples(st.sampled_from(list(Happening)), st.integers(0, 400)), max_size=10)


def play(authority: str, later: list[tuple[Happening, int]]) -> tuple[Clock, ...]:
    """The clocks of a case on which these things happened, so many days after it was received."""
    happened = [Happened(Happening.CONTACT_RECEIVED, MONDAY), Happened(Happening.THRESHOLD_DECIDED, MONDAY)]
    happened += [
        Happened(what, MONDAY + timedelta(days=days)) for what, days in sorted(later, key=lambda one: one[1])
    ]
    return course.after("case-1", (), happened, setup_of(*rules_of(authority)))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(AUTHORITIES), LATER)
def test_no_rule_ever_runs_twice_at_once(authority: str, later: list[tuple[Happening, int]]):
    running = Counter(clock.rule.id for clock in play(authority, later) if clock.is_running)
    assert all(number == 1 for number in running.values())


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(AUTHORITIES), LATER)
def test_closing_a_case_leaves_nothing_running(authority: str, later: list[tuple[Happening, int]]):
    setup = setup_of(*rules_of(authority))
    found = play(authority, later)
    closed = course.after(
        "case-1", found, [Happened(Happening.CASE_CLOSED, MONDAY + timedelta(days=500))], setup
    )
    assert not any(clock.is_running for clock in closed)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(AUTHORITIES), LATER)
def test_a_stopped_clock_never_changes_again(authority: str, later: list[tuple[Happening, int]]):
    setup = setup_of(*rules_of(authority))
    found = play(authority, later)
    stopped = [clock for clock in found if not clock.is_running]
    after = course.after(
        "case-1", found, [Happened(one, MONDAY + timedelta(days=450)) for one in Happening], setup
    )
    assert all(clock in after for clock in stopped)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(AUTHORITIES), LATER, st.integers(0, 600))
def test_every_clock_has_a_state_reasons_and_honest_times(
    authority: str, later: list[tuple[Happening, int]], days: int
):
    now = MONDAY + timedelta(days=days)
    for clock in play(authority, later):
        assert clocks.state(clock, now, CALENDAR) in set(clocks.State)
        assert clocks.why(clock, CALENDAR)[-1].startswith("So it is due on")
        assert clock.overdue_after > clock.started_at
        assert clocks.gross(clock, now) >= clocks.net(clock, now) >= timedelta(0)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(AUTHORITIES), st.integers(1, 12))
def test_reviews_follow_one_another_month_by_month(authority: str, months: int):
    later = [(Happening.REVIEW_RECORDED, 30 * number) for number in range(1, months + 1)]
    reviews = [clock for clock in play(authority, later) if clock.rule.id == "monthly-review"]
    assert [clock.period for clock in reviews] == list(range(1, months + 2))
    assert [clock.is_running for clock in reviews] == [False] * months + [True]
    assert {clock.amount for clock in reviews[1:]} == {1}


def test_each_authority_asks_for_a_first_meeting_and_a_conclusion():
    for authority in AUTHORITIES:
        ids = {clock.rule.id for clock in play(authority, [])}
        assert {"first-meeting", "conclusion", "monthly-review"} <= ids


def test_each_authority_counts_what_follows_its_first_meeting_in_its_own_way():
    def following(authority: str) -> list[tuple[str, str]]:
        found = play(authority, [(Happening.FIRST_MEETING_HELD, 2)])
        return [
            (one.rule.id, one.due_on.isoformat())
            for one in found
            if one.rule.start is Happening.FIRST_MEETING_HELD
        ]

    assert following("dorset") == [("outcome-meeting", "2026-04-01")]
    assert following("bcp") == [("outcome-meeting", "2026-04-15")]
    assert following("hampshire") == [("outcome-meeting", "2026-04-01")]
    assert following("wiltshire") == []
