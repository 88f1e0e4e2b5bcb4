"""What each fact adds to which figure: every figure on every page is a sum of these.

A figure is named by measure, dimension and code and belongs to a month (and, for whole measures, to a week).
Because a fact's tallies are a function of the fact alone, a changed fact is counted anew by the difference of
the two.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from services.reporting.domain.bands import NOT_CONCLUDED, band_of
from services.reporting.domain.facts import (
    Allegation,
    Case,
    Contact,
    Fact,
    Meeting,
    Notice,
    Pattern,
    Standing,
)
from services.reporting.domain.periods import Grain, start_of

ALL = "all"
ON_TIME, LATE = "ON_TIME", "LATE"


class Measure(StrEnum):
    """What is counted. The six referral measures come in pairs, one pair per definition of a referral."""

    CONTACTS = "contacts"
    REFERRALS_MET = "referrals_met"
    REFERRALS_CASE = "referrals_case"
    REFERRALS_MEETING = "referrals_meeting"
    CONVERTED_MET = "converted_met"
    CONVERTED_CASE = "converted_case"
    CONVERTED_MEETING = "converted_meeting"
    RESPONSES = "responses"
    EMPLOYERS = "employers"
    CASES = "cases"
    FIRST_MEETINGS = "first_meetings"
    CLOSURES = "closures"
    OUTCOMES = "outcomes"
    MEETINGS = "meetings"
    NOTICES = "notices"
    NOTICES_SENT = "notices_sent"
    NOTICE_TIMES = "notice_times"
    PATTERNS = "patterns"


class Definition(StrEnum):
    """What an authority calls a referral: the event that turns a contact into one."""

    THRESHOLD_MET = "THRESHOLD_MET"
    CASE_OPENED = "CASE_OPENED"
    FIRST_MEETING = "FIRST_MEETING"

    @property
    def referrals(self) -> Measure:
        """Counted in the period of the event."""
        return _MEASURES[self][0]

    @property
    def converted(self) -> Measure:
        """Counted in the period of the contact, so that it is a part of the contacts."""
        return _MEASURES[self][1]


# All three are kept for everybody: an authority that changes its definition sees its past by the new one,
# and the region can be compared by one that nobody uses at home.
_MEASURES = {
    Definition.THRESHOLD_MET: (Measure.REFERRALS_MET, Measure.CONVERTED_MET),
    Definition.CASE_OPENED: (Measure.REFERRALS_CASE, Measure.CONVERTED_CASE),
    Definition.FIRST_MEETING: (Measure.REFERRALS_MEETING, Measure.CONVERTED_MEETING),
}

CONTACT_DIMENSIONS = (
    "sector",
    "role",
    "agency",
    "category",
    "channel",
    "contact_type",
    "concern_time",
    "decision",
    "repeat",
)
"""Each contact has one code of each of these, so that their parts add up to the whole."""

OVERLAPPING = frozenset({"criterion", "sign"})
"""A contact or pattern may have several codes of these; their parts may exceed the whole."""

REGIONAL = frozenset({ALL, "sector", "category", "outcome", "timing", "band"})
"""The dimensions that the region may compare."""


class Tally(NamedTuple):
    """The name of one figure; `starts` is the first day of its month or week."""

    measure: str
    dimension: str
    code: str
    grain: str
    starts: date


def tallies_of(fact: Fact) -> Counter[Tally]:
    """All figures that this fact counts in, as far as it is known."""
    if isinstance(fact, Contact):
        return Counter(_of_contact(fact))
    if isinstance(fact, Case):
        return Counter(_of_case(fact))
    if isinstance(fact, Allegation):
        return Counter(_of_allegation(fact))
    if isinstance(fact, Meeting):
        return Counter(_of_meeting(fact))
    if isinstance(fact, Pattern):
        return Counter(_of_pattern(fact))
    return Counter(_of_notice(fact)) if isinstance(fact, Notice) else Counter()


def difference(old: Fact | None, new: Fact) -> dict[Tally, int]:
    """What changes when `new` takes the place of `old`."""
    found = tallies_of(new)
    found.subtract(tallies_of(old) if old else ())
    return {tally: count for tally, count in found.items() if count}


def timing(on_time: bool) -> str:
    """The code of the dimension `timing`."""
    return ON_TIME if on_time else LATE


def _of_contact(contact: Contact) -> Iterator[Tally]:
    received = contact.received_on
    if received is None:
        return
    codes = _contact_codes(contact)
    yield from _whole(Measure.CONTACTS, received)
    yield from _parts(Measure.CONTACTS, codes, received)
    reached = (contact.met_on, contact.case_opened_on, contact.first_meeting_on)
    for definition, day in zip(_MEASURES, reached, strict=True):
        if day:
            yield from _whole(definition.referrals, day)
            yield from _parts(definition.referrals, codes, day)
            yield from _whole(definition.converted, received)
            yield from _parts(definition.converted, codes, received)
    if contact.answered_at and contact.respond_by:
        yield _month(Measure.RESPONSES, "timing", timing(contact.answered_at <= contact.respond_by), received)
    if contact.employer_on_time is not None:
        yield _month(Measure.EMPLOYERS, "timing", timing(contact.employer_on_time), received)


def _contact_codes(contact: Contact) -> list[tuple[str, str]]:
    codes = [(dimension, str(getattr(contact, dimension)) or "NONE") for dimension in CONTACT_DIMENSIONS]
    return codes + [("criterion", code) for code in contact.criteria.split() or ["NONE"]]


def _of_case(case: Case) -> Iterator[Tally]:
    if case.opened_on is None:
        return
    yield from _whole(Measure.CASES, case.opened_on)
    yield _month(Measure.CASES, "police", _answer(case.police), case.opened_on)
    yield _month(Measure.CASES, "band", _band(case), case.opened_on)
    if case.first_meeting_due and case.first_meeting_on:
        # By the month it was due: a contact of March may have its meeting in April.
        on_time = case.first_meeting_on <= case.first_meeting_due
        yield _month(Measure.FIRST_MEETINGS, "timing", timing(on_time), case.first_meeting_due)
    if case.closed_on:
        yield from _whole(Measure.CLOSURES, case.closed_on)


def _band(case: Case) -> str:
    # Until the contact has been heard of, the opening stands in for it; it is put right when that comes.
    start = case.received_on or case.opened_on
    return band_of((case.concluded_on - start).days) if case.concluded_on and start else NOT_CONCLUDED


def _answer(value: bool | None) -> str:
    return {True: "YES", False: "NO", None: "UNKNOWN"}[value]


def _of_allegation(allegation: Allegation) -> Iterator[Tally]:
    if allegation.outcome and allegation.outcome_on:
        yield from _whole(Measure.OUTCOMES, allegation.outcome_on)
        codes = [
            ("outcome", allegation.outcome),
            ("category", allegation.category),
            ("sector", allegation.sector),
        ]
        yield from _parts(Measure.OUTCOMES, codes, allegation.outcome_on)


def _of_meeting(meeting: Meeting) -> Iterator[Tally]:
    if meeting.held_on:
        yield from _whole(Measure.MEETINGS, meeting.held_on)
        yield _month(Measure.MEETINGS, "kind", meeting.kind, meeting.held_on)


def _of_notice(notice: Notice) -> Iterator[Tally]:
    # A duty that was withdrawn was raised by a mistake in the facts; it was never anybody's to do.
    if notice.raised_on is None or notice.standing == Standing.WITHDRAWN:
        return
    yield from _whole(Measure.NOTICES, notice.raised_on)
    codes = [("rule", notice.rule), ("basis", notice.basis), ("standing", notice.standing)]
    yield from _parts(Measure.NOTICES, codes, notice.raised_on)
    if notice.sent_on:
        yield _month(Measure.NOTICES_SENT, "rule", notice.rule, notice.sent_on)
        if notice.due_on:
            yield _month(
                Measure.NOTICE_TIMES, "timing", timing(notice.sent_on <= notice.due_on), notice.due_on
            )


def _of_pattern(pattern: Pattern) -> Iterator[Tally]:
    if pattern.found_on:
        yield from _whole(Measure.PATTERNS, pattern.found_on)
        codes = [("about", pattern.kind), ("review", pattern.review)]
        codes += [("sign", code) for code in pattern.signs.split()]
        yield from _parts(Measure.PATTERNS, codes, pattern.found_on)


# Weeks cross months, so they are summed apart; only wholes, since nobody reads a sector by the week.
def _whole(measure: Measure, day: date) -> Iterator[Tally]:
    yield _month(measure, ALL, ALL, day)
    yield Tally(measure, ALL, ALL, Grain.WEEK, start_of(day, Grain.WEEK))


def _parts(measure: Measure, codes: list[tuple[str, str]], day: date) -> Iterator[Tally]:
    for dimension, code in codes:
        yield _month(measure, dimension, code, day)


@lru_cache(maxsize=8_192)
def _month(measure: Measure, dimension: str, code: str, day: date) -> Tally:
    return Tally(measure, dimension, code, Grain.MONTH, start_of(day, Grain.MONTH))
