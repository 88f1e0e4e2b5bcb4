"""What people decide about a pair, how long it holds, and when a found pair is news."""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.vocabulary import Band, Recency

_YEAR = timedelta(days=365)


class Verdict(StrEnum):
    """A practitioner's answer to whether two records are about one adult."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class State(StrEnum):
    """Where a match stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNSURE = "unsure"
    WITHDRAWN = "withdrawn"


AFTER = {Verdict.SAME: State.CONFIRMED, Verdict.DIFFERENT: State.REJECTED, Verdict.UNSURE: State.UNSURE}
JUDGED = frozenset(AFTER.values())
_ORDER = list(Band)


def is_news(state: State, band: Band, found: Band, *, same_data: bool) -> bool:
    """Whether a pair found again must be told: an open match only when it grew stronger, a judged one when
    data changed."""
    if state in JUDGED:
        return not same_data
    return state is State.WITHDRAWN or _ORDER.index(found) < _ORDER.index(band)


def recency(active_at: datetime, now: datetime) -> Recency:
    """How long ago, as coarse as a pointer may say."""
    age = now - active_at
    if age < _YEAR:
        return Recency.UNDER_1_YEAR
    return Recency.FROM_1_TO_5_YEARS if age < 5 * _YEAR else Recency.OVER_5_YEARS
