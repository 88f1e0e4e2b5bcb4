"""Codes and states in words for people."""

from collections.abc import Mapping
from datetime import timedelta

from services.casework.domain import clocks
from services.casework.domain.clocks import State
from shared.code_words import code_words as shared_words

CLOCK_WORDS: Mapping[State, tuple[str, str]] = {
    State.RUNNING: ("running", "Running"),
    State.SOON: ("soon", "Due soon"),
    State.TODAY: ("soon", "Due today"),
    State.OVERDUE: ("overdue", "Overdue"),
    State.PAUSED: ("paused", "Paused"),
    State.IN_TIME: ("met", "Done in time"),
    State.LATE: ("late", "Done late"),
    State.CALLED_OFF: ("met", "No longer needed"),
}

STAGE_COLOURS = {
    "open": "blue",
    "enquiring": "light-blue",
    "outcome_recorded": "yellow",
    "closed": "",
    "reopened": "orange",
}

DUTY_COLOURS = {"due": "blue", "advised": "yellow", "overdue": "red", "uncertain": "orange", "sent": "green"}


def code_words(kind: str, code: str) -> str:
    """A code of a list as people read it."""
    return shared_words(kind, code) or "Not known"


def yes_no(answer: bool | None) -> str:
    """Yes, no, or not known yet."""
    return "Not known yet" if answer is None else "Yes" if answer else "No"


def span_words(span: timedelta) -> str:
    """`12 days`, or hours when it is less than two days."""
    # Up to two days hours say more; beyond, nobody counts them.
    hours = int(span.total_seconds() // 3600)
    if hours < 48:
        return f"{hours} hour" if hours == 1 else f"{hours} hours"
    return f"{hours // 24} days"


def spent_words(clock: clocks.Clock, gross: timedelta, net: timedelta) -> str:
    """Gross and, when it differs, net time."""
    verb = "Took" if clock.stopped_at else "Running for"
    words = f"{verb} {span_words(gross)}"
    return f"{words}; {span_words(net)} without pauses" if clock.pauses else words
