"""The dashboard: what stands open now, and how the chosen period went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.reporting.domain import periods
from services.reporting.domain.bands import BANDS
from services.reporting.domain.groupings import GROUPINGS
from services.reporting.domain.periods import Period
from services.reporting.domain.rules import Rules
from services.reporting.domain.suppression import Column, suppress
from services.reporting.domain.table import Shape, Table, build
from services.reporting.domain.tallies import LATE, ON_TIME, Measure
from services.reporting.store import freshness, material, standing, sums
from services.reporting.store.freshness import Freshness
from services.reporting.store.standing import Duties
from services.reporting.web.choice import Tx, least_limit, namer, own_rules, period_of
from shared import vitals
from shared.vocabulary import Outcome
from shared.web import wording

NONE_LEFT = dict.fromkeys(BANDS, 0)
_CLOCKS = (
    ("Answered in time", Measure.RESPONSES),
    ("Employers who told us in time", Measure.EMPLOYERS),
    ("First meetings held in time", Measure.FIRST_MEETINGS),
    ("Dated duties sent in time", Measure.NOTICE_TIMES),
)


@dataclass(frozen=True)
class Punctuality:
    """One clock: how many were in time, of how many that were due. None where a number is held back."""

    name: str
    definition: str
    on_time: int | None
    due: int | None
    share: str


@dataclass(frozen=True)
class Now:
    """What stands open at this moment, counted afresh. Everything up to `counted_to` is counted; None when
    nobody has counted yet."""

    undecided: int
    overdue: Duties
    open_cases: Column
    open_allegations: int
    freshness: Freshness | None
    counted_to: datetime | None
    moment: datetime

    @property
    def sentence(self) -> str:
        """The live line of the page."""
        cases = "some cases" if self.open_cases.total is None else _many(self.open_cases.total, "case")
        waiting, late = _many(self.undecided, "contact"), _many(self.overdue.overdue, "duty", "duties")
        at = wording.moment_words(self.moment)
        return f"At {at}: {waiting} without an answer, {cases} open, {late} past the date. {self.note}"

    @property
    def note(self) -> str:
        """How current the figures are."""
        if self.freshness is None:
            return "No fact has been counted yet."
        moment = wording.moment_words(self.freshness.recorded_at)
        words = f"The last fact counted is of {moment}; it was counted {_spoken(self.freshness.behind)}."
        if self.counted_to is None:
            return f"{words} Nobody has counted here since Heed was brought up to date."
        late = f" What happened since {wording.moment_words(self.counted_to)} is not counted yet."
        return words if self.counting else words + late

    @property
    def counting(self) -> bool:
        """Whether everything is counted that happened up to a minute ago."""
        return self.counted_to is not None and self.moment - self.counted_to <= vitals.LATE


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    period: Period
    rules: Rules
    months: Table
    outcomes: Table
    sectors: Table
    bands: Table
    clocks: tuple[Punctuality, ...]
    now: Now

    @property
    def substantiation(self) -> str:
        """Substantiated allegations against both bases that reports use; '' when a number is held back."""
        found = next((row.count for row in self.outcomes.rows if row.code == Outcome.SUBSTANTIATED), 0)
        concluded, referrals = self.outcomes.total.count, self.months.total.referrals
        if found is None or not concluded or not referrals:
            return ""
        return (
            f"Substantiated: {found:,} of {concluded:,} allegations concluded "
            f"({self.rules.percent(found, concluded)} %), and of {referrals:,} referrals "
            f"({self.rules.percent(found, referrals)} %)."
        )


def dashboard(tx: Tx, chosen: Mapping[str, Any], terms: dict[str, str]) -> Dashboard:
    """The dashboard for the chosen period."""
    today = periods.day_of(tx.now)
    period = period_of(chosen.get("period"), today)
    made_by = replace(own_rules(tx), limit=least_limit(tx, period))
    outcomes, sectors, bands = (
        _parts(tx, period, code, made_by, terms) for code in ("outcome", "sector", "band")
    )
    months, clocks = _months(tx, period, made_by), _clocks(tx, period, made_by)
    return Dashboard(period, made_by, months, outcomes, sectors, bands, clocks, now(tx, made_by.limit))


def now(tx: Tx, limit: int) -> Now:
    """The open things."""
    today = periods.day_of(tx.now)
    ages = suppress({**NONE_LEFT, **standing.open_cases_by_age(tx, today)}, limit)
    fresh = freshness.of(tx)
    return Now(
        standing.undecided_contacts(tx),
        standing.duties(tx, today),
        ages,
        standing.open_allegations(tx),
        fresh,
        vitals.all_of(tx.db).get(vitals.HEARD),
        tx.now,
    )


def _months(tx: Tx, period: Period, made_by: Rules) -> Table:
    counts = material.series(tx, period, made_by.referral, periods.day_of(tx.now))
    return build(counts, Shape(namer("month", {}), tuple(counts.now)), made_by)


def _parts(tx: Tx, period: Period, code: str, made_by: Rules, terms: dict[str, str]) -> Table:
    by = GROUPINGS[code]
    counts = material.parts(tx, period, by, made_by.referral)
    return build(counts, Shape(namer(code, terms), by.order), made_by)


def _clocks(tx: Tx, period: Period, made_by: Rules) -> tuple[Punctuality, ...]:
    found = sums.of_period(tx, period, [(measure, "timing") for _, measure in _CLOCKS])
    missed = {
        Measure.RESPONSES: standing.unanswered_late(tx, period, tx.now),
        Measure.FIRST_MEETINGS: standing.meetings_missed(tx, period, periods.day_of(tx.now)),
    }
    return tuple(
        _clock(name, measure, found[measure, "timing"], missed.get(measure, 0), made_by)
        for name, measure in _CLOCKS
    )


def _clock(
    name: str, measure: Measure, counts: Mapping[str, int], missed: int, made_by: Rules
) -> Punctuality:
    # What is late by now counts as late, though no fact has said so.
    column = suppress({ON_TIME: counts.get(ON_TIME, 0), LATE: counts.get(LATE, 0) + missed}, made_by.limit)
    on_time = column.cells[ON_TIME]
    return Punctuality(name, measure.value, on_time, column.total, made_by.percent(on_time, column.total))


def _spoken(behind: timedelta) -> str:
    seconds = int(behind.total_seconds())
    if seconds < 1:
        return "at once"
    if seconds < 120:
        return f"{_many(seconds, 'second')} later"
    return f"{seconds // 60:,} minutes later"


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
