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
from services.reporting.store.writing import write
from shared.store.transaction import Transaction

Sums = dict[tuple[str, str], dict[str, int]]
"""Counts per code, by (measure, dimension)."""


def add(tx: Transaction[Any], changes: Mapping[Tally, int]) -> None:
    """Change figures by these differences, for the authority and, where it may compare, for the region."""
    # Sorted, so that two transactions take the rows' locks in the same order.
    rows = [{**tally._asdict(), "count": count} for tally, count in sorted(changes.items())]
    write(tx, tables.tally, "add", rows)
    write(tx, tables.region_tally, "add", [_of_region(tx, row) for row in rows if _is_regional(row)])


def _is_regional(row: dict[str, Any]) -> bool:
    return row["grain"] == Grain.MONTH and row["dimension"] in REGIONAL


def _of_region(tx: Transaction[Any], row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in row if name != "grain"} | {"holder": tx.authority}


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
    for measure, dimension, code, count in tx.db.execute(query):
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
    for measure, starts, count in tx.db.execute(query):
        found[measure][starts] = int(count)
    return found
