"""Keeping the clocks of a case in step with what happens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.casework.actions.chronology import tell
from services.casework.domain import case as case_rules
from services.casework.domain import clocks as clock_rules
from services.casework.domain.case import Case
from services.casework.domain.clocks import Clock
from services.casework.domain.course import Happened, Setup, after
from services.casework.domain.rules import delay_reasons, rules_of
from services.casework.store import cases
from services.casework.store import clocks as clock_store
from shared import working_days
from shared.clock import new_id
from shared.replicas import configuration
from shared.store.transaction import Transaction


def setup_of(tx: Transaction) -> Setup:
    """The bound authority's rules and calendar as they stand at `tx.now`."""
    # At tx.now: a history is worked through under the rules of its own time.
    rules = rules_of(tx.authority, configuration(tx, "case_clocks"))
    return Setup(rules, working_days.of(tx), new_id, tx.live)


def begin(tx: Transaction, case_id: str, happened: Sequence[Happened]) -> tuple[Clock, ...]:
    """The clocks of a new case, not kept yet."""
    return after(case_id, (), happened, setup_of(tx))


def follow(tx: Transaction, case_id: str, *happened: Happened) -> None:
    """Start, stop and call off the clocks of a case."""
    before = clock_store.of_case(tx, case_id)
    # Most clocks heard nothing that is for them.
    clock_store.save(tx, [one for one in after(case_id, before, happened, setup_of(tx)) if one not in before])


def pause_clock(
    tx: Transaction, case_id: str, clock_id: str, reason: str, words: str = "", version: int | None = None
) -> Clock:
    """Begin a delay. Lateness waits for its end; gross and net time are both kept."""
    case = _at_work(tx, case_id, version)
    clock = clock_rules.pause(clock_store.get(tx, case_id, clock_id), reason, tx.now)
    clock_store.save(tx, [clock])
    cases.save(tx, case)
    tell(tx, case_id, f"Clock paused: {delay_reasons()[reason].lower()}", words=words)
    return clock


def resume_clock(tx: Transaction, case_id: str, clock_id: str, version: int | None = None) -> Clock:
    """End a delay."""
    case = _at_work(tx, case_id, version)
    clock = clock_rules.resume(clock_store.get(tx, case_id, clock_id), tx.now, working_days.of(tx))
    clock_store.save(tx, [clock])
    cases.save(tx, case)
    tell(tx, case_id, "Clock resumed")
    return clock


def _at_work(tx: Transaction, case_id: str, version: int | None) -> Case:
    case = cases.take(tx, case_id).case
    case_rules.expect(case, version)
    case_rules.must_be_open(case)
    return case


def mark_overdue(tx: Transaction, limit: int = 50) -> int:
    """Say once in the chronology that a clock has run out. Returns how many were marked."""
    late = clock_store.take_overdue(tx, limit)
    # Marked in the same transaction as it is told, so that it is told once.
    clock_store.save(tx, [replace(clock, marked_at=tx.now) for clock in late])
    for clock in late:
        told = f" It is for the {clock.rule.escalate_to} to look at." if clock.rule.escalate_to else ""
        words = f"{clock.rule.source} It was due on {_in_full(clock.due_on)}.{told}"
        tell(tx, clock.case_id, "A clock has run out", words=words)
    return len(late)


def recount_clocks(tx: Transaction, limit: int = 50) -> int:
    """Count clocks again that run by another calendar than that of now: a holiday was proclaimed or a closing
    time changed, maybe while a case opened. Returns how many were counted.
    """
    calendar = working_days.of(tx)
    found = clock_store.counted_otherwise(tx, calendar.mark, limit)
    if not found:
        return 0
    # Taken before their clocks are read, or what somebody just did to a clock would be written over.
    before = clock_store.to_recount(tx, calendar.mark, cases.take_there(tx, found))
    after = [clock_rules.recount(clock, calendar) for clock in before]
    clock_store.save(tx, after)
    for old, new in zip(before, after, strict=True):
        if old.due_on != new.due_on:
            words = f"{_in_full(old.due_on)} became {_in_full(new.due_on)}."
            tell(tx, new.case_id, "Due date moved: the calendar changed", words=words)
    return len(after)


def _in_full(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
