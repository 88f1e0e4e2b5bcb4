"""Clocks and rules to test with."""

from datetime import UTC, date, datetime
from itertools import count

from services.casework.domain import clocks
from services.casework.domain.clocks import Clock
from services.casework.domain.course import Setup
from services.casework.domain.rules import Happening, Rule
from shared.clock import LONDON
from shared.working_days import Calendar, Unit
from tests.casework.builders import MONDAY

CALENDAR = Calendar()


def a_rule(amount: int = 5, unit: Unit = Unit.WORKING_DAY, **differ: object) -> Rule:
    known: dict[str, object] = {
        "id": "first-meeting",
        "label": "First meeting",
        "start": Happening.CONTACT_RECEIVED,
        "stop": Happening.FIRST_MEETING_HELD,
        "amount": amount,
        "unit": unit,
        "effective_from": date(2000, 1, 1),
        "source": "A test.",
    }
    return Rule(**{**known, **differ})  # type: ignore[arg-type]


def begun(rule: Rule | None = None, at: datetime = MONDAY) -> Clock:
    return clocks.start("clock-1", "case-1", rule or a_rule(), at, CALENDAR)


def morning(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=LONDON).astimezone(UTC)


def setup_of(*held: Rule) -> Setup:
    numbers = count(1)
    return Setup(held, CALENDAR, lambda: f"clock-{next(numbers)}")
