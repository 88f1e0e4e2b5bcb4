"""Counts as tables of figures are made of: this period's, the one before, and what became a referral."""

from datetime import date
from typing import Any

from services.reporting.domain.groupings import Grouping
from services.reporting.domain.periods import Period
from services.reporting.domain.table import Material
from services.reporting.domain.tallies import ALL, Definition, Measure
from services.reporting.store import sums
from shared.store.transaction import Transaction


def series(tx: Transaction[Any], period: Period, referral: Definition, today: date) -> Material:
    """Contacts by month or week, as far as the period has begun, keyed by its first day (ISO)."""
    starts = [day for day in period.starts() if day <= today]
    measures = (Measure.CONTACTS, referral.referrals, referral.converted)
    now, earlier = (sums.series(tx, one, measures) for one in (period, period.before()))
    contacts, referrals, converted = (
        {day.isoformat(): now.get(measure, {}).get(day, 0) for day in starts} for measure in measures
    )
    # As many months (or weeks) of both: a running year is not held against a whole one.
    pairs = zip(starts, period.before().starts(), strict=False)
    before = {day.isoformat(): earlier.get(Measure.CONTACTS, {}).get(then, 0) for day, then in pairs}
    return Material(
        contacts, sum(contacts.values()), before, sum(before.values()),
        referrals, sum(referrals.values()), converted, sum(converted.values()),
    )  # fmt: skip


def parts(tx: Transaction[Any], period: Period, by: Grouping, referral: Definition) -> Material:
    """What a grouping counts, by its codes.

    The wholes are counted apart from the parts, so that they can be checked.
    """
    beside = (referral.referrals, referral.converted) if by.has_referrals else ()
    wanted = [(measure, dimension) for measure in (by.measure, *beside) for dimension in (by.code, ALL)]
    now = sums.of_period(tx, period, wanted)
    before = sums.of_period(tx, period.before(), [(by.measure, by.code), (by.measure, ALL)])
    columns: list[Any] = []
    for found in (now, before):
        columns += [found[by.measure, by.code], _whole(found, by.measure)]
    for measure in (referral.referrals, referral.converted):
        columns += [now[measure, by.code], _whole(now, measure)] if by.has_referrals else [{}, 0]
    return Material(*columns)


def _whole(found: sums.Sums, measure: Measure) -> int:
    return found[measure, ALL].get(ALL, 0)
