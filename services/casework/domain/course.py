"""How the clocks of a case follow what happens on it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.casework.domain import clocks
from services.casework.domain.clocks import Clock
from services.casework.domain.rules import Happening, Rule, in_force
from shared.working_days import Calendar


@dataclass(frozen=True)
class Setup:
    """What clocks are made from: the authority's rules and calendar, and where ids come from.

    `live` is False while a history is worked through.
    """

    rules: tuple[Rule, ...]
    calendar: Calendar
    new_id: Callable[[], str]
    live: bool = True


@dataclass(frozen=True)
class Happened:
    """Something that starts or stops clocks, and when."""

    what: Happening
    at: datetime


def after(
    case_id: str, running: Sequence[Clock], happened: Iterable[Happened], setup: Setup
) -> tuple[Clock, ...]:
    """All clocks of the case once these things have happened, in that order."""
    found = tuple(running)
    # In the order in which things happened: the employer's clock must be running before the contact stops it.
    for one in happened:
        found = _after_one(case_id, found, one, setup)
    return found


def _after_one(case_id: str, found: tuple[Clock, ...], one: Happened, setup: Setup) -> tuple[Clock, ...]:
    heard = [clocks.hear(clock, one.what, one.at) for clock in found]
    # Called-off clocks are among them, and follow() leaves them without a successor.
    stopped = [
        now for before, now in zip(found, heard, strict=True) if before.is_running and not now.is_running
    ]
    following = [clocks.follow(setup.new_id(), clock, setup.calendar) for clock in stopped]
    return (*heard, *(clock for clock in following if clock), *_begun(case_id, found, one, setup))


def _begun(case_id: str, found: tuple[Clock, ...], one: Happened, setup: Setup) -> tuple[Clock, ...]:
    # A rule runs once per case: a second first meeting must not begin the enquiries again.
    known = {clock.rule.id for clock in found}
    return tuple(
        replace(clocks.start(setup.new_id(), case_id, rule, one.at, setup.calendar), live=setup.live)
        for rule in in_force(setup.rules, clocks.day_of(one.at))
        if rule.start is one.what and rule.id not in known
    )
