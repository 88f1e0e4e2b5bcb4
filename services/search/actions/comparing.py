"""What concerns at a setting, or at those that one body runs, are compared with."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from services.search.domain.patterns import (
    LONGEST_PAST,
    MONTH,
    SHORTEST_PAST,
    Compared,
    Concern,
    Elsewhere,
    Limit,
)
from services.search.store import concerns
from services.search.store.settings import Sized
from shared.clock import LONDON
from shared.store.transaction import Transaction

_PAST = "setting_past"


def compare(
    tx: Transaction[Any], here: Sequence[Sized], found: Sequence[Concern], limits: Collection[Limit]
) -> Compared:
    """By sign: others of the kind by their number of children, or the setting's own earlier years."""
    beside = {}
    for limit in limits:
        # Most have too few concerns to be asked about: the rest of the register need not be counted for them.
        if not limit.one_in or _since(found, limit, tx.now) < limit.least:
            continue
        made = (_past if limit.code == _PAST else _sector)(tx, here, found, limit)
        if made is not None:
            beside[limit.code] = made
    return Compared(here[0].head_count if len(here) == 1 else None, beside)


def main_kind(group: Sequence[Sized]) -> list[Sized]:
    """Those of a body's settings that are of the kind it has most children in: unlike kinds have unlike
    rates.
    """
    heads: Counter[str] = Counter()
    for one in group:
        heads[one.kind] += one.head_count or 0
    kind = max(heads, key=lambda kind: (heads[kind], kind), default="")
    return [one for one in group if one.kind == kind and one.head_count]


def _sector(
    tx: Transaction[Any], here: Sequence[Sized], found: Sequence[Concern], limit: Limit
) -> Elsewhere | None:
    since, kind = tx.now - limit.months * MONTH, here[0].kind
    heads = sum((one.head_count or 0) * _open_part(one, since, tx.now) for one in here)
    if not kind or not heads:
        return None
    all_concerns, all_heads = concerns.in_sector(tx, kind, limit.months)
    elsewhere = all_heads - sum(one.head_count or 0 for one in here)
    # Nothing to compare with is no reason to call anything unusual.
    if elsewhere <= 0:
        return None
    return Elsewhere(max(0, all_concerns - _since(found, limit, tx.now)), heads / (heads + elsewhere))


def _past(
    tx: Transaction[Any], here: Sequence[Sized], found: Sequence[Concern], limit: Limit
) -> Elsewhere | None:
    since, opened = tx.now - limit.months * MONTH, here[0].opened_on
    begin = max(concerns.began(tx), since - LONGEST_PAST * MONTH, *([_start(opened)] if opened else []))
    months = (since - begin) / MONTH
    if months < SHORTEST_PAST:
        return None
    earlier = sum(begin <= one.at < since for one in found)
    return Elsewhere(earlier, limit.months / (limit.months + months))


def _since(found: Sequence[Concern], limit: Limit, now: datetime) -> int:
    since = limit.since(now)
    return sum(since is None or one.at >= since for one in found)


def _open_part(one: Sized, since: datetime, now: datetime) -> float:
    """How much of the window a setting was open: one that opened lately had less time for concerns."""
    begin = max(since, _start(one.opened_on)) if one.opened_on else since
    return max(0.0, (now - begin) / (now - since))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
