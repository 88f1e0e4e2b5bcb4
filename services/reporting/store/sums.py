"""The sums kept of all facts: added to as facts arrive, read by every page.

Small, so that a page is quick.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from services.reporting.domain.periods import Grain, Period
from services.reporting.domain.tallies import ALL, REGIONAL, Tally
from services.reporting.store import tables
from shared.store.rows import Rows
from shared.store.transaction import Transaction

Sums = dict[tuple[str, str], dict[str, int]]
"""Counts per code, by (measure, dimension)."""


_ADDED = "({}) DO UPDATE SET count = here.count + excluded.count"
_SUMS = Rows(
    tables.tally, *Tally._fields, "count",
    settled=_ADDED.format("authority, grain, measure, dimension, starts, code"),
)  # fmt: skip
_REGION = Rows(
    tables.region_tally, "measure", "dimension", "code", "starts", "holder", "count",
    settled=_ADDED.format("measure, dimension, starts, holder, code"),
)  # fmt: skip


def add(tx: Transaction[Any], changes: Mapping[Tally, int]) -> None:
    """Change figures by these differences, for the authority and, where it may compare, for the region."""
    # Sorted, so that two transactions take the rows' locks in the same order.
    ordered = sorted(changes.items())
    _SUMS.add(tx.db, [(*tally, count) for tally, count in ordered])
    _REGION.add(
        tx.db,
        [(*tally[:3], tally.starts, tx.authority, count) for tally, count in ordered if _is_regional(tally)],
    )


def _is_regional(tally: Tally) -> bool:
    return tally.grain == Grain.MONTH and tally.dimension in REGIONAL


def of_period(tx: Transaction[Any], period: Period, wanted: Iterable[tuple[str, str]]) -> Sums:
    """The sums over a period of these (measure, dimension) pairs, in one query."""
    # One query for all pairs may bring a few more than were asked for; that is cheaper than one query each.
    pairs = set(wanted)
    table = tables.tally
    query = (
        select(table.c.measure, table.c.dimension, table.c.code, func.sum(table.c.count))
        .where(table.c.authority == tx.authority, table.c.grain == period.grain)
        .where(table.c.measure.in_(sorted({measure for measure, _ in pairs})))
        .where(table.c.dimension.in_(sorted({dimension for _, dimension in pairs})))
        .where(table.c.starts.between(period.first, period.last))
        .group_by(table.c.measure, table.c.dimension, table.c.code)
    )
    found: Sums = defaultdict(dict)
    for measure, dimension, code, count in tx.db.execute(query).all():
        found[measure, dimension][code] = int(count)
    return found


def series(tx: Transaction[Any], period: Period, measures: Iterable[str]) -> dict[str, dict[date, int]]:
    """The whole of each measure, by the first day of each month (or week) of the period."""
    table = tables.tally
    query = (
        select(table.c.measure, table.c.starts, table.c.count)
        .where(table.c.authority == tx.authority, table.c.grain == period.grain, table.c.dimension == ALL)
        .where(table.c.measure.in_(list(measures)), table.c.starts.between(period.first, period.last))
    )
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for measure, starts, count in tx.db.execute(query).all():
        found[measure][starts] = int(count)
    return found
