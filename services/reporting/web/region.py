"""The region at a glance: every authority by one and the same definition, with small numbers held back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from services.reporting.domain import labels, periods
from services.reporting.domain.periods import Grain, Period
from services.reporting.domain.rules import Rules, rules_of
from services.reporting.domain.suppression import Column
from services.reporting.domain.tallies import ALL, ON_TIME, Measure
from services.reporting.store import region
from services.reporting.web.blueprint import REGION_READERS, pages
from services.reporting.web.choice import PeriodChoice, Tx, own_rules, period_of
from shared import replicas
from shared.vocabulary import Outcome
from shared.web import request
from shared.web.access import Restriction, allow
from shared.web.forms import Form

NOTHING = Column({}, 0)
Columns = dict[tuple[str, str], Column]


@dataclass(frozen=True)
class Standing:
    """One authority (or the region) beside the others; None or '' where a number is held back."""

    name: str
    referral: str
    contacts: int | None
    referrals: int | None
    conversion: str
    meetings_in_time: str
    concluded: int | None
    substantiated: str


@dataclass(frozen=True)
class Benchmark:
    """The whole page."""

    period: Period
    rules: Rules
    authorities: tuple[Standing, ...]
    together: Standing
    sectors: tuple[tuple[str, int | None, str], ...]


@pages.get("/region")
@allow(*REGION_READERS, restriction=Restriction.NONE)
def show_region() -> ResponseReturnValue:
    """Authorities side by side."""
    form = Form(PeriodChoice)
    chosen = form.filters()
    with request.reading() as tx:
        found = benchmark(tx, period_of(chosen.get("period"), periods.day_of(tx.now)))
        offered = [
            one
            for one in periods.offered(periods.day_of(tx.now))
            if periods.parse(one[0]).grain is Grain.MONTH
        ]
    shown = Form(PeriodChoice, {"period": found.period.code})
    shown.errors = form.errors
    bars = [(name, count) for name, count, _ in found.sectors if count is not None]
    return shown.page("reporting/region.html", found=found, offered=offered, shown=shown, bars=bars)


def benchmark(tx: Tx, period: Period) -> Benchmark:
    """Figures of all authorities for a period."""
    rules = own_rules(tx)
    names = {one.code: one.display_name for one in replicas.authorities(tx)}
    read = _reader(tx, period, list(names), rules.limit)
    columns = (
        read([Measure.CONTACTS, Measure.REFERRALS_MET, Measure.CONVERTED_MET, Measure.OUTCOMES], ALL)
        | read([Measure.FIRST_MEETINGS], "timing")
        | read([Measure.OUTCOMES], "outcome")
    )
    # An authority that changed nothing is known by what Heed ships for it.
    own = region.definitions(tx)
    said = {code: {"referral": own[code]} if code in own else None for code in names}
    rows = tuple(
        _standing(name, rules_of(code, said[code]).referral.value, _cells(columns, code), rules)
        for code, name in names.items()
    )
    together = _standing("Region", "", _totals(columns), rules)
    sectors = region.together(tx, period, Measure.CONTACTS, "sector", rules.limit)
    return Benchmark(period, rules, rows, together, _sectors(sectors, rules))


def _reader(tx: Tx, period: Period, holders: list[str], limit: int) -> Any:
    def read(measures: list[str], dimension: str) -> Columns:
        return region.by_authority(tx, period, measures, dimension, holders, limit)

    return read


def _cells(columns: Columns, code: str) -> dict[tuple[str, str], int | None]:
    return {key: column.cells.get(code, 0) for key, column in columns.items()}


def _totals(columns: Columns) -> dict[tuple[str, str], int | None]:
    return {key: column.total for key, column in columns.items()}


def _standing(
    name: str, referral: str, cells: Mapping[tuple[str, str], int | None], rules: Rules
) -> Standing:
    contacts, concluded = cells.get((Measure.CONTACTS, ALL), 0), cells.get((Measure.OUTCOMES, ALL), 0)
    in_time = [cells.get((Measure.FIRST_MEETINGS, code), 0) for code in (ON_TIME, "LATE")]
    return Standing(
        name,
        labels.label("referral", referral) if referral else "",
        contacts,
        cells.get((Measure.REFERRALS_MET, ALL), 0),
        _share(cells.get((Measure.CONVERTED_MET, ALL), 0), contacts, rules),
        "" if None in in_time else _share(in_time[0], (in_time[0] or 0) + (in_time[1] or 0), rules),
        concluded,
        _share(cells.get((Measure.OUTCOMES, Outcome.SUBSTANTIATED), 0), concluded, rules),
    )


def _share(count: int | None, base: int | None, rules: Rules) -> str:
    return "" if count is None or base is None else rules.rate(count, base)


def _sectors(column: Column, rules: Rules) -> tuple[tuple[str, int | None, str], ...]:
    rows = [
        (labels.label("sector", code), count, rules.percent(count, column.total))
        for code, count in column.cells.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row[1] is None, -(row[1] or 0), row[0])))
