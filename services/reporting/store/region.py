"""The one place where figures of several authorities are read together: counts only, suppressed before they
leave.

Every authority is counted by the same definition here, whatever it calls a referral at home.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from services.reporting.domain.periods import Period
from services.reporting.domain.suppression import Column, suppress
from services.reporting.store import tables
from services.reporting.store.writing import write
from shared.store.transaction import Transaction

LEAST = 5
"""Nobody sees a count of 1 to 5 of the region, whatever an authority allows its own readers."""


def by_authority(
    tx: Transaction[Any],
    period: Period,
    measures: Iterable[str],
    dimension: str,
    holders: Iterable[str],
    limit: int,
) -> dict[tuple[str, str], Column]:
    """Per (measure, code), a column with a cell for each authority and the region's total."""
    table = tables.region_tally
    query = (
        select(table.c.measure, table.c.code, table.c.holder, func.sum(table.c.count))
        .where(table.c.measure.in_(list(measures)), table.c.dimension == dimension)
        .where(table.c.starts.between(period.first, period.last))
        .group_by(table.c.measure, table.c.code, table.c.holder)
    )
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(holders, 0))
    with tx.crossing():
        found = tx.db.execute(query).all()
    for measure, code, holder, count in found:
        counts[measure, code][holder] = int(count)
    return {key: suppress(cells, max(limit, LEAST)) for key, cells in counts.items()}


def together(tx: Transaction[Any], period: Period, measure: str, dimension: str, limit: int) -> Column:
    """The region as a whole, with a cell per code."""
    table = tables.region_tally
    query = (
        select(table.c.code, func.sum(table.c.count))
        .where(table.c.measure == measure, table.c.dimension == dimension)
        .where(table.c.starts.between(period.first, period.last))
        .group_by(table.c.code)
    )
    with tx.crossing():
        counts = {code: int(count) for code, count in tx.db.execute(query).all()}
    return suppress(counts, max(limit, LEAST))


def note_definition(tx: Transaction[Any], referral: str) -> None:
    """The bound authority calls this a referral from now on."""
    write(tx, tables.region_definition, "replace", [{"holder": tx.authority, "referral": referral}])


def definitions(tx: Transaction[Any]) -> dict[str, str]:
    """What each authority with a definition of its own calls a referral."""
    table = tables.region_definition
    with tx.crossing():
        return {
            row.holder: row.referral for row in tx.db.execute(select(table.c.holder, table.c.referral)).all()
        }
